/**
 * Trains AEI-Net on faces of many persons, with everything a user expects of a run: batches made ahead, losses,
 * checkpoints, exact resume, a clean stop.
 *
 * @module
 */

import { join } from "node:path";
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
import { cannot } from "../problem.ts";
import { seedTensor, tf, usesMixedPrecision } from "../runtime/mod.ts";
import { loadCheckpoint, prefixed, readCheckpointNotes, saveCheckpoint } from "./checkpoint.ts";
import { type Callback, every, train } from "./loop.ts";
import { rateAt, type RateSchedule } from "./rate_schedule.ts";
import { checkpointName } from "./train_pair.ts";

/** How AEI-Net is trained. */
export interface TrainAeiOptions
  extends Omit<AeiTrainingOptions, "mixedPrecision" | "eager" | "averaged">, Partial<RateSchedule> {
  /** Steps to do in all. */
  readonly steps: number;
  /** Pairs in a batch. Default 8. */
  readonly batch?: number;
  /** Full learning rate. Default 4e-4. */
  readonly rate?: number;
  /** Seed of batches, from 1 up. The model's first weights have their own. */
  readonly seed: number;
  /** How sources and targets are drawn and varied. */
  readonly sampling?: AeiSampling;
  /** bfloat16 in convolutions: "auto" where the processor has it in hardware. Default "auto". */
  readonly mixedPrecision?: "auto" | "on" | "off";
  /** Folder of checkpoints; without one nothing is saved. A checkpoint found there is gone on from. */
  readonly checkpoints?: string;
  /** Steps between checkpoints. Default 500. */
  readonly saveEvery?: number;
  /** Steps after which a checkpoint is kept as `step_N.safetensors` beside the last one. */
  readonly keepAt?: readonly number[];
  /** Called after every step. */
  readonly callbacks?: readonly Callback[];
  /** Makes one more callback, which can use the running average as it stands, for samples. */
  readonly watch?: (averaged: AeiModel) => Callback;
  /** Stops training after the step at hand, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
}

/** What training came to. */
export interface TrainedAei {
  /** The running average of the weights as a model: what is to predict. Its weights are the caller's to dispose of. */
  readonly averaged: AeiModel;
  /** Steps done in all. */
  readonly steps: number;
  /** Whether all steps were done. */
  readonly complete: boolean;
  /** Whether mixed precision was used. */
  readonly mixedPrecision: boolean;
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
  const { steps, batch: size = 8, rate = 4e-4, seed, saveEvery = 500, checkpoints, sampling } = options;
  requireFit(model.sizes, faces);
  const mixedPrecision = usesMixedPrecision(options.mixedPrecision);
  const averaged = aei(model.sizes, 1);
  const training = aeiTraining(model, discriminator, encoder, { ...options, averaged, mixedPrecision, eager: false });
  const centre = variableOf(faces.centre);
  const variables = { ...prefixed("model", model.weights.named()), ...training.state, centre };
  const path = checkpoints && join(checkpoints, checkpointName);
  const save = async (done: number, to = path) => {
    if (to) await saveCheckpoint(to, variables, { step: done, model: model.name, sizes: { ...model.sizes } });
  };
  const keep: Callback = async ({ step }) => {
    if (checkpoints && options.keepAt?.includes(step)) await save(step, join(checkpoints, `step_${step}.safetensors`));
  };
  let finished = false;
  try {
    const found = path && await Deno.stat(path).then(() => true, () => false);
    const done = found ? (await loadCheckpoint(path, variables)).step : 0;
    if (found) requireSameCentre(centre.dataSync<"float32">(), faces.centre, path);
    const reached = await train({
      steps,
      done,
      signal: options.signal,
      batch: (step) => ({
        pairs: batchOf(faces, model.sizes, { ...sampling, size, seed, step }),
        rate: tf.scalar(rateAt({ ...options, rate }, step, steps)),
        seed: seedTensor(seed, step),
      }),
      step: async (batch) => await training.step(batch.pairs, batch.rate, batch.seed),
      callbacks: [
        ...options.callbacks ?? [],
        ...options.watch ? [options.watch(averaged)] : [],
        every(saveEvery, (log) => save(log.step)),
        keep,
      ],
    });
    if (reached < steps) await save(reached);
    finished = true;
    return { averaged, steps: reached, complete: reached >= steps, mixedPrecision };
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
function requireSameCentre(saved: Float32Array, centre: Float32Array, path: string): void {
  const off = Math.max(...saved.map((value, i) => Math.abs(value - centre[i]!)));
  if (off > 1e-4) {
    throw cannot(
      "go on training",
      "faces with the centre of the checkpoint",
      `one that is ${off.toFixed(4)} off`,
      path,
    );
  }
}

function variableOf(values: Float32Array): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor1d(values), false));
}
