/**
 * Trains the segmentation network from faces with hand-made masks: batches made ahead, checkpoints, exact resume, a clean
 * stop.
 *
 * @module
 */

import { type FaceSample, type SegmentationAugmentation, segmentationBatch } from "../data/mod.ts";
import { type XSeg, xseg, type XSegSizes } from "../faces/mod.ts";
import { adam, binaryCrossEntropy, type Optimiser, prefixed } from "../nn/mod.ts";
import { cannot } from "../problem.ts";
import { compile, type CompiledStep, type CompileOptions, fence, tf, usesMixedPrecision } from "../runtime/mod.ts";
import { loadCheckpoint, readCheckpointNotes } from "./checkpoint.ts";
import { type Trained, type TrainingOptions, trainWithCheckpoints } from "./checkpointed.ts";
import { rateAt } from "./rate_schedule.ts";

/** How the network is trained. */
export interface TrainXSegOptions extends TrainingOptions {
  /** Faces in a batch. Default 8. */
  readonly batch?: number;
  /** Learning rate of Adam in the first step; along half a cosine it falls to zero at the last one. Default 2e-3. */
  readonly rate?: number;
  /** How faces are varied and covered. */
  readonly augmentation?: SegmentationAugmentation;
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
  options: TrainXSegOptions,
): Promise<Trained> {
  const { steps, batch: size = 8, rate = 2e-3, seed, augmentation = {} } = options;
  const side = model.sizes.resolution;
  const { width } = faces[0]?.picture ?? { width: side };
  if (width !== side) throw cannot("train XSeg", `faces of ${side}x${side} pixels`, `${width}x${width}`);
  const mixedPrecision = usesMixedPrecision(options.mixedPrecision);
  const { optimiser, step } = xsegTraining(model, { mixedPrecision });
  const variables = { ...prefixed("model", model.weights.named()), ...prefixed("optimiser", optimiser.state) };
  try {
    const trained = await trainWithCheckpoints({ model, variables }, options, {
      batch: (number) => {
        const { face, mask } = segmentationBatch(faces, { size, seed, step: number, ...augmentation });
        return {
          face: tf.tensor4d(face, [size, side, side, 3]),
          mask: tf.tensor4d(mask, [size, side, side, 1]),
          rate: tf.scalar(rateAt({ rate, decay: 1 }, number, steps)),
        };
      },
      step: async ({ face, mask, rate: now }) => ({ mask: await step({ face, mask }, now) }),
    });
    return { ...trained, mixedPrecision };
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
