/**
 * One training step of a pair of persons.
 *
 * @module
 */

import { adam, type Optimiser } from "../../nn/mod.ts";
import { compile, type CompiledStep, type CompileOptions, tf } from "../../runtime/mod.ts";
import type { FacePairModel, Side } from "./df.ts";
import { reconstructionLoss, type ReconstructionOptions, type Target } from "./loss.ts";

/** A batch of one person: warped faces go in, the unwarped ones are to come out. */
export type SideBatch = Target & {
  /** The face under a random warp, `[batch, R, R, 3]` in [0, 1]. */
  readonly warped: tf.Tensor4D;
};

/** A batch of both persons. */
export type PairBatch = Record<Side, SideBatch>;

/** Losses of one step, scalars. */
export type PairLosses = Record<Side, tf.Scalar>;

/** How a pair is trained. */
export interface PairTrainingOptions extends CompileOptions {
  /** Parts of the reconstruction loss. */
  readonly loss?: ReconstructionOptions;
}

/** A compiled training step with its optimiser. */
export interface PairTraining {
  readonly optimiser: Optimiser;
  /** Makes one step with a batch and a learning rate. */
  readonly step: CompiledStep<[PairBatch, tf.Scalar], PairLosses>;
}

/**
 * Compiles the training step of a model: Adam (0.5, 0.999) on the sum of both sides' losses, each averaged over its
 * batch.
 *
 * @param model The model.
 * @param options Loss, mixed precision.
 * @returns The step and its optimiser.
 */
export function pairTraining(
  model: FacePairModel,
  { loss, ...compileOptions }: PairTrainingOptions = {},
): PairTraining {
  const optimiser = adam(model.weights.variables, { beta1: 0.5, beta2: 0.999 });
  const step = compile((batch: PairBatch, rate: tf.Scalar): PairLosses => {
    let sides: PairLosses | undefined;
    optimiser.minimise(() => {
      const predicted = model.reconstruct(batch.source.warped, batch.destination.warped);
      const mean = (side: Side) => reconstructionLoss(batch[side], predicted[side], loss).mean() as tf.Scalar;
      const source = mean("source");
      const destination = mean("destination");
      sides = { source: tf.keep(source), destination: tf.keep(destination) };
      return source.add(destination);
    }, rate);
    return sides!;
  }, compileOptions);
  return { optimiser, step };
}
