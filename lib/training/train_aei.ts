/**
 * Trains AEI-Net on faces of many persons, with everything a user expects of a run: batches made ahead, losses,
 * checkpoints, exact resume, a clean stop.
 *
 * @module
 */

import { aeiBatch, type AeiSampling, type EmbeddedFaces } from "../data/mod.ts";
import {
  aei,
  type AeiBatch,
  type AeiEncoder,
  type AeiModel,
  type AeiSizes,
  aeiTraining,
  type AeiTrainingOptions,
  type MultiScaleDiscriminator,
} from "../generators/mod.ts";
import { prefixed } from "../nn/mod.ts";
import { cannot } from "../problem.ts";
import { seedTensor, tf, usesMixedPrecision } from "../runtime/mod.ts";
import { loadCheckpoint, readCheckpointNotes } from "./checkpoint.ts";
import { type Trained, type TrainingOptions, trainWithCheckpoints } from "./checkpointed.ts";
import type { Callback } from "./loop.ts";
import { rateAt, type RateSchedule } from "./rate_schedule.ts";

/** How AEI-Net is trained. */
export interface TrainAeiOptions
  extends TrainingOptions, Omit<AeiTrainingOptions, "mixedPrecision" | "eager" | "averaged">, Partial<RateSchedule> {
  /** Pairs in a batch. Default 8. */
  readonly batch?: number;
  /** Full learning rate. Default 4e-4. */
  readonly rate?: number;
  /** How sources and targets are drawn and varied. */
  readonly sampling?: AeiSampling;
  /**
   * Share of the steps, at the beginning, in which all pairs are of one person: faces are learned before they are swapped.
   * Default 0, as in the paper.
   */
  readonly autoencode?: number;
  /** Makes one more callback, which can use the running average as it stands, for samples. */
  readonly watch?: (averaged: AeiModel) => Callback;
}

/** What training came to. */
export interface TrainedAei extends Trained {
  /** The running average of the weights as a model: what is to predict. Its weights are the caller's to dispose of. */
  readonly averaged: AeiModel;
}

/**
 * Trains AEI-Net.
 *
 * @example Train on the persons of a set that are for training
 * ```ts
 * import { BUNDLED_FACES, embedFaces, readFaceSet } from "doppel/data/mod.ts";
 * import { identityEncoder } from "doppel/faces/mod.ts";
 * import { aei, aeiSizes, discriminatorSizes, multiScaleDiscriminator } from "doppel/generators/mod.ts";
 * import { trainAei } from "doppel/training/mod.ts";
 *
 * export async function fit() {
 *   const { faces } = await readFaceSet(BUNDLED_FACES, { size: 64, identitySplit: "train", photoSplit: "train" });
 *   const embedded = await embedFaces(faces);
 *   const encoder = await identityEncoder({ centre: embedded.centre });
 *   const discriminator = multiScaleDiscriminator(discriminatorSizes.small, 1);
 *   const model = aei(aeiSizes.small, 1);
 *   const { averaged } = await trainAei(model, discriminator, encoder, embedded, { steps: 5000, seed: 1, soften: {} });
 *   return averaged;
 * }
 * ```
 *
 * @param model The model; its weights are changed in place.
 * @param discriminator The discriminator, changed in place as well; undefined where the adversarial loss has weight 0.
 * @param encoder The frozen identity encoder, centred as `faces` are.
 * @param faces Aligned faces with descriptors, of the model's resolution.
 * @param options Steps, rate, seed, how pairs are drawn, losses, checkpoints.
 * @returns The averaged model, steps done, and precision used.
 * @throws Problem when faces or descriptors do not fit the model, a checkpoint does not fit or has another centre, or the
 * loss is no longer finite.
 */
