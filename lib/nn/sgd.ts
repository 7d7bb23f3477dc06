import { cannot } from "../problem.ts";
import type { tf } from "../runtime/mod.ts";
import { type Optimiser, optimiserOf, type OptimiserOptions } from "./optimisers.ts";

/** Settings of {@linkcode sgd}. */
export interface SgdOptions extends OptimiserOptions {
  /** Share of the last step's direction that is kept, in [0, 1). Default 0.9. */
  readonly momentum?: number;
}

/**
 * Gradient descent with momentum, as PyTorch has it: the direction is `momentum` times the last one plus the gradient, and
 * the rate multiplies all of it.
 *
 * @param weights The trainable variables.
 * @param options Momentum, dropout, clipping.
 * @returns The optimiser.
 * @throws {Problem} When the momentum is not in [0, 1).
 */
export function sgd(weights: readonly tf.Variable[], { momentum = 0.9, ...common }: SgdOptions = {}): Optimiser {
  if (!(momentum >= 0 && momentum < 1)) throw cannot("make optimiser", "a momentum in [0, 1)", String(momentum));
  return optimiserOf(weights, {
    name: "sgd",
    slots: momentum > 0 ? ["direction"] : [],
    prepare: (_, rate) => rate,
    update(gradient, [direction], rate) {
      if (!direction) return gradient.mul(rate);
      direction.assign(direction.mul(momentum).add(gradient));
      return direction.mul(rate);
    },
  }, common);
}
