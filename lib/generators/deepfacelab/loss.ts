/**
 * DeepFaceLab's reconstruction loss (`Model_SAEHD/Model.py`): DSSIM and squared error inside the mask, and the mask's
 * own squared error, each times 10.
 *
 * @module
 */

import { dssim, gaussianBlur, meanSquaredError } from "../../nn/mod.ts";
import { fence, tf } from "../../runtime/mod.ts";
import type { Prediction } from "./decoder.ts";

/** What a prediction is compared with. */
export interface Target {
  /** The face as photographed, `[batch, R, R, 3]` in [0, 1]. */
  readonly face: tf.Tensor4D;
  /** Where the face is, `[batch, R, R, 1]` in [0, 1]. */
  readonly mask: tf.Tensor4D;
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
}

/**
 * The reconstruction loss of one side.
 *
 * @param target What was photographed.
 * @param prediction What the model made of it.
 * @param options Weights, and whether the background counts.
 * @returns One value for each face, `[batch]`.
 */
export function reconstructionLoss(
  target: Target,
  prediction: Prediction,
  { masked = true, dssim: dssimWeight = 10, squared = 10, mask: maskWeight = 10 }: ReconstructionOptions = {},
): tf.Tensor1D {
  const resolution = target.face.shape[1];
  const predictedFace = fence(prediction.face, "the predicted face") as tf.Tensor4D;
  const predictedMask = fence(prediction.mask, "the predicted mask") as tf.Tensor4D;
  // A soft mask that reaches a little beyond the face: its blurred lower half, stretched to the full range.
  const soft = gaussianBlur(target.mask, Math.max(1, resolution / 32)).clipByValue(0, 0.5).mul(2);
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
  return tf.addN(parts) as tf.Tensor1D;
}
