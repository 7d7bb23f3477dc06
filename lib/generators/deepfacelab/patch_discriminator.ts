/**
 * DeepFaceLab's U-Net patch discriminator (`core/leras/models/PatchDiscriminator.py`): logits for patches of a chosen
 * size at the bottom, and for every pixel at the top.
 *
 * @module
 */

import { convolution, type Layer4D, newWeights, transposedConvolution, type Weights } from "../../nn/mod.ts";
import { leakyRelu, tf } from "../../runtime/mod.ts";

/** Logits: positive where the discriminator takes the picture for real. */
export interface PatchLogits {
  /** One for each patch, `[batch, h, w, 1]`. */
  readonly centre: tf.Tensor4D;
  /** One for each pixel, `[batch, R, R, 1]`. */
  readonly full: tf.Tensor4D;
}

/** A U-Net patch discriminator. */
export interface PatchDiscriminator {
  readonly weights: Weights;
  /** Judges pictures `[batch, R, R, channels]`. */
  judge(x: tf.Tensor4D): PatchLogits;
}

/**
 * Builds a U-Net patch discriminator: a 1x1 convolution to `dims` channels, 3x3 convolutions whose strides give the
 * wanted receptive field, and as many transposed ones back with the encoder's features beside them; leaky ReLU 0.2.
 *
 * @param channels Channels of the pictures.
 * @param patch Wanted receptive field in pixels (`gan_patch_size`, R/8 in DeepFaceLab).
 * @param seed Seed of the first weights.
 * @param dims Channels at full resolution, doubling to 512 at most (`gan_dims`). Default 16.
 * @returns The discriminator; height and width of its pictures must be a multiple of the product of its strides.
 */
export function patchDiscriminator(channels: number, patch: number, seed: number, dims = 16): PatchDiscriminator {
  const weights = newWeights(seed);
  const strides = stridesFor(patch);
  const widths = [dims, ...strides.map((_, i) => Math.min(dims * 2 ** (i + 1), 512))];
  const first = convolution(weights.within("in"), { from: channels, to: dims, kernel: 1 });
  const down = strides.map((stride, i) =>
    convolution(weights.within(`down${i + 1}`), { from: widths[i]!, to: widths[i + 1]!, stride })
  );
  const up = strides.map((stride, i) => {
    const deepest = i === strides.length - 1;
    const from = widths[i + 1]! * (deepest ? 1 : 2);
    return transposedConvolution(weights.within(`up${i + 1}`), { from, to: widths[i]!, stride });
  });
  const centreLogits = convolution(weights.within("centre"), { from: widths.at(-1)!, to: 1, kernel: 1 });
  const fullLogits = convolution(weights.within("full"), { from: dims * 2, to: 1, kernel: 1 });

  const act = (layer: Layer4D, x: tf.Tensor4D) => leakyRelu(layer(x), 0.2);
  return {
    weights,
    judge(x) {
      const skips = [act(first, x)];
      for (const layer of down) skips.push(act(layer, skips.at(-1)!));
      const bottom = skips.pop()!;
      let y = bottom;
      for (let i = up.length - 1; i >= 0; i--) y = tf.concat([act(up[i]!, y), skips[i]!], 3) as tf.Tensor4D;
      return { centre: centreLogits(bottom), full: fullLogits(y) };
    },
  };
}

/**
 * Strides of at most nine 3x3 convolutions, the first 2 and the others 1 or 2, whose receptive field is nearest to the
 * wanted one; among equals the fewest layers, then the largest sum of strides.
 *
 * @param patch Wanted receptive field in pixels.
 * @returns The strides.
 */
export function stridesFor(patch: number): number[] {
  let best: { strides: number[]; off: number; sum: number } | undefined;
  for (let layers = 1; layers <= 9; layers++) {
    for (let bits = 0; bits < 2 ** (layers - 1); bits++) {
      const strides = [2, ...Array.from({ length: layers - 1 }, (_, i) => bits >> i & 1 ? 2 : 1)];
      const off = Math.abs(receptiveField(strides) - patch);
      const sum = strides.reduce((total, stride) => total + stride, 0);
      const better = !best || off < best.off || off === best.off && layers === best.strides.length && sum > best.sum;
      if (better) best = { strides, off, sum };
    }
  }
  return best!.strides;
}

/**
 * The receptive field of 3x3 convolutions one after another.
 *
 * @param strides Their strides.
 * @returns Pixels.
 */
export function receptiveField(strides: readonly number[]): number {
  let field = 1;
  let step = 1;
  for (const stride of strides) {
    field += 2 * step;
    step *= stride;
  }
  return field;
}
