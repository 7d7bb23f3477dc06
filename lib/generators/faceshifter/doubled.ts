import { tf } from "../../runtime/mod.ts";

/**
 * Doubles height and width, bilinear, corner pixels staying at the corners. (TensorFlow.js has no right gradient of the
 * other kind, in which pixels are squares, on its native backend.)
 *
 * @param x `[batch, height, width, channels]`.
 * @returns `[batch, 2 height, 2 width, channels]`.
 */
export function doubled(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape;
  return tf.image.resizeBilinear(x, [height * 2, width * 2], true);
}
