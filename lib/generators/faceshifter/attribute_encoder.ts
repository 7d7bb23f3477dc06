import { batchNorm, type BatchStatistics, convolution, transposedConvolution, type Weights } from "../../nn/mod.ts";
import { leakyRelu, tf } from "../../runtime/mod.ts";
import type { AeiPlan } from "./sizes.ts";
import { doubled } from "./doubled.ts";

/** From faces `[batch, R, R, 3]` in [0, 1] to their attributes at each level, the lowest resolution first. */
export type AttributeEncoder = (faces: tf.Tensor4D, statistics?: BatchStatistics) => tf.Tensor4D[];

/**
 * FaceShifter's multi-level attributes encoder (section 3.1), a U-Net: 4x4 convolutions with stride 2 down, transposed ones
 * up with the encoder's features beside them, batch normalisation and leaky ReLU 0.1 after each. z_att 1 is the bottom,
 * the following ones are the outputs of the way up, the last is the one before it, enlarged.
 *
 * Batch normalisation as in the open re-implementations, and not instance normalisation, which takes each picture's own
 * mean and contrast away, so that no level could tell a dark photograph from a bright one: light is an attribute. At
 * batches of eight the price is the noise of small batches; so use goes by moving averages, and the averages are
 * averaged with the weights.
 *
 * @param weights Where its weights are made.
 * @param plan Sizes.
 * @returns The encoder.
 */
export function attributeEncoder(weights: Weights, { attributes, embedded }: AeiPlan): AttributeEncoder {
  const down = attributes.map((to, i) => {
    const own = weights.within(`down${i + 1}`);
    const conv = convolution(own, { from: attributes[i - 1] ?? 3, to, kernel: 4, stride: 2, pad: 1, bias: false });
    return { conv, norm: batchNorm(own, to) };
  });
  const skips = attributes.slice(0, -1).reverse();
  // The last level is no layer of its own, and those that nobody reads are left out.
  const up = skips.slice(0, embedded.length - 1).map((to, i) => {
    const own = weights.within(`up${i + 1}`);
    const conv = transposedConvolution(own, { from: embedded[i]!, to, kernel: 4, bias: false });
    return { conv, norm: batchNorm(own, to) };
  });

  return (faces, statistics = "moving") => {
    const through = ({ conv, norm }: (typeof down)[number], x: tf.Tensor4D) =>
      leakyRelu(norm(conv(x), statistics), 0.1);
    const features = [faces.mul(2).sub(1) as tf.Tensor4D];
    for (const layer of down) features.push(through(layer, features.at(-1)!));
    const levels = [features.pop()!];
    for (const layer of up) levels.push(tf.concat([through(layer, levels.at(-1)!), features.pop()!], 3) as tf.Tensor4D);
    if (levels.length < embedded.length) levels.push(doubled(levels.at(-1)!));
    return levels;
  };
}
