import { tf } from "../runtime/mod.ts";
import type { Layer4D } from "./layers.ts";
import type { Weights } from "./weights.ts";

/**
 * Brings each channel of each picture to mean 0 and variance 1 (instance normalisation, Ulyanov et al., arXiv 1607.08022),
 * without weights. Its gradient is written out: tfjs's own, through mean and variance, passes over x three times as often.
 *
 * @param x `[batch, height, width, channels]`.
 * @param epsilon Added to the variance. Default 1e-5.
 * @returns Of the same shape.
 */
export function normaliseInstances(x: tf.Tensor4D, epsilon = 1e-5): tf.Tensor4D {
  const mean = (y: tf.Tensor) => y.mean([1, 2], true);
  return tf.customGrad((input, save) => {
    const centred = (input as tf.Tensor).sub(mean(input as tf.Tensor));
    const scale = mean(centred.square()).add(epsilon).rsqrt();
    const y = centred.mul(scale);
    (save as tf.GradSaveFunc)([y, scale]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => {
        const gradient = Array.isArray(dy) ? dy[0]! : dy;
        const [normal, factor] = saved as [tf.Tensor, tf.Tensor];
        return gradient.sub(mean(gradient)).sub(normal.mul(mean(gradient.mul(normal)))).mul(factor);
      },
    };
  })(x) as tf.Tensor4D;
}

/**
 * Instance normalisation with a learned scale and offset a channel.
 *
 * @param weights Where `scale` and `offset`, each `[channels]`, are made.
 * @param channels Channels in and out.
 * @returns The layer.
 */
export function instanceNorm(weights: Weights, channels: number): Layer4D {
  const scale = weights.make("scale", [channels], "ones");
  const offset = weights.make("offset", [channels], "zeros");
  return (x) => normaliseInstances(x).mul(scale).add(offset);
}