export async function trainAei(
  model: AeiModel,
  discriminator: MultiScaleDiscriminator | undefined,
  encoder: AeiEncoder,
  faces: EmbeddedFaces,
  options: TrainAeiOptions,
): Promise<TrainedAei> {
  const { steps, batch: size = 8, rate = 4e-4, seed, sampling, autoencode = 0, watch, callbacks = [] } = options;
  requireFit(model.sizes, faces);
  const mixedPrecision = usesMixedPrecision(options.mixedPrecision);
  const averaged = aei(model.sizes, 1);
  const training = aeiTraining(model, discriminator, encoder, { ...options, averaged, mixedPrecision, eager: false });
  const centre = variableOf(faces.centre);
  const variables = { ...prefixed("model", model.weights.named()), ...training.state, centre };
  let finished = false;
  try {
    const watched = { ...options, callbacks: [...callbacks, ...watch ? [watch(averaged)] : []] };
    const trained = await trainWithCheckpoints({ model, variables }, watched, {
      check: (path) => requireSameCentre(path, faces.centre),
      batch: (step) => ({
        pairs: batchOf(faces, model.sizes, {
          ...sampling,
          ...(step < autoencode * steps && { same: 1 }),
          ...{ size, seed, step },
        }),
        rate: tf.scalar(rateAt({ ...options, rate }, step, steps)),
        seed: seedTensor(seed, step),
      }),
      step: async (batch) => await training.step(batch.pairs, batch.rate, batch.seed),
    });
    finished = true;
    return { averaged, ...trained, mixedPrecision };
  } finally {
    training.dispose();
    centre.dispose();
    if (!finished) averaged.weights.dispose();
  }
}

/**
 * Opens a trained AEI-Net.
 *
 * @param path A checkpoint that {@linkcode trainAei} wrote.
 * @param options `weights`: "averaged", the default, what is to predict, or "last", the weights of the last step.
 * @returns The model, the centre that identities are seen from in it (see `identityDirections`), and the steps it was
 * trained for.
 * @throws Problem when the file is missing, damaged, or of another model.
 */
export async function loadAei(
  path: string,
  { weights = "averaged" }: { readonly weights?: "averaged" | "last" } = {},
): Promise<{ model: AeiModel; centre: Float32Array; steps: number }> {
  const { model: name, sizes, step } = await readCheckpointNotes(path);
  if (name !== "aei") throw cannot("load AEI-Net", "a checkpoint of aei", `one of ${name}`, path);
  const model = aei(sizes as unknown as AeiSizes, 1);
  const centre = variableOf(new Float32Array(model.sizes.identity));
  try {
    const prefix = weights === "averaged" ? "averaged" : "model";
    await loadCheckpoint(path, { ...prefixed(prefix, model.weights.named()), centre });
    return { model, centre: await centre.data<"float32">(), steps: step };
  } catch (error) {
    model.weights.dispose();
    throw error;
  } finally {
    centre.dispose();
  }
}

function batchOf(faces: EmbeddedFaces, sizes: AeiSizes, options: Parameters<typeof aeiBatch>[1]): AeiBatch {
  const { target, sourceId, same } = aeiBatch(faces, options);
  const { resolution: side, identity } = sizes;
  return {
    target: tf.tensor4d(target, [options.size, side, side, 3]),
    source_id: tf.tensor2d(sourceId, [options.size, identity]),
    same: tf.tensor1d(same),
  };
}

function requireFit({ resolution, identity }: AeiSizes, { faces, centre }: EmbeddedFaces): void {
  const { width } = faces[0]?.picture ?? { width: resolution };
  if (width !== resolution) {
    throw cannot("train AEI-Net", `faces of ${resolution}x${resolution} pixels`, `${width}x${width}`);
  }
  if (centre.length !== identity) {
    throw cannot("train AEI-Net", `embeddings of ${identity} numbers, as its sizes say`, String(centre.length));
  }
}

/** With other persons the same embedding would mean another identity. */
async function requireSameCentre(path: string, expected: Float32Array): Promise<void> {
  const centre = variableOf(new Float32Array(expected.length));
  try {
    await loadCheckpoint(path, { centre });
    const off = Math.max(...centre.dataSync<"float32">().map((value, i) => Math.abs(value - expected[i]!)));
    if (off <= 1e-4) return;
    throw cannot(
      "go on training",
      "faces with the centre of the checkpoint",
      `one that is ${off.toFixed(4)} off`,
      path,
    );
  } finally {
    centre.dispose();
  }
}

function variableOf(values: Float32Array): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor1d(values), false));
}
