import type { tf } from "../runtime/mod.ts";
import { type Optimiser, optimiserOf, type OptimiserOptions } from "./optimisers.ts";

/** Settings of {@linkcode adaBelief}. */
export interface AdaBeliefOptions extends OptimiserOptions {
  /** Decay of the first moment. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment. Default 0.999. */
  readonly beta2?: number;
}

/**
 * AdaBelief (Zhuang et al. 2020) as DeepFaceLab has it: the second moment is that of the gradient's distance to its own
 * mean, there is no bias correction, and epsilon (1e-6) is added after the root.
 *
 * @param weights The trainable variables.
 * @param options Decays, dropout, clipping.
 * @returns The optimiser.
 */
export function adaBelief(
  weights: readonly tf.Variable[],
  { beta1 = 0.9, beta2 = 0.999, ...common }: AdaBeliefOptions = {},
): Optimiser {
  return optimiserOf(weights, {
    name: "adabelief",
    slots: ["first", "second"],
    prepare: (_, rate) => rate,
    update(gradient, [first, second], rate) {
      first!.assign(first!.add(gradient.sub(first!).mul(1 - beta1)));
      second!.assign(second!.add(gradient.sub(first!).square().sub(second!).mul(1 - beta2)));
      return first!.mul(rate).div(second!.sqrt().add(1e-6));
    },
  }, common);
}
