/**
 * DF: one encoder and one inter shared by two persons, and a decoder for each.
 *
 * Paper: DeepFaceLab, Perov et al., arXiv 2005.05535, figure 3a; layers as in its SAEHD model with archi `df`.
 * Parameters: 3.05 M (64 px, e16 d16 ae64 m6), 11.9 M (64 px, e32 d32 ae128 m10), 57.5 M (128 px, e64 d64 ae256 m22).
 *
 * @module
 */

import { newWeights } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";
import { decoder } from "./decoder.ts";
import { encoder } from "./encoder.ts";
import { inter } from "./inter.ts";
import type { FacePairModel } from "./pair_model.ts";
import { planOf, type Sizes } from "./sizes.ts";

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
 * @throws Problem when the resolution does not fit the architecture.
 */
export function df(sizes: Sizes, seed: number): FacePairModel {
  const plan = planOf("DF", sizes);
  const weights = newWeights(seed);
  const encode = encoder(weights.within("encoder"), plan);
  const squeeze = inter(weights.within("inter"), plan, plan.code);
  const decode = {
    source: decoder(weights.within("decoder_source"), plan, plan.code),
    destination: decoder(weights.within("decoder_destination"), plan, plan.code),
  };

  return {
    name: "df",
    sizes,
    weights,
    inters: ["inter/"],
    reconstruct(source, destination) {
      // The shared part sees both persons as one batch: one larger convolution is faster than two.
      const both = squeeze(encode(tf.concat([source, destination], 0)));
      const [of, onto] = tf.split(both, [source.shape[0], destination.shape[0]], 0) as [tf.Tensor4D, tf.Tensor4D];
      return {
        source: decode.source(of),
        destination: decode.destination(onto),
        codes: { source: of, destination: onto },
      };
    },
    convert: (faces, to) => decode[to](squeeze(encode(faces))),
  };
}
