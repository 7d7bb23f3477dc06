import { tf } from "../runtime/mod.ts";
import type { DetectorInput } from "./detector.ts";

const IMAGENET_MEAN = [0.485, 0.456, 0.406];
const IMAGENET_DEVIATION = [0.229, 0.224, 0.225];

/**
 * Scales pictures for a network.
 *
 * @param x `[batch, height, width, 3]` in [0, 1].
 * @param how "unit" leaves them, "imagenet" takes the mean of ImageNet off each channel and divides by its standard
 * deviation, "symmetric" stretches them to [-1, 1].
 * @returns Of the same shape.
 */
export function normalisePictures(
  x: tf.Tensor4D,
  how: Extract<DetectorInput, { kind: "pictures" }>["normalisation"],
): tf.Tensor4D {
  if (how === "unit") return x;
  if (how === "symmetric") return x.mul(2).sub(1);
  return x.sub(tf.tensor1d(IMAGENET_MEAN)).div(tf.tensor1d(IMAGENET_DEVIATION));
}
