/**
 * Autoencoders of whole pictures that differ in their up-sampler alone: a photograph that is passed through one keeps its
 * content and gains the spectrum of pictures made by networks with that up-sampler.
 *
 * Paper: AutoGAN, Zhang, Karaman and Chang, "Detecting and Simulating Artifacts in GAN Fake Images", WIFS 2019, arXiv
 * 1907.06515: an autoencoder shaped like a picture-to-picture GAN's generator, trained adversarially to give back what it
 * was given. The shape is CycleGAN's (Zhu et al., arXiv 1703.10593).
 *
 * Layers, C channels, B blocks: conv3 3->C; conv4 stride 2 C->2C; conv4 stride 2 2C->4C; B residual blocks 4C; up-sampler
 * 4C->2C; up-sampler 2C->C; conv3 C->3; sigmoid. Leaky ReLU 0.2 after all but the last. No normalisation, which would take
 * the picture's own brightness and contrast away; nothing leads past the bottleneck, so all of the picture goes through the
 * up-samplers.
 * Parameters: small (C16 B3) 0.287 M, with pixel shuffle 0.356 M; paper (C64 B9) 11.6 M, with pixel shuffle 12.8 M.
 *
 * @module
 */

import { convolution, newWeights, residualBlock, type Weights } from "../../nn/mod.ts";
import { leakyRelu, tf } from "../../runtime/mod.ts";
import type { DiscriminatorSizes } from "../faceshifter/multi_scale_discriminator.ts";
import { type UpSampler, upSampling } from "./up_samplers.ts";

/** Sizes of an autoencoder. */
export interface FingerprintSizes {
  /** Channels at full resolution, doubled at each lower one. */
  readonly channels: number;
  /** Residual blocks at a quarter of the resolution. */
  readonly blocks: number;
}

/** Sizes that have a name. */
export const fingerprintSizes = {
  /** For tests. */
  tiny: { channels: 8, blocks: 1 },
  /** 0.287 M parameters, 0.356 M with pixel shuffle: good reconstructions after minutes on two cores. */
  small: { channels: 16, blocks: 3 },
  /** 11.6 M parameters, 12.8 M with pixel shuffle: the widths and blocks of CycleGAN's generator. */
  paper: { channels: 64, blocks: 9 },
} as const satisfies Record<string, FingerprintSizes>;

/** Sizes of the discriminators that go with them; the side of what they judge is a multiple of 8, 32, 64. */
export const fingerprintDiscriminatorSizes = {
  tiny: { scales: 1, layers: 2, channels: 4 },
  small: { scales: 2, layers: 3, channels: 16 },
  paper: { scales: 3, layers: 3, channels: 64 },
} as const satisfies Record<keyof typeof fingerprintSizes, DiscriminatorSizes>;

/** An autoencoder of whole pictures. */
export interface FingerprintModel {
  /** The model's name in checkpoints. */
  readonly name: "fingerprint";
  readonly sizes: FingerprintSizes & { readonly up_sampler: UpSampler };
  readonly weights: Weights;
  /**
   * Gives pictures back.
   *
   * @param pictures `[batch, height, width, 3]` in [0, 1], height and width multiples of 4.
   * @returns Of the same shape, in [0, 1].
   */
  reconstruct(pictures: tf.Tensor4D): tf.Tensor4D;
}

/**
 * Builds an autoencoder.
 *
 * @example A picture of any size comes back in its size
 * ```ts
 * import { fingerprint, fingerprintSizes } from "doppel/generators/mod.ts";
 * import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
 *
 * await useTensorFlow();
 * const model = fingerprint(fingerprintSizes.small, "transposed", 1);
 * model.reconstruct(tf.zeros([1, 128, 96, 3])).shape; // [1, 128, 96, 3]
 * ```
 *
 * @param sizes Channels and blocks, see {@linkcode fingerprintSizes}.
 * @param upSampler How the decoder doubles the resolution.
 * @param seed Seed of the first weights; encoder and blocks begin alike for all up-samplers.
 * @returns The model.
 */
export function fingerprint(
  { channels, blocks }: FingerprintSizes,
  upSampler: UpSampler,
  seed: number,
): FingerprintModel {
  const weights = newWeights(seed);
  const head = convolution(weights.within("head"), { from: 3, to: channels });
  const down = [1, 2].map((scale) =>
    convolution(weights.within(`down${scale}`), {
      ...{ from: channels * scale, to: channels * scale * 2, kernel: 4, stride: 2, pad: 1 },
    })
  );
  const body = Array.from({ length: blocks }, (_, i) => residualBlock(weights.within(`block${i + 1}`), channels * 4));
  const up = [4, 2].map((scale, i) =>
    upSampling(weights.within(`up${i + 1}`), upSampler, channels * scale, channels * scale / 2)
  );
  const last = convolution(weights.within("picture"), { from: channels, to: 3 });
  return {
    name: "fingerprint",
    sizes: { channels, blocks, up_sampler: upSampler },
    weights,
    reconstruct(pictures) {
      const first = leakyRelu(head(pictures.mul(2).sub(1) as tf.Tensor4D), 0.2);
      const low = down.reduce((x, layer) => leakyRelu(layer(x), 0.2), first);
      const deep = body.reduce((x, layer) => layer(x), low);
      const high = up.reduce((x, layer) => leakyRelu(layer(x), 0.2), deep);
      return tf.sigmoid(last(high));
    },
  };
}
