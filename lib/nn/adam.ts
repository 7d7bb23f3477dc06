import { tf } from "../runtime/mod.ts";
import { type Optimiser, optimiserOf, type OptimiserOptions } from "./optimisers.ts";

/** Settings of {@linkcode adam}. */
export interface AdamOptions extends OptimiserOptions {
  /** Decay of the first moment. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma and Ba 2015).
 *
 * @param weights The trainable variables.
 * @param options Decays, epsilon, dropout, clipping.
 * @returns The optimiser.
 */
export function adam(
  weights: readonly tf.Variable[],
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, ...common }: AdamOptions = {},
): Optimiser {
  return optimiserOf(weights, {
    name: "adam",
    slots: ["first", "second"],
    // The states are moments without the factors 1 - beta, which are folded into the rate and epsilon together with the
    // bias corrections: the same update with a quarter fewer passes over the weights.
    prepare(count, rate) {
      const correction1 = tf.sub(1, tf.pow(beta1, count));
      const correction2 = tf.sub(1, tf.pow(beta2, count)).div(1 - beta2).sqrt();
      return { rate: rate.mul(correction2).mul(1 - beta1).div(correction1), epsilon: correction2.mul(epsilon) };
    },
    update(gradient, [first, second], scaled) {
      first!.assign(first!.mul(beta1).add(gradient));
      second!.assign(second!.mul(beta2).add(gradient.square()));
      return first!.mul(scaled.rate).div(second!.sqrt().add(scaled.epsilon));
    },
  }, common);
}
