/**
 * One training step of HEAR-Net. The first stage and the identity encoder take part and stay as they are.
 *
 * @module
 */

import { adam, type Optimiser } from "../../nn/mod.ts";
import { compile, type CompiledStep, type CompileOptions, fence, tf } from "../../runtime/mod.ts";
import type { AeiEncoder } from "./aei_training_step.ts";
import type { HearModel } from "./hear.ts";
import { HEAR_WEIGHTS, type HearLosses, hearLosses, type HearLossWeights, weightedHearLoss } from "./hear_loss.ts";
import { type SwapStage, swapWithError } from "./heuristic_error.ts";
import { type RandomSoftness, softenRandomly } from "./soften_randomly.ts";

/** Pairs of target photographs and source identities. */
export type HearBatch = {
  /** Target photographs, `[batch, R, R, 3]` in [0, 1]. */
  readonly target: tf.Tensor4D;
  /** z_id of the sources, `[batch, identity]`; not looked at in same pairs. */
  readonly source: tf.Tensor2D;
  /** 1 where the target is its own source, 0 elsewhere, `[batch]`. */
  readonly same: tf.Tensor1D;
};

/** How HEAR-Net is trained. */
export interface HearTrainingOptions extends CompileOptions {
  /** Weights of the loss. Default {@linkcode HEAR_WEIGHTS}. */
  readonly weights?: HearLossWeights;
  /** Moves and blurs refined swaps at random before the identity encoder; false for not. Default false. */
  readonly soften?: RandomSoftness | false;
}

/** A compiled training step with its optimiser. */
export interface HearTraining {
  readonly optimiser: Optimiser;
  /** Makes one step with a batch, a learning rate and a seed, int32 `[2]`; gives the losses before it, not weighted. */
  readonly step: CompiledStep<[HearBatch, tf.Scalar, tf.Tensor1D], HearLosses>;
  /** Frees the step and the optimiser; the models stay. */
  dispose(): void;
}

/**
 * Compiles the training step: Adam (0, 0.999), as FaceShifter's re-implementations have it, on the three parts of the
 * loss. Swap and heuristic error are computed on the way from the target, occluders and all, and no gradient flows into
 * what made them.
 *
 * @param model HEAR-Net.
 * @param stage The trained first stage.
 * @param encoder The encoder that trained it.
 * @param options Weights of the loss, mixed precision.
 * @returns The step and its optimiser.
 */
export function hearTraining(
  model: HearModel,
  stage: SwapStage,
  encoder: AeiEncoder,
  { weights = HEAR_WEIGHTS, soften = false, ...options }: HearTrainingOptions = {},
): HearTraining {
  const optimiser = adam(model.weights.variables, { beta1: 0, beta2: 0.999 });
  const step = compile(({ target, source: given, same }: HearBatch, rate: tf.Scalar, seed: tf.Tensor1D) => {
    const own = fence(encoder.embed(target), "the target's identity") as tf.Tensor2D;
    const isSame = same.expandDims(1);
    const source = own.mul(isSame).add(given.mul(tf.sub(1, isSame))) as tf.Tensor2D;
    const first = swapWithError(stage, target, source, model.sizes.error === "given" ? own : undefined);
    const swap = fence(first.swap, "the first stage's swap") as tf.Tensor4D;
    let parts: HearLosses | undefined;
    optimiser.minimise(() => {
      const refined = fence(model.refine(swap, first.error), "the refined swap") as tf.Tensor4D;
      const seen = soften ? softenRandomly(refined, seed, soften) : refined;
      const identity = fence(encoder.embed(seen), "the refined swap's identity") as tf.Tensor2D;
      parts = hearLosses({ refined, swap, target, same, identity, source });
      Object.values(parts).forEach((loss) => tf.keep(loss));
      return weightedHearLoss(parts, weights);
    }, rate);
    return parts!;
  }, options);
  return {
    optimiser,
    step,
    dispose() {
      step.dispose();
      optimiser.dispose();
    },
  };
}
