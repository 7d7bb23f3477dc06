/**
 * Trains a model of two persons from aligned faces, with everything a user expects of a run: batches made ahead,
 * losses, sample grids, checkpoints, exact resume, a clean stop.
 *
 * @module
 */

import { join } from "node:path";
import { type AugmentationOptions, faceBatch, type FaceSample } from "../data/mod.ts";
import {
  type FacePairModel,
  type PairBatch,
  pairTraining,
  type PairTrainingOptions,
  type Side,
} from "../generators/mod.ts";
import { tf, usesMixedPrecision } from "../runtime/mod.ts";
import { loadCheckpoint, prefixed, saveCheckpoint } from "./checkpoint.ts";
import { type Callback, every, train } from "./loop.ts";

/** Aligned faces of both persons. */
export type PairFaces = Readonly<Record<Side, readonly FaceSample[]>>;

/** How a pair is trained. */
export interface TrainPairOptions extends Pick<PairTrainingOptions, "loss"> {
  /** Steps to do in all. */
  readonly steps: number;
  /** Faces of each person in a batch. Default 8. */
  readonly batch?: number;
  /** Learning rate of Adam. Default 3e-4. */
  readonly rate?: number;
  /** Seed of batches and augmentation, from 1 up. The model's first weights have their own. */
  readonly seed: number;
  /** Augmentation, with the random warp. */
  readonly augmentation?: AugmentationOptions;
  /** bfloat16 in convolutions: "auto" where the processor has it in hardware. Default "auto". */
  readonly mixedPrecision?: "auto" | "on" | "off";
  /** Folder of checkpoints; without one nothing is saved. A checkpoint found there is gone on from. */
  readonly checkpoints?: string;
  /** Steps between checkpoints. Default 500. */
  readonly saveEvery?: number;
  /** Called after every step. */
  readonly callbacks?: readonly Callback[];
  /** Stops training after the step at hand, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
}

/** What training came to. */
export interface TrainedPair {
  /** Steps done in all. */
  readonly steps: number;
  /** Whether all steps were done. */
  readonly complete: boolean;
  /** Whether mixed precision was used. */
  readonly mixedPrecision: boolean;
}

/** The name of a model's checkpoint in its folder. */
export const checkpointName = "last.safetensors";

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
 * @param options Steps, rate, seed, augmentation, checkpoints.
 * @returns Steps done and precision used.
 * @throws Problem when a person has no faces, a checkpoint does not fit, or the loss is no longer finite.
 */
export async function trainPair(
  model: FacePairModel,
  faces: PairFaces,
  {
    steps,
    batch: size = 8,
    rate = 3e-4,
    seed,
    augmentation = {},
    loss = {},
    mixedPrecision = "auto",
    checkpoints,
    saveEvery = 500,
    callbacks = [],
    signal,
  }: TrainPairOptions,
): Promise<TrainedPair> {
  const bfloat16 = usesMixedPrecision(mixedPrecision);
  const { optimiser, step } = pairTraining(model, { loss, mixedPrecision: bfloat16 });
  const variables = { ...prefixed("model", model.weights.named()), ...prefixed("optimiser", optimiser.state) };
  const path = checkpoints && join(checkpoints, checkpointName);
  const save = async (done: number) => {
    if (path) await saveCheckpoint(path, variables, { step: done, model: model.name, sizes: { ...model.sizes } });
  };
  const learningRate = tf.scalar(rate);
  try {
    const found = path && await Deno.stat(path).then(() => true, () => false);
    const done = found ? (await loadCheckpoint(path, variables)).step : 0;
    const reached = await train({
      steps,
      done,
      signal,
      batch: (number) => pairBatch(faces, number, { size, seed, ...augmentation }),
      step: async (batch: PairBatch) => await step(batch, learningRate),
      callbacks: [...callbacks, every(saveEvery, (log) => save(log.step))],
    });
    if (reached < steps) await save(reached);
    return { steps: reached, complete: reached >= steps, mixedPrecision: bfloat16 };
  } finally {
    tf.dispose(learningRate);
    step.dispose();
    optimiser.dispose();
  }
}

function pairBatch(
  faces: PairFaces,
  step: number,
  { size, seed, ...augmentation }: AugmentationOptions & { size: number; seed: number },
): PairBatch {
  const side = (name: Side) => {
    const { width } = faces[name][0]?.picture ?? { width: 0 };
    const { warped, face, mask } = faceBatch(faces[name], { size, seed, step, stream: name, ...augmentation });
    return {
      warped: tf.tensor4d(warped, [size, width, width, 3]),
      face: tf.tensor4d(face, [size, width, width, 3]),
      mask: tf.tensor4d(mask, [size, width, width, 1]),
    };
  };
  return { source: side("source"), destination: side("destination") };
}
