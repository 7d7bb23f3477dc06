/**
 * The multi-scale discriminator of FaceShifter's training (section 3.1, after pix2pixHD, Wang et al., arXiv 1711.11585): the
 * same patch discriminator, with weights of its own, at each of several resolutions.
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { convolution, instanceNorm, type Layer4D, newWeights, type Weights } from "../../nn/mod.ts";
import { leakyRelu, tf } from "../../runtime/mod.ts";

/** Sizes of a multi-scale discriminator. */
export interface DiscriminatorSizes {
  /** At how many resolutions it looks, each half the one before. */
  readonly scales: number;
  /** Strided convolutions at each. */
  readonly layers: number;
  /** Channels of the first, doubling to 512 at most. */
  readonly channels: number;
}

/** Sizes that have a name, as those of AEI-Net that they go with. */
export const discriminatorSizes = {
  /** For tests at 16 px. */
  tiny: { scales: 2, layers: 2, channels: 4 },
  /** 0.33 M parameters, for 64 px. */
  small: { scales: 2, layers: 3, channels: 32 },
  /** 32.8 M parameters, for 256 px. */
  paper: { scales: 3, layers: 6, channels: 64 },
} as const satisfies Record<string, DiscriminatorSizes>;

/** A multi-scale discriminator. */
export interface MultiScaleDiscriminator {
  readonly weights: Weights;
  /**
   * Judges faces.
   *
   * @param faces `[batch, R, R, 3]` in [0, 1].
   * @returns Logits of patches at each scale, `[batch, h, w, 1]`, full resolution first: positive where it takes them for
   * photographs.
   */
  judge(faces: tf.Tensor4D): tf.Tensor4D[];
}

/**
 * Builds a multi-scale discriminator: at each scale 4x4 convolutions with stride 2, instance normalisation on all but the
 * first, leaky ReLU 0.2, and a 3x3 convolution to one logit a patch.
 *
 * @param sizes Scales, layers, channels, see {@linkcode discriminatorSizes}.
 * @param seed Seed of the first weights.
 * @returns The discriminator; the side of its pictures must be a multiple of 2 to the power of scales + layers.
 * @throws Problem when there is no scale or no layer.
 */
export function multiScaleDiscriminator(
  { scales, layers, channels }: DiscriminatorSizes,
  seed: number,
): MultiScaleDiscriminator {
  if (!(scales >= 1 && layers >= 1)) {
    throw cannot("build discriminator", "one scale and one layer or more", `${scales} and ${layers}`);
  }
  const weights = newWeights(seed);
  const patches = Array.from(
    { length: scales },
    (_, i) => patchLogits(weights.within(`scale${i + 1}`), layers, channels),
  );
  return {
    weights,
    judge(faces) {
      let seen = faces.mul(2).sub(1) as tf.Tensor4D;
      return patches.map((judge, i) => {
        if (i > 0) seen = tf.avgPool(seen, 2, 2, "valid");
        return judge(seen);
      });
    },
  };
}

function patchLogits(weights: Weights, layers: number, channels: number): Layer4D {
  const widths = Array.from({ length: layers }, (_, i) => Math.min(channels * 2 ** i, 512));
  const strided = widths.map((to, i) => {
    const own = weights.within(`down${i + 1}`);
    const first = i === 0;
    const conv = convolution(own, { from: widths[i - 1] ?? 3, to, kernel: 4, stride: 2, pad: 1, bias: first });
    const norm = first ? undefined : instanceNorm(own, to);
    return (x: tf.Tensor4D) => leakyRelu(norm ? norm(conv(x)) : conv(x), 0.2);
  });
  const logits = convolution(weights.within("logits"), { from: widths.at(-1)!, to: 1 });
  return (x) => logits(strided.reduce((y, layer) => layer(y), x));
}
