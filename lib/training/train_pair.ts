/**
 * Trains a model of two persons from aligned faces, with everything a user expects of a run: batches made ahead,
 * losses, sample grids, checkpoints, exact resume, a clean stop.
 *
 * @module
 */

import { type AugmentationOptions, faceBatch, type FaceBatchOptions, type FaceSample } from "../data/mod.ts";
import {
  type FacePairModel,
  type PairBatch,
  pairTraining,
  type PairTrainingOptions,
  type Side,
  type SideBatch,
} from "../generators/mod.ts";
import { type NamedVariables, prefixed } from "../nn/mod.ts";
import { seedTensor, tf, usesMixedPrecision } from "../runtime/mod.ts";
import { loadCheckpoint } from "./checkpoint.ts";
import { type Trained, type TrainingOptions, trainWithCheckpoints } from "./checkpointed.ts";
import { rateAt, type RateSchedule } from "./rate_schedule.ts";

/** Aligned faces of both persons. */
export type PairFaces = Readonly<Record<Side, readonly FaceSample[]>>;

/** How a pair is trained. */
export interface TrainPairOptions
  extends TrainingOptions, Omit<PairTrainingOptions, "mixedPrecision" | "eager">, Partial<RateSchedule> {
  /** Faces of each person in a batch. Default 8. */
  readonly batch?: number;
  /** Full learning rate. Default 3e-4. */
  readonly rate?: number;
  /** Augmentation, with the random warp. */
  readonly augmentation?: AugmentationOptions;
  /**
   * Share of the steps, at the end, without the random warp: DeepFaceLab's users switch it off for the last part, in which
   * faces become sharp. Default 0.
   */
  readonly unwarped?: number;
  /** Recolours source faces after random destination faces while training (`ct_mode`). Default "none". */
  readonly trainingColour?: FaceBatchOptions["colour"];
  /** A checkpoint to begin with when `checkpoints` holds none; see {@linkcode StartingPoint}. */
  readonly start?: StartingPoint;
}

/** Another training's checkpoint that this one begins with. */
export interface StartingPoint {
  /** The file. */
  readonly checkpoint: string;
  /**
   * "pretrained": its model's weights, the inters with new first values, from step 0, as DeepFaceLab does after
   * pretraining. "continued": everything that it holds of this training, from its step on, whatever has changed in loss,
   * augmentation or discriminators.
   */
  readonly as: "pretrained" | "continued";
}

/**
 * Trains a model on a pair of persons.
 *
 * @example Train DF on two face sets for 1,000 steps
 * ```ts
 * import { df, dfSizes } from "doppel/generators/mod.ts";
 * import { type PairFaces, trainPair } from "doppel/training/mod.ts";
 *
 * export async function fit(faces: PairFaces) {
 *   const model = df(dfSizes.small, 1);
 *   await trainPair(model, faces, { steps: 1000, seed: 1, checkpoints: "runs/mine" });
 *   return model;
 * }
 * ```
 *
 * @param model The model; its weights are changed in place.
 * @param faces Aligned faces and masks of both persons, of the model's resolution.
 * @param options Steps, rate, seed, augmentation, losses, discriminators, checkpoints.
 * @returns Steps done and precision used.
 * @throws Problem when a person has no faces, a checkpoint does not fit, or the loss is no longer finite.
 */
export async function trainPair(
  model: FacePairModel,
  faces: PairFaces,
  options: TrainPairOptions,
): Promise<Trained> {
  const { steps, batch: size = 8, rate = 3e-4, seed, unwarped = 0, start } = options;
  const mixedPrecision = usesMixedPrecision(options.mixedPrecision);
  const training = pairTraining(model, { ...options, mixedPrecision, eager: false });
  const variables = { ...prefixed("model", model.weights.named()), ...training.state };
  try {
    const trained = await trainWithCheckpoints({ model, variables }, options, {
      begin: async () => start ? await begin(model, variables, start, seed) : 0,
      batch: (step) => ({
        pair: pairBatch(faces, step, {
          ...{ size, seed, colour: options.trainingColour },
          ...options.augmentation,
          ...(step >= steps * (1 - unwarped) && { warp: 0 }),
        }),
        rate: tf.scalar(rateAt({ ...options, rate }, step, steps)),
        seed: seedTensor(seed, step),
      }),
      step: async (batch) => await training.step(batch.pair, batch.rate, batch.seed),
    });
    return { ...trained, mixedPrecision };
  } finally {
    training.dispose();
  }
}

/**
 * Pretrains a model on many persons: both sides see all of them, unwarped and mirrored every second time, as in
 * DeepFaceLab. Go on from its checkpoint with `start: { checkpoint, as: "pretrained" }`.
 *
 * @param model The model; its weights are changed in place.
 * @param faces Aligned faces of many persons.
 * @param options As for {@linkcode trainPair}.
 * @returns Steps done and precision used.
 */
export function pretrain(
  model: FacePairModel,
  faces: readonly FaceSample[],
  options: TrainPairOptions,
): Promise<Trained> {
  const augmentation = { warp: 0, flip: 0.5, ...options.augmentation };
  return trainPair(model, { source: faces, destination: faces }, { ...options, augmentation });
}

async function begin(
  model: FacePairModel,
  variables: NamedVariables,
  { checkpoint, as }: StartingPoint,
  seed: number,
): Promise<number> {
  if (as === "continued") return (await loadCheckpoint(checkpoint, variables, { partial: true })).step;
  await loadCheckpoint(checkpoint, prefixed("model", model.weights.named()));
  for (const prefix of model.inters) model.weights.reinitialise(prefix, seed);
  return 0;
}

function pairBatch(
  faces: PairFaces,
  step: number,
  { colour, ...options }: Omit<FaceBatchOptions, "step" | "stream">,
): PairBatch {
  const side = (name: Side): SideBatch => {
    const width = faces[name][0]?.picture.width ?? 0;
    const { warped, face, mask, eyesMouth } = faceBatch(faces[name], {
      ...options,
      step,
      stream: name,
      // The source takes on the colours of destination faces, not the other way round.
      ...(name === "source" && colour && { colour: { references: faces.destination, ...colour } }),
    });
    const shaped = (values: Float32Array, channels: number) =>
      tf.tensor4d(values, [options.size, width, width, channels]);
    return {
      warped: shaped(warped, 3),
      face: shaped(face, 3),
      mask: shaped(mask, 1),
      ...(eyesMouth && { eyesMouth: shaped(eyesMouth, 1) }),
    };
  };
  return { source: side("source"), destination: side("destination") };
}
