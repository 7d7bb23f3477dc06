/**
 * Trains a detector, or brings it to another forgery: batches made ahead, checkpoints, exact resume, a clean stop, and an
 * early stop on validation pictures.
 *
 * @module
 */

import { join } from "node:path";
import type { DetectorArrays } from "../data/mod.ts";
import { type Detector, detector, detectors, type DetectorTraining, detectorTraining } from "../detectors/mod.ts";
import { cannot } from "../problem.ts";
import { type CompileOptions, seedTensor, tf, usesMixedPrecision } from "../runtime/mod.ts";
import { loadCheckpoint, prefixed, readCheckpointNotes, saveCheckpoint } from "./checkpoint.ts";
import { earlyStop, type EarlyStopOptions } from "./early_stop.ts";
import { type Callback, every, train } from "./loop.ts";
import { rateAt } from "./rate_schedule.ts";
import { checkpointName } from "./train_pair.ts";

/** How a detector is trained. */
export interface TrainDetectorOptions {
  /** Steps to do in all. */
  readonly steps: number;
  /** Learning rate. Default 1e-3. */
  readonly rate?: number;
  /** Share of the steps, at the end, over which the rate falls to 0 along half a cosine. Default 0; T-GD's is 1. */
  readonly decay?: number;
  /** Steps at the beginning over which the rate rises evenly. Default 0. */
  readonly warmUp?: number;
  /** The rate is multiplied by `factor` every so many steps, as T-GD's script does beside the cosine. Default: it is not. */
  readonly drop?: { readonly every: number; readonly factor: number };
  /** Seed of dropout and stochastic depth, from 1 up. Weights and batches have their own. */
  readonly seed: number;
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
export interface TrainedDetector {
  /** Steps done in all. */
  readonly steps: number;
  /** Whether all steps were done, or validation ended training. */
  readonly complete: boolean;
  /** The best measurement and its step, with validation. */
  readonly best?: { readonly step: number; readonly value: number };
  /** Whether mixed precision was used. */
  readonly mixedPrecision: boolean;
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
  {
    steps,
    rate = 1e-3,
    decay = 0,
    warmUp = 0,
    drop,
    seed,
    training: makeTraining = detectorTraining,
    validation,
    mixedPrecision = "auto",
    checkpoints,
    saveEvery = 500,
    callbacks = [],
    signal,
  }: TrainDetectorOptions,
): Promise<TrainedDetector> {
  const bfloat16 = usesMixedPrecision(mixedPrecision);
  const weights = model.weights.named();
  const watch = validation && earlyStop(weights, { ...validation, measure: () => validation.measure(model) });
  const training = makeTraining(model, { mixedPrecision: bfloat16 });
  const variables = {
    ...prefixed("model", weights),
    ...prefixed("training", training.state),
    ...(watch && prefixed("validation", watch.state)),
  };
  const notes = (step: number) => ({ step, model: model.name, sizes: { ...model.sizes } });
  const path = checkpoints && join(checkpoints, checkpointName);
  const save = async (done: number) => {
    if (path) await saveCheckpoint(path, variables, notes(done));
  };
  const rateOf = (step: number) =>
    rateAt({ rate, decay }, step, steps) * Math.min(1, (step + 1) / (warmUp + 1)) *
    (drop ? drop.factor ** Math.floor(step / drop.every) : 1);
  try {
    const found = path && await Deno.stat(path).then(() => true, () => false);
    const done = found ? (await loadCheckpoint(path, variables)).step : 0;
    if (found) watch?.resume();
    const signals = [signal, watch?.signal].filter((given) => given !== undefined);
    const reached = await train({
      steps,
      done,
      signal: AbortSignal.any(signals),
      batch: async (step) => ({
        ...batchTensors(model, await batches(step)),
        rate: tf.scalar(rateOf(step)),
        seed: seedTensor(seed, step),
      }),
      step: ({ input, forged, rate, seed }) => training.step({ input, forged }, rate, seed),
      callbacks: [
        (log) => training.afterStep(log.step),
        ...callbacks,
        ...(watch ? [watch.callback] : []),
        every(saveEvery, (log) => save(log.step)),
      ],
    });
    const complete = reached >= steps || (watch?.signal.aborted ?? false);
    if (reached < steps) await save(reached);
    const best = watch?.best();
    if (complete && watch && best) {
      watch.restore();
      if (checkpoints) {
        await saveCheckpoint(join(checkpoints, bestName), prefixed("model", weights), notes(best.step));
      }
    }
    return { steps: reached, complete, mixedPrecision: bfloat16, ...(best && { best }) };
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
