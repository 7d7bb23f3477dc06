import { tf } from "../../runtime/mod.ts";

/**
 * How active each half of a code is: the mean absolute value of its first half of channels (real) and of its second half
 * (forged), a_c = |h_c|_1 / K_c (ForensicTransfer, arXiv 1812.02510).
 *
 * @param code `[batch, height, width, channels]`, channels even.
 * @returns a_0 and a_1, each `[batch]`.
 */
export function classActivations(code: tf.Tensor4D): [real: tf.Tensor1D, forged: tf.Tensor1D] {
  const channels = code.abs().mean([1, 2]);
  const [real, forged] = tf.split(channels, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  return [real.mean(1), forged.mean(1)];
}

/**
 * The activation loss: |a_1 - l| + |a_0 - (1 - l)| with l = 1 for forged pictures, averaged over the batch.
 *
 * @param code `[batch, height, width, channels]`, channels even.
 * @param forged `[batch]`, 1 for forged and 0 for real.
 * @returns A scalar.
 */
export function activationLoss(code: tf.Tensor4D, forged: tf.Tensor1D): tf.Scalar {
  const [real, fake] = classActivations(code);
  return fake.sub(forged).abs().add(real.sub(tf.sub(1, forged)).abs()).mean() as tf.Scalar;
}

/**
 * The selection block: zeroes the half of each picture's code that does not belong to its class.
 *
 * @param code `[batch, height, width, channels]`, channels even.
 * @param forged `[batch]`, 1 for forged and 0 for real.
 * @returns Of the code's shape.
 */
export function selectHalf(code: tf.Tensor4D, forged: tf.Tensor1D): tf.Tensor4D {
  const [batch, , , channels] = code.shape;
  const half = (kept: tf.Tensor) => kept.reshape([batch, 1, 1, 1]).tile([1, 1, 1, channels / 2]);
  return code.mul(tf.concat([half(tf.sub(1, forged)), half(forged)], 3)) as tf.Tensor4D;
}
