/**
 * Optimisers for compiled steps: the learning rate is a tensor that the step takes as an argument, and every state is a
 * variable, so that a checkpoint that holds the variables resumes exactly.
 *
 * @module
 */

import { fence, tf } from "../runtime/mod.ts";

/** An optimiser of given weights. */
export interface Optimiser {
  /** State to be saved with the weights, by name: moments and the step count. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  /**
   * Makes one step.
   *
   * @param loss Computes the loss, a scalar, from the weights.
   * @param rate Learning rate, a scalar tensor.
   * @returns The loss before the step.
   */
  minimise(loss: () => tf.Scalar, rate: tf.Scalar): tf.Scalar;
  /** Disposes of the state. */
  dispose(): void;
}

/** Settings of {@linkcode adam}. */
export interface AdamOptions {
  /** Decay of the first moment. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number;
}

let made = 0;

/**
 * Adam (Kingma and Ba 2015).
 *
 * @param weights The trainable variables.
 * @param options Decays and epsilon.
 * @returns The optimiser.
 */
export function adam(
  weights: readonly tf.Variable[],
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {},
): Optimiser {
  const prefix = `adam${++made}/`;
  const state: Record<string, tf.Variable> = {};
  const slot = (name: string, shape: number[]) => {
    const zeros = tf.zeros(shape);
    const variable = tf.variable(zeros, false, prefix + name);
    zeros.dispose();
    return state[name] = variable;
  };
  // Without the store's number, which differs from process to process.
  const nameOf = (weight: tf.Variable) => weight.name.replace(/^weights\d+\//, "");
  const first = weights.map((weight) => slot(`first/${nameOf(weight)}`, weight.shape));
  const second = weights.map((weight) => slot(`second/${nameOf(weight)}`, weight.shape));
  const count = slot("count", []);

  return {
    state,
    minimise: (loss, rate) =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(loss, [...weights]);
        count.assign(count.add(1));
        const correction1 = tf.sub(1, tf.pow(beta1, count));
        const correction2 = tf.sub(1, tf.pow(beta2, count));
        // The bias corrections folded into the rate and epsilon: the same update with two passes less over the weights.
        const scaledRate = rate.mul(correction2.sqrt()).div(correction1);
        const scaledEpsilon = correction2.sqrt().mul(epsilon);
        weights.forEach((weight, i) => {
          const gradient = fence(grads[weight.name]!, `the gradient of ${weight.name}`);
          const m = first[i]!;
          const v = second[i]!;
          m.assign(m.add(gradient.sub(m).mul(1 - beta1)));
          v.assign(v.add(gradient.square().sub(v).mul(1 - beta2)));
          weight.assign(weight.sub(m.mul(scaledRate).div(v.sqrt().add(scaledEpsilon))));
        });
        return value;
      }),
    dispose: () => Object.values(state).forEach((variable) => variable.dispose()),
  };
}
