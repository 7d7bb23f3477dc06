import { copyValues } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";

/** Weights that follow others. */
export interface RunningAverage {
  /** How many steps it has followed; to be saved with them. */
  readonly count: tf.Variable;
  /** Moves the followers towards the weights; to be called inside of a step. */
  follow(): void;
  /** Frees the count. */
  dispose(): void;
}

/**
 * An exponential running average of weights, moving averages of batch normalisation included: what a generator makes
 * swings from step to step of adversarial training, and the average's pictures do not. While few steps have been made
 * the average reaches back over a ninth of them only, so that it does not remember the first weights.
 *
 * @param weights What is followed.
 * @param followers As many variables of the same shapes; they get the weights' values.
 * @param decay How much of the average stays in a step, in the long run.
 * @returns The average.
 */
export function runningAverage(
  weights: readonly tf.Variable[],
  followers: readonly tf.Variable[],
  decay: number,
): RunningAverage {
  copyValues(weights, followers);
  const zero = tf.scalar(0);
  const count = tf.variable(zero, false) as tf.Variable;
  zero.dispose();
  return {
    count,
    follow: () =>
      tf.tidy(() => {
        const kept = tf.minimum(count.add(1).div(count.add(10)), decay);
        count.assign(count.add(1));
        weights.forEach((weight, i) => {
          const average = followers[i]!;
          average.assign(weight.add(average.sub(weight).mul(kept)));
        });
      }),
    dispose: () => count.dispose(),
  };
}
