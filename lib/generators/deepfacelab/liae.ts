/**
 * LIAE: one encoder, two inters and one decoder. The code of a destination face is [B, AB], that of a source face
 * [AB, AB]: what both persons share goes through AB, what is the destination's alone through B.
 *
 * Paper: DeepFaceLab, Perov et al., arXiv 2005.05535, figure 3b; layers as in its SAEHD model with archi `liae`.
 * Parameters: 4.41 M (64 px, e16 d16 ae64 m6), 95.0 M (128 px, e64 d64 ae256 m22), 82.4 M (the same with `ud`).
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
 * Builds a LIAE autoencoder.
 *
 * @example Swap a batch of faces
 * ```ts
 * import { liae, liaeSizes } from "doppel/generators/mod.ts";
 * import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
 *
 * await useTensorFlow();
 * const model = liae(liaeSizes.small, 1);
 * const { face, mask } = model.convert(tf.zeros([1, 64, 64, 3]), "source");
 * ```
 *
 * @param sizes Resolution and channels, see {@linkcode liaeSizes}.
 * @param seed Seed of the first weights.
 * @returns The model.
 * @throws Problem when the resolution does not fit the architecture.
 */
export function liae(sizes: Sizes, seed: number): FacePairModel {
  const plan = planOf("LIAE", sizes);
  const weights = newWeights(seed);
  const encode = encoder(weights.within("encoder"), plan);
  const interAB = inter(weights.within("inter_AB"), plan, plan.code * 2);
  const interB = inter(weights.within("inter_B"), plan, plan.code * 2);
  const decode = decoder(weights.within("decoder"), plan, plan.code * 4);
  const join = (a: tf.Tensor4D, b: tf.Tensor4D) => tf.concat([a, b], 3) as tf.Tensor4D;

  return {
    name: "liae",
    sizes,
    weights,
    inters: ["inter_AB/", "inter_B/"],
    reconstruct(source, destination) {
      const counts = [source.shape[0], destination.shape[0]];
      const encoded = encode(tf.concat([source, destination], 0));
      const [, ofDestination] = tf.split(encoded, counts, 0) as [tf.Tensor4D, tf.Tensor4D];
      const [sourceAB, destinationAB] = tf.split(interAB(encoded), counts, 0) as [tf.Tensor4D, tf.Tensor4D];
      const codes = [join(sourceAB, sourceAB), join(interB(ofDestination), destinationAB)];
      const { face, mask } = decode(tf.concat(codes, 0) as tf.Tensor4D);
      const [sourceFace, destinationFace] = tf.split(face, counts, 0) as [tf.Tensor4D, tf.Tensor4D];
      const [sourceMask, destinationMask] = tf.split(mask, counts, 0) as [tf.Tensor4D, tf.Tensor4D];
      return {
        source: { face: sourceFace, mask: sourceMask },
        destination: { face: destinationFace, mask: destinationMask },
      };
    },
    convert(faces, to) {
      const encoded = encode(faces);
      const shared = interAB(encoded);
      return decode(join(to === "source" ? shared : interB(encoded), shared));
    },
  };
}
