import { adamStep, tf } from "../runtime/mod.ts";
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
    prepare(count, rate) {
      const powers = [tf.pow(beta1, count), tf.pow(beta2, count)] as [tf.Scalar, tf.Scalar];
      const root = tf.sub(1, powers[1]).sqrt() as tf.Scalar;
      return {
        rate,
        powers,
        betas: [tf.scalar(beta1), tf.scalar(beta2)] as [tf.Scalar, tf.Scalar],
        // Both belong before the bias is corrected, as the native kernel has it.
        epsilon: root.mul(epsilon) as tf.Scalar,
        corrected: rate.mul(root).div(tf.sub(1, powers[0])),
      };
    },
    update(gradient, [first, second], { corrected, epsilon }) {
      first!.assign(first!.mul(beta1).add(gradient.mul(1 - beta1)));
      second!.assign(second!.mul(beta2).add(gradient.square().mul(1 - beta2)));
      return first!.mul(corrected).div(second!.sqrt().add(epsilon));
    },
    apply(weight, gradient, [first, second], { rate, powers, betas, epsilon }) {
      const moments = [first!, second!] as const;
      const made = adamStep(weight, { gradient, moments, rate, powers, betas, epsilon });
      [weight, ...moments].forEach((variable, i) => variable.assign(made[i]!));
    },
  }, common);
}
