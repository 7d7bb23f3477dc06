/**
 * Trains a detector, or brings it to another forgery: batches made ahead, checkpoints, exact resume, a clean stop, and an
 * early stop on validation pictures.
 *
 * @module
 */

import { join } from "node:path";
import type { DetectorArrays } from "../data/mod.ts";
import { type Detector, detector, detectors, type DetectorTraining, detectorTraining } from "../detectors/mod.ts";
import { prefixed } from "../nn/mod.ts";
import { cannot } from "../problem.ts";
import { type CompileOptions, seedTensor, tf, usesMixedPrecision } from "../runtime/mod.ts";
import { loadCheckpoint, readCheckpointNotes, saveCheckpoint } from "./checkpoint.ts";
import { type Trained, type TrainingOptions, trainWithCheckpoints } from "./checkpointed.ts";
import { earlyStop, type EarlyStopOptions } from "./early_stop.ts";
import { rateAt } from "./rate_schedule.ts";

/** How a detector is trained. */
export interface TrainDetectorOptions extends TrainingOptions {
  /** Learning rate. Default 1e-3. */
  readonly rate?: number;
  /** Share of the steps, at the end, over which the rate falls to 0 along half a cosine. Default 0; T-GD's is 1. */
  readonly decay?: number;
  /** Steps at the beginning over which the rate rises evenly. Default 0. */
  readonly warmUp?: number;
  /** The rate is multiplied by `factor` every so many steps, as T-GD's script does beside the cosine. Default: it is not. */
  readonly drop?: { readonly every: number; readonly factor: number };
  /**
   * Makes the training step: `detectorTraining` or `tgdTransfer` with their options, or another. Default
   * `detectorTraining` as it comes.
   */
  readonly training?: (model: Detector, options: CompileOptions) => DetectorTraining;
  /**
   * Measures the model, keeps the best weights and may end training; the model has the best weights in the end, and they are
   * saved as `best.safetensors` beside the checkpoint.
   */
  readonly validation?: Omit<EarlyStopOptions, "measure"> & {
    readonly measure: (model: Detector) => number | Promise<number>;
  };
}

/** What training came to. */
export interface TrainedDetector extends Trained {
  /** The best measurement and its step, with validation; training that validation ended is complete. */
  readonly best?: { readonly step: number; readonly value: number };
}

/**
 * Trains a detector.
 *
 * @example ForensicTransfer on labelled faces
 * ```ts
 * import { detectorBatch, type LabelledPicture } from "doppel/data/mod.ts";
 * import { detector, forensicTransfer } from "doppel/detectors/mod.ts";
 * import { trainDetector } from "doppel/training/mod.ts";
 *
 * export async function fit(pictures: readonly LabelledPicture[]) {
 *   const sizes = forensicTransfer.sizes.small!;
 *   const model = detector(forensicTransfer, sizes, 1);
 *   const batches = (step: number) => detectorBatch(pictures, { size: 32, resolution: sizes.resolution, seed: 1, step });
 *   await trainDetector(model, batches, { steps: 1000, seed: 1 });
 *   return model;
 * }
 * ```
 *
 * @param model The detector; its weights are changed in place.
 * @param batches Makes the batch of a step, counted from 0, of that number alone.
 * @param options Steps, rate, seed, training step, validation, checkpoints.
 * @returns Steps done, the best measurement, and the precision used.
 * @throws {Problem} When a batch has not the detector's shape, a checkpoint does not fit, or the loss is no longer finite.
 */
export async function trainDetector(
  model: Detector,
  batches: (step: number) => DetectorArrays | Promise<DetectorArrays>,
  options: TrainDetectorOptions,
): Promise<TrainedDetector> {
  const { steps, rate = 1e-3, decay = 0, warmUp = 0, drop, seed, validation, checkpoints, callbacks = [] } = options;
  const mixedPrecision = usesMixedPrecision(options.mixedPrecision);
  const weights = model.weights.named();
  const watch = validation && earlyStop(weights, { ...validation, measure: () => validation.measure(model) });
  const training = (options.training ?? detectorTraining)(model, { mixedPrecision });
  const variables = {
    ...prefixed("model", weights),
    ...prefixed("training", training.state),
    ...(watch && prefixed("validation", watch.state)),
  };
  const rateOf = (step: number) =>
    rateAt({ rate, decay }, step, steps) * Math.min(1, (step + 1) / (warmUp + 1)) *
    (drop ? drop.factor ** Math.floor(step / drop.every) : 1);
  const stoppable = {
    ...options,
    signal: AbortSignal.any([options.signal, watch?.signal].filter((given) => given !== undefined)),
    callbacks: [
      ({ step }: { readonly step: number }) => training.afterStep(step),
      ...callbacks,
      ...(watch ? [watch.callback] : []),
    ],
  };
  try {
    const trained = await trainWithCheckpoints({ model, variables }, stoppable, {
      goOn: () => watch?.resume(),
      batch: async (step) => ({
        ...batchTensors(model, await batches(step)),
        rate: tf.scalar(rateOf(step)),
        seed: seedTensor(seed, step),
      }),
      step: ({ input, forged, rate, seed }) => training.step({ input, forged }, rate, seed),
    });
    const complete = trained.complete || (watch?.signal.aborted ?? false);
    const best = watch?.best();
    if (complete && watch && best) {
      watch.restore();
      if (checkpoints) {
        const notes = { step: best.step, model: model.name, sizes: { ...model.sizes } };
        await saveCheckpoint(join(checkpoints, bestName), prefixed("model", weights), notes);
      }
    }
    return { steps: trained.steps, complete, mixedPrecision, ...(best && { best }) };
  } finally {
    training.dispose();
    watch?.dispose();
  }
}

/** Name of the file of the best weights in a folder of checkpoints. */
const bestName = "best.safetensors";

function batchTensors(model: Detector, { input, forged }: DetectorArrays): { input: tf.Tensor; forged: tf.Tensor1D } {
  const { input: wanted } = model;
  const shape = wanted.kind === "pictures" ? [wanted.resolution, wanted.resolution, 3] : [wanted.length];
  const values = forged.length * shape.reduce((product, length) => product * length, 1);
  if (input.length !== values || values === 0) {
    throw cannot(
      "train detector",
      `a batch of shape [${[forged.length, ...shape]}]`,
      `${input.length} values and ${forged.length} labels`,
      model.name,
    );
  }
  return { input: tf.tensor(input, [forged.length, ...shape]), forged: tf.tensor1d(forged) };
}

/**
 * Opens a trained detector.
 *
 * @param path A checkpoint that {@linkcode trainDetector} wrote.
 * @returns The detector with its weights.
 * @throws {Problem} When the file is missing, damaged, or of no detector.
 */
export async function loadDetector(path: string): Promise<Detector> {
  const { model: name, sizes } = await readCheckpointNotes(path);
  const entry = Object.hasOwn(detectors, name) ? detectors[name] : undefined;
  if (!entry) {
    throw cannot("load detector", `a checkpoint of ${Object.keys(detectors).join(", ")}`, `one of ${name}`, path);
  }
  const model = detector(entry, sizes as typeof entry.sizes.tiny, 1);
  try {
    await loadCheckpoint(path, prefixed("model", model.weights.named()));
  } catch (error) {
    model.weights.dispose();
    throw error;
  }
  return model;
}
