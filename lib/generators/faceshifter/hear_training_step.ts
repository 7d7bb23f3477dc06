/**
 * One training step of HEAR-Net. The first stage and the identity encoder take part and stay as they are.
 *
 * @module
 */

import { adam, type Optimiser } from "../../nn/mod.ts";
import { compile, type CompiledStep, type CompileOptions, fence, tf } from "../../runtime/mod.ts";
import type { HearModel } from "./hear.ts";
import { HEAR_WEIGHTS, type HearLosses, hearLosses, type HearLossWeights, weightedHearLoss } from "./hear_loss.ts";
import { heuristicError, type IdentityStage, type SwapStage } from "./heuristic_error.ts";

/** Pairs of target photographs and source identities. */
export interface HearBatch {
  /** Target photographs, `[batch, R, R, 3]` in [0, 1]. */
  readonly target: tf.Tensor4D;
  /** Source identities, `[batch, length]`; not looked at in same pairs. */
  readonly source: tf.Tensor2D;
  /** 1 where the target is its own source, 0 elsewhere, `[batch]`. */
  readonly same: tf.Tensor1D;
}

/** How HEAR-Net is trained. */
export interface HearTrainingOptions extends CompileOptions {
  /** Weights of the loss. Default {@linkcode HEAR_WEIGHTS}. */
  readonly weights?: HearLossWeights;
}

/** A compiled training step with its optimiser. */
export interface HearTraining {
  readonly optimiser: Optimiser;
  /** Makes one step with a batch and a learning rate; gives the losses before it, not weighted. */
  readonly step: CompiledStep<[HearBatch, tf.Scalar], HearLosses>;
  /** Frees the step and the optimiser; the models stay. */
  dispose(): void;
}

/**
 * Compiles the training step: Adam (0, 0.999), as FaceShifter's re-implementations have it, on the three parts of the
 * loss. The heuristic error and the swap are computed on the way from the target, occluders and all, and no gradient flows
 * into what made them.
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
  encoder: IdentityStage,
  { weights = HEAR_WEIGHTS, ...options }: HearTrainingOptions = {},
): HearTraining {
  const optimiser = adam(model.weights.variables, { beta1: 0, beta2: 0.999 });
  const step = compile(({ target, source: given, same }: HearBatch, rate: tf.Scalar) => {
    const own = fence(encoder.embed(target), "the target's identity") as tf.Tensor2D;
    const isSame = same.expandDims(1);
    const source = own.mul(isSame).add(given.mul(tf.sub(1, isSame))) as tf.Tensor2D;
    const swap = fence(stage.swap(target, source), "the first stage's swap") as tf.Tensor4D;
    const error = errorFor(model, stage, target, own);
    let parts: HearLosses | undefined;
    optimiser.minimise(() => {
      const refined = fence(model.refine(swap, error), "the refined swap") as tf.Tensor4D;
      const identity = fence(encoder.embed(refined), "the refined swap's identity") as tf.Tensor2D;
      const losses = hearLosses({ refined, swap, target, same, identity, source });
      parts = { ...losses };
      Object.values(parts).forEach((loss) => tf.keep(loss));
      return weightedHearLoss(losses, weights);
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

/**
 * The heuristic error as far as the model looks at it: without it the first stage need not run once more.
 *
 * @param model HEAR-Net.
 * @param stage The first stage.
 * @param target `[batch, R, R, 3]` in [0, 1].
 * @param own The targets' own identities, `[batch, length]`.
 * @returns `[batch, R, R, 3]` in [-1, 1].
 */
export function errorFor(model: HearModel, stage: SwapStage, target: tf.Tensor4D, own: tf.Tensor2D): tf.Tensor4D {
  return model.sizes.error === "given" ? heuristicError(stage, target, own) : tf.zerosLike(target);
}
