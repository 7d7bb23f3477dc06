import type { tf } from "../runtime/mod.ts";
import { type Optimiser, optimiserOf, type OptimiserOptions } from "./optimisers.ts";

/** Settings of {@linkcode rmsProp}. */
export interface RmsPropOptions extends OptimiserOptions {
  /** Decay of the mean square. Default 0.9. */
  readonly rho?: number;
}

/**
 * RMSprop (Tieleman and Hinton 2012) as DeepFaceLab has it: without momentum, epsilon (1e-6) added after the root.
 *
 * @param weights The trainable variables.
 * @param options Decay, dropout, clipping.
 * @returns The optimiser.
 */
export function rmsProp(weights: readonly tf.Variable[], { rho = 0.9, ...common }: RmsPropOptions = {}): Optimiser {
  return optimiserOf(weights, {
    name: "rmsprop",
    slots: ["square"],
    prepare: (_, rate) => rate,
    update(gradient, [square], rate) {
      square!.assign(square!.add(gradient.square().sub(square!).mul(1 - rho)));
      return gradient.mul(rate).div(square!.sqrt().add(1e-6));
    },
  }, common);
}
