/**
 * Trains the segmentation network from faces with hand-made masks: batches made ahead, checkpoints, exact resume, a clean
 * stop.
 *
 * @module
 */

import { join } from "node:path";
import { type FaceSample, type SegmentationAugmentation, segmentationBatch } from "../data/mod.ts";
import { type XSeg, xseg, type XSegSizes } from "../faces/mod.ts";
import { adam, binaryCrossEntropy, type Optimiser } from "../nn/mod.ts";
import { cannot } from "../problem.ts";
import { compile, type CompiledStep, type CompileOptions, fence, tf, usesMixedPrecision } from "../runtime/mod.ts";
import { loadCheckpoint, prefixed, readCheckpointNotes, saveCheckpoint } from "./checkpoint.ts";
import { type Callback, every, train } from "./loop.ts";
import { checkpointName } from "./train_pair.ts";

/** How the network is trained. */
export interface TrainXSegOptions {
  /** Steps to do in all. */
  readonly steps: number;
  /** Faces in a batch. Default 8. */
  readonly batch?: number;
  /** Learning rate of Adam in the first step; along half a cosine it falls to zero at the last one. Default 2e-3. */
  readonly rate?: number;
  /** Seed of batches and augmentation, from 1 up. The network's first weights have their own. */
  readonly seed: number;
  /** How faces are varied and covered. */
  readonly augmentation?: SegmentationAugmentation;
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
export interface TrainedXSeg {
  /** Steps done in all. */
  readonly steps: number;
  /** Whether all steps were done. */
  readonly complete: boolean;
  /** Whether mixed precision was used. */
  readonly mixedPrecision: boolean;
}

/** A batch as tensors: faces `[batch, R, R, 3]`, masks `[batch, R, R, 1]`. */
interface XSegBatch {
  readonly face: tf.Tensor4D;
  readonly mask: tf.Tensor4D;
}

/**
 * Trains a segmentation network (DeepFaceLab's XSeg: binary cross-entropy; Adam in place of its RMSprop, which is slower
 * to start). Each batch is varied by an affine map, a warp, light and camera, and synthetic occluders are pasted over most
 * faces, their place cut out of the mask.
 *
 * @example Train the small network on the bundled masks
 * ```ts
 * import { BUNDLED_FACES, readFaceSet, readMasks, withHandMasks } from "doppel/data/mod.ts";
 * import { xseg, xsegSizes } from "doppel/faces/mod.ts";
 * import { trainXSeg } from "doppel/training/mod.ts";
 *
 * const set = await readFaceSet(BUNDLED_FACES, { size: xsegSizes.small.resolution });
 * const { masks } = await readMasks(`${BUNDLED_FACES}/masks`, { photographs: set.faces.map(({ path }) => path) });
 * const { faces } = withHandMasks(set.faces, masks);
 * const model = xseg(xsegSizes.small, 1);
 * await trainXSeg(model, faces, { steps: 1000, seed: 1, checkpoints: "runs/mask" });
 * ```
 *
 * @param model The network; its weights are changed in place.
 * @param faces Aligned faces of the network's resolution with their masks.
 * @param options Steps, rate, seed, augmentation, checkpoints.
 * @returns Steps done and precision used.
 * @throws Problem when there are no faces, they are of another size, a checkpoint does not fit, or the loss is no longer
 * finite.
 */
export async function trainXSeg(
  model: XSeg,
  faces: readonly FaceSample[],
  {
    steps,
    batch: size = 8,
    rate = 2e-3,
    seed,
    augmentation = {},
    mixedPrecision = "auto",
    checkpoints,
    saveEvery = 500,
    callbacks = [],
    signal,
  }: TrainXSegOptions,
): Promise<TrainedXSeg> {
  const side = model.sizes.resolution;
  const { width } = faces[0]?.picture ?? { width: side };
  if (width !== side) throw cannot("train XSeg", `faces of ${side}x${side} pixels`, `${width}x${width}`);
  const bfloat16 = usesMixedPrecision(mixedPrecision);
  const { optimiser, step } = xsegTraining(model, { mixedPrecision: bfloat16 });
  const variables = { ...prefixed("model", model.weights.named()), ...prefixed("optimiser", optimiser.state) };
  const path = checkpoints && join(checkpoints, checkpointName);
  const save = async (done: number) => {
    if (path) await saveCheckpoint(path, variables, { step: done, model: model.name, sizes: { ...model.sizes } });
  };
  try {
    const found = path && await Deno.stat(path).then(() => true, () => false);
    const done = found ? (await loadCheckpoint(path, variables)).step : 0;
    const reached = await train({
      steps,
      done,
      signal,
      batch: (number): XSegBatch => {
        const { face, mask } = segmentationBatch(faces, { size, seed, step: number, ...augmentation });
        return { face: tf.tensor4d(face, [size, side, side, 3]), mask: tf.tensor4d(mask, [size, side, side, 1]) };
      },
      step: async (batch, number) => {
        const learningRate = tf.scalar(rate * (1 + Math.cos(Math.PI * number / steps)) / 2);
        try {
          return { mask: await step(batch, learningRate) };
        } finally {
          learningRate.dispose();
        }
      },
      callbacks: [...callbacks, every(saveEvery, (log) => save(log.step))],
    });
    if (reached < steps) await save(reached);
    return { steps: reached, complete: reached >= steps, mixedPrecision: bfloat16 };
  } finally {
    step.dispose();
    optimiser.dispose();
  }
}

/** Compiles the training step. */
function xsegTraining(
  model: XSeg,
  options: CompileOptions,
): { optimiser: Optimiser; step: CompiledStep<[XSegBatch, tf.Scalar], tf.Scalar> } {
  const optimiser = adam(model.weights.variables);
  const step = compile(({ face, mask }: XSegBatch, rate: tf.Scalar) =>
    optimiser.minimise(() => {
      const logits = fence(model.logits(face), "the predicted mask") as tf.Tensor4D;
      return binaryCrossEntropy(mask, logits).mean() as tf.Scalar;
    }, rate), options);
  return { optimiser, step };
}

/**
 * Opens a trained segmentation network.
 *
 * @param path A checkpoint that {@linkcode trainXSeg} wrote.
 * @returns The network with its weights.
 * @throws Problem when the file is missing, damaged, or of another model.
 */
export async function loadXSeg(path: string): Promise<XSeg> {
  const { model: name, sizes } = await readCheckpointNotes(path);
  if (name !== "xseg") throw cannot("load segmentation network", "a checkpoint of xseg", `one of ${name}`, path);
  const model = xseg(sizes as unknown as XSegSizes, 1);
  try {
    await loadCheckpoint(path, prefixed("model", model.weights.named()));
  } catch (error) {
    model.weights.dispose();
    throw error;
  }
  return model;
}
