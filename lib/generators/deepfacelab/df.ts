/**
 * DF: one encoder and one inter shared by two persons, and a decoder for each.
 *
 * Paper: DeepFaceLab, Perov et al., arXiv 2005.05535, figure 3a; layers as in its SAEHD model with archi `df`.
 * Parameters: 3.05 M (64 px, e16 d16 ae64 m6), 11.9 M (64 px, e32 d32 ae128 m10), 57.5 M (128 px, e64 d64 ae256 m22).
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { newWeights, type Weights } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";
import { decoder, type Prediction } from "./decoder.ts";
import { encoder } from "./encoder.ts";
import { inter } from "./inter.ts";

/** Sizes of an autoencoder, in DeepFaceLab's names. */
export interface Sizes {
  /** Height and width of a face in pixels, a multiple of 16. */
  readonly resolution: number;
  /** Channels of the encoder's first stage (`e_dims`). */
  readonly encoder: number;
  /** Channels of the decoder's last stage (`d_dims`). */
  readonly decoder: number;
  /** Length of the code (`ae_dims`). */
  readonly code: number;
  /** Channels of the mask branch's last stage (`d_mask_dims`). */
  readonly mask: number;
}

/** Sizes that have a name. */
export const dfSizes = {
  /** 3.05 M parameters: a recognisable swap after minutes on two cores. */
  small: { resolution: 64, encoder: 16, decoder: 16, code: 64, mask: 6 },
  /** 11.9 M parameters: sharper, about four times the work. */
  medium: { resolution: 64, encoder: 32, decoder: 32, code: 128, mask: 10 },
  /** 57.5 M parameters: DeepFaceLab's own sizes, for a GPU. */
  paper: { resolution: 128, encoder: 64, decoder: 64, code: 256, mask: 22 },
} as const satisfies Record<string, Sizes>;

/** The person on whose photographs the face is put is the destination; the face that is put there is the source's. */
export type Side = "source" | "destination";

/** An autoencoder of two persons. */
export interface FacePairModel {
  /** The model's name in the registry. */
  readonly name: "df";
  readonly sizes: Sizes;
  readonly weights: Weights;
  /**
   * Reconstructs faces of both persons, for training.
   *
   * @param source Faces of the source person, `[batch, R, R, 3]` in [0, 1].
   * @param destination Faces of the destination person, of the same shape.
   * @returns Each side's face and mask.
   */
  reconstruct(source: tf.Tensor4D, destination: tf.Tensor4D): Record<Side, Prediction>;
  /**
   * Gives faces of one person the face of another.
   *
   * @param faces Aligned faces, `[batch, R, R, 3]` in [0, 1].
   * @param to Whose face they get. "source" for faces of the destination is the usual swap.
   * @returns The new face with its mask.
   */
  convert(faces: tf.Tensor4D, to: Side): Prediction;
}

/**
 * Builds a DF autoencoder.
 *
 * @example Swap a batch of faces
 * ```ts
 * import { df, dfSizes } from "doppel/generators/mod.ts";
 * import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
 *
 * await useTensorFlow();
 * const model = df(dfSizes.small, 1);
 * const { face, mask } = model.convert(tf.zeros([1, 64, 64, 3]), "source");
 * ```
 *
 * @param sizes Resolution and channels, see {@linkcode dfSizes}.
 * @param seed Seed of the first weights.
 * @returns The model.
 * @throws Problem when the resolution is not a multiple of 16.
 */
export function df(sizes: Sizes, seed: number): FacePairModel {
  const { resolution, encoder: e, decoder: d, code, mask } = sizes;
  if (resolution % 16 !== 0 || resolution < 32) {
    throw cannot("build DF", "a resolution that is a multiple of 16, at least 32", String(resolution));
  }
  const weights = newWeights(seed);
  const encode = encoder(weights.within("encoder"), e);
  const squeeze = inter(weights.within("inter"), { side: resolution / 16, from: e * 8, code, to: code });
  const decoderSizes = { from: code, channels: d, maskChannels: mask };
  const decode: Record<Side, (x: tf.Tensor4D) => Prediction> = {
    source: decoder(weights.within("decoder_source"), decoderSizes),
    destination: decoder(weights.within("decoder_destination"), decoderSizes),
  };

  return {
    name: "df",
    sizes,
    weights,
    reconstruct(source, destination) {
      // The shared part sees both persons as one batch: one larger convolution is faster than two.
      const codes = squeeze(encode(tf.concat([source, destination], 0)));
      const [sourceCode, destinationCode] = tf.split(codes, [source.shape[0], destination.shape[0]], 0);
      return {
        source: decode.source(sourceCode as tf.Tensor4D),
        destination: decode.destination(destinationCode as tf.Tensor4D),
      };
    },
    convert: (faces, to) => decode[to](squeeze(encode(faces))),
  };
}
