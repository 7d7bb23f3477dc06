import { addBias, tf } from "../runtime/mod.ts";
import { cannot } from "../problem.ts";
import type { Layer4D } from "./layers.ts";
import type { Weights } from "./weights.ts";

/**
 * Group normalisation (Wu and He, arXiv 1803.08494): the channels of each picture are split into groups, and each group is
 * brought to mean 0 and variance 1; then each channel is scaled and shifted. It knows no batch, so it is the same in training
 * and use.
 *
 * @param weights Where `scale` and `offset`, each `[channels]`, are made.
 * @param channels Channels in and out.
 * @param options `groups`: default 8; `epsilon`, added to the variance, default 1e-5.
 * @returns The layer.
 * @throws {Problem} When the channels cannot be split into so many groups.
 */
export function groupNorm(
  weights: Weights,
  channels: number,
  { groups = 8, epsilon = 1e-5 }: { readonly groups?: number; readonly epsilon?: number } = {},
): Layer4D {
  if (!(groups > 0 && channels % groups === 0)) {
    throw cannot("make group normalisation", `channels that are a multiple of ${groups}`, String(channels));
  }
  const scale = weights.make("scale", [channels], "ones");
  const offset = weights.make("offset", [channels], "zeros");
  return (x) => addBias(normaliseGroups(x, groups, epsilon).mul(scale) as tf.Tensor4D, offset);
}

/** Brings each group to mean 0 and variance 1. The gradient is written out: tfjs's own passes over x three times as often. */
function normaliseGroups(x: tf.Tensor4D, groups: number, epsilon: number): tf.Tensor4D {
  const mean = (y: tf.Tensor) => {
    const [batch, , , channels] = y.shape as [number, number, number, number];
    const size = channels / groups;
    // Over places first, which leaves little; then within the groups, given back to each of their channels.
    return y.mean([1, 2]).reshape([batch, groups, size]).mean(2, true).tile([1, 1, size])
      .reshape([batch, 1, 1, channels]);
  };
  return tf.customGrad((input, save) => {
    const centred = (input as tf.Tensor).sub(mean(input as tf.Tensor));
    const factor = mean(centred.square()).add(epsilon).rsqrt();
    const y = centred.mul(factor);
    (save as tf.GradSaveFunc)([y, factor]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => {
        const gradient = Array.isArray(dy) ? dy[0]! : dy;
        const [normal, scale] = saved as [tf.Tensor, tf.Tensor];
        return gradient.sub(mean(gradient)).sub(normal.mul(mean(gradient.mul(normal)))).mul(scale);
      },
    };
  })(x) as tf.Tensor4D;
}
