/**
 * Trains an autoencoder of whole pictures against its discriminator, with checkpoints, exact resume and a clean stop.
 *
 * @module
 */

import {
  cropBatch,
  fingerprint,
  type FingerprintModel,
  type FingerprintSizes,
  fingerprintTraining,
  type FingerprintTrainingOptions,
  type MultiScaleDiscriminator,
  type UpSampler,
} from "../generators/mod.ts";
import type { Picture } from "../image/mod.ts";
import { prefixed } from "../nn/mod.ts";
import { cannot } from "../problem.ts";
import { tf, usesMixedPrecision } from "../runtime/mod.ts";
import { loadCheckpoint, readCheckpointNotes } from "./checkpoint.ts";
import { type Trained, type TrainingOptions, trainWithCheckpoints } from "./checkpointed.ts";
import { rateAt, type RateSchedule } from "./rate_schedule.ts";

/** How an autoencoder is trained. */
export interface TrainFingerprintOptions
  extends TrainingOptions, Pick<FingerprintTrainingOptions, "reconstruction">, Partial<RateSchedule> {
  /** Squares in a batch. Default 8. */
  readonly batch?: number;
  /** Side of the squares that are cut out of the pictures. Default 64; a multiple of what the discriminator asks for. */
  readonly crop?: number;
  /** Full learning rate of Adam. Default 2e-3. */
  readonly rate?: number;
}

/**
 * Trains an autoencoder to give pictures back.
 *
 * @example Train on whole faces
 * ```ts
 * import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
 * import {
 *   fingerprint,
 *   fingerprintDiscriminatorSizes,
 *   fingerprintSizes,
 *   multiScaleDiscriminator,
 * } from "doppel/generators/mod.ts";
 * import { trainFingerprint } from "doppel/training/mod.ts";
 *
 * export async function fit() {
 *   const { faces } = await readFaceSet(BUNDLED_FACES, { size: 128, faceType: "whole", identitySplit: "train" });
 *   const model = fingerprint(fingerprintSizes.small, "nearest", 1);
 *   const discriminator = multiScaleDiscriminator(fingerprintDiscriminatorSizes.small, 1);
 *   await trainFingerprint(model, discriminator, faces.map(({ picture }) => picture), { steps: 600, seed: 1 });
 *   return model;
 * }
 * ```
 *
 * @param model The model; its weights are changed in place.
 * @param discriminator The discriminator, changed in place as well.
 * @param pictures 3 channels in [0, 1], of any sizes.
 * @param options Steps, rate, seed, size of the squares, checkpoints.
 * @returns Steps done and precision used.
 * @throws {Problem} When there are no pictures, the squares do not fit, a checkpoint does not fit or is of another
 * up-sampler, or the loss is no longer finite.
 */
export async function trainFingerprint(
  model: FingerprintModel,
  discriminator: MultiScaleDiscriminator,
  pictures: readonly Picture[],
  options: TrainFingerprintOptions,
): Promise<Trained> {
  const { steps, batch: size = 8, crop = 64, rate = 2e-3, seed, reconstruction } = options;
  const mixedPrecision = usesMixedPrecision(options.mixedPrecision);
  const how = { mixedPrecision, ...(reconstruction !== undefined && { reconstruction }) };
  const training = fingerprintTraining(model, discriminator, how);
  const variables = { ...prefixed("model", model.weights.named()), ...training.state };
  try {
    const trained = await trainWithCheckpoints({ model, variables }, options, {
      check: (path) => requireUpSampler(path, model),
      batch: (step) => ({
        pictures: tf.tensor4d(cropBatch(pictures, { size, crop, seed, step }), [size, crop, crop, 3]),
        rate: tf.scalar(rateAt({ ...options, rate }, step, steps)),
      }),
      step: async ({ pictures, rate: now }) => ({ ...await training.step(pictures, now) }),
    });
    return { ...trained, mixedPrecision };
  } finally {
    training.dispose();
  }
}

/**
 * Opens a trained autoencoder.
 *
 * @param path A checkpoint that {@linkcode trainFingerprint} wrote.
 * @returns The model with its weights, and the steps it was trained for.
 * @throws {Problem} When the file is missing, damaged, or of another model.
 */
export async function loadFingerprint(path: string): Promise<{ model: FingerprintModel; steps: number }> {
  const { model: name, sizes: noted, step } = await readCheckpointNotes(path);
  if (name !== "fingerprint") {
    throw cannot("load autoencoder", "a checkpoint of fingerprint", `one of ${name}`, path);
  }
  const { up_sampler, ...sizes } = noted as unknown as FingerprintSizes & { readonly up_sampler: UpSampler };
  const model = fingerprint(sizes, up_sampler, 1);
  try {
    await loadCheckpoint(path, prefixed("model", model.weights.named()));
    return { model, steps: step };
  } catch (error) {
    model.weights.dispose();
    throw error;
  }
}

/** Nearest and bilinear have weights of the same shapes, which would be taken for their own. */
async function requireUpSampler(path: string, { sizes }: FingerprintModel): Promise<void> {
  const { sizes: noted } = await readCheckpointNotes(path);
  const found = String((noted as unknown as Record<string, unknown>)["up_sampler"]);
  if (found !== sizes.up_sampler) {
    throw cannot("go on training", `a checkpoint with the up-sampler ${sizes.up_sampler}`, found, path);
  }
}
