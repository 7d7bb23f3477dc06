import { fence, tf } from "../runtime/mod.ts";
import type { DetectorInput, DetectorLosses, DetectorNetwork, TrainingMode } from "./detector.ts";

/**
 * Turns a network with one or two outputs into a detector that is trained by cross-entropy. Of two outputs (real, forged) the
 * difference is taken: the softmax of two is the sigmoid of that, so the loss is the same.
 *
 * @param input What goes in.
 * @param head Where the names of the last layer's weights start.
 * @param outputs The network: `[batch, 1]` or `[batch, 2]` from an input.
 * @returns The detector's network.
 */
export function classifierNetwork(
  input: DetectorInput,
  head: string,
  outputs: (x: tf.Tensor, mode?: TrainingMode) => tf.Tensor2D,
): DetectorNetwork {
  const logits = (x: tf.Tensor, mode?: TrainingMode): tf.Tensor1D => {
    const y = outputs(x, mode);
    if (y.shape[1] === 1) return y.reshape([-1]);
    const [real, forged] = tf.split(y, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return forged.sub(real).reshape([-1]);
  };
  return {
    input,
    head,
    logits: (x) => tf.tidy(() => logits(x)),
    losses(x, forged, mode): DetectorLosses {
      const classification = crossEntropy(fence(logits(x, mode), "the logits") as tf.Tensor1D, forged);
      return { total: classification, classification };
    },
  };
}

/**
 * Binary cross-entropy of logits x with labels t, log(1 + exp(x)) - x t, averaged over the batch.
 *
 * @param logits `[batch]`.
 * @param forged `[batch]`, 1 for forged and 0 for real.
 * @returns A scalar.
 */
export function crossEntropy(logits: tf.Tensor1D, forged: tf.Tensor1D): tf.Scalar {
  return tf.softplus(logits).sub(logits.mul(forged)).mean() as tf.Scalar;
}
