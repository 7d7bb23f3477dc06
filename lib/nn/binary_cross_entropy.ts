import { tf } from "../runtime/mod.ts";

/**
 * Binary cross-entropy between masks and the logits x of predicted ones, in a form that overflows nowhere:
 * log(1 + exp(x)) - x t.
 *
 * @param target `[batch, height, width, channels]` in [0, 1].
 * @param logits Of the same shape, before the sigmoid.
 * @returns `[batch]`, averaged over pixels and channels.
 */
export function binaryCrossEntropy(target: tf.Tensor4D, logits: tf.Tensor4D): tf.Tensor1D {
  return tf.softplus(logits).sub(logits.mul(target)).mean([1, 2, 3]) as tf.Tensor1D;
}
