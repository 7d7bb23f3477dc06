/**
 * DeepFaceLab's reconstruction loss (`Model_SAEHD/Model.py`): DSSIM and squared error inside the mask, and the mask's
 * own squared error, each times 10.
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { dssim, gaussianBlur, meanSquaredError } from "../../nn/mod.ts";
import { fence, tf } from "../../runtime/mod.ts";
import type { Prediction } from "./decoder.ts";

/** What a prediction is compared with. */
export interface Target {
  /** The face as photographed, `[batch, R, R, 3]` in [0, 1]. */
  readonly face: tf.Tensor4D;
  /** Where the face is, `[batch, R, R, 1]` in [0, 1]. */
  readonly mask: tf.Tensor4D;
  /** Where eyes and mouth are, `[batch, R, R, 1]` in [0, 1]; needed for their priority alone. */
  readonly eyesMouth?: tf.Tensor4D;
}

/** Which parts of the loss count. */
export interface ReconstructionOptions {
  /** Compare only inside the mask. Default true. */
  readonly masked?: boolean;
  /** Weight of DSSIM. Default 10. */
  readonly dssim?: number;
  /** Weight of the squared error. Default 10. */
  readonly squared?: number;
  /** Weight of the mask's squared error. Default 10. */
  readonly mask?: number;
  /** Weight of the absolute error in eyes and mouth (`eyes_mouth_prio`). Default 0; DeepFaceLab's is 300. */
  readonly eyesMouth?: number;
}

/**
 * The reconstruction loss of one side.
 *
 * @param target What was photographed.
 * @param prediction What the model made of it.
 * @param options Weights, and whether the background counts.
 * @returns One value for each face, `[batch]`.
 * @throws Problem when eyes and mouth have a weight and the target has no map of them.
 */
export function reconstructionLoss(
  target: Target,
  prediction: Prediction,
  { masked = true, dssim: dssimWeight = 10, squared = 10, mask: maskWeight = 10, eyesMouth = 0 }:
    ReconstructionOptions = {},
): tf.Tensor1D {
  const resolution = target.face.shape[1];
  const predictedFace = fence(prediction.face, "the predicted face") as tf.Tensor4D;
  const predictedMask = fence(prediction.mask, "the predicted mask") as tf.Tensor4D;
  const soft = softMask(target.mask);
  const truth = (masked ? target.face.mul(soft) : target.face) as tf.Tensor4D;
  const guess = (masked ? predictedFace.mul(soft) : predictedFace) as tf.Tensor4D;

  const parts: tf.Tensor[] = [];
  if (dssimWeight > 0) {
    const window = (divisor: number) => ({ window: Math.floor(resolution / divisor) });
    // Large faces are compared at two scales, as in SAEHD.
    parts.push(
      resolution < 256
        ? dssim(truth, guess, window(11.6)).mul(dssimWeight)
        : dssim(truth, guess, window(11.6)).add(dssim(truth, guess, window(23.2))).mul(dssimWeight / 2),
    );
  }
  if (squared > 0) parts.push(meanSquaredError(truth, guess).mul(squared));
  if (maskWeight > 0) parts.push(meanSquaredError(target.mask, predictedMask).mul(maskWeight));
  if (eyesMouth > 0) {
    if (!target.eyesMouth) throw cannot("train with eyes-and-mouth priority", "a map of eyes and mouth", "none");
    parts.push(target.face.sub(predictedFace).mul(target.eyesMouth).abs().mean([1, 2, 3]).mul(eyesMouth));
  }
  return tf.addN(parts) as tf.Tensor1D;
}

/**
 * The mask of masked training: the blurred mask's lower half stretched to the full range, so that it reaches a little
 * beyond the face.
 *
 * @param mask `[batch, R, R, 1]` in [0, 1].
 * @returns Of the same shape.
 */
export function softMask(mask: tf.Tensor4D): tf.Tensor4D {
  return gaussianBlur(mask, Math.max(1, mask.shape[1] / 32)).clipByValue(0, 0.5).mul(2);
}
