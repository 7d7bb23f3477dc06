/**
 * AEI-Net told one identity: a model that the conversion of photographs and videos takes as it takes an autoencoder.
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { tf } from "../../runtime/mod.ts";
import type { FaceConverter } from "../deepfacelab/pair_model.ts";
import type { AeiModel } from "./aei.ts";

/** A converter for one identity. */
export interface IdentityConverter extends FaceConverter {
  /** Frees the identity; the model stays. */
  dispose(): void;
}

/**
 * Tells AEI-Net whose face to make. It predicts no mask, so that masks are ones: to be put back with the mask "full" (all
 * of the aligned square), "dst" (the landmarks' hull) or a segmentation network's. Asked for the destination's face it
 * gives faces as they are.
 *
 * @example Swap the face of a film
 * ```ts
 * import { type AeiModel, convertFrames, identityConverter } from "doppel/generators/mod.ts";
 * import type { VideoFrame } from "doppel/image/mod.ts";
 *
 * export function swap(model: AeiModel, identity: Float32Array, frames: AsyncIterable<VideoFrame>) {
 *   return convertFrames(identityConverter(model, identity), frames, { mask: "full", colour: "none", blur: 0.03 });
 * }
 * ```
 *
 * @param model A trained model, alone or with its second stage.
 * @param identity z_id of the source, of length 1 (see `identityDirections`).
 * @returns The converter.
 * @throws Problem when the embedding is of another length.
 */
export function identityConverter(model: AeiModel, identity: Float32Array): IdentityConverter {
  const { identity: length } = model.sizes;
  if (identity.length !== length) {
    throw cannot("swap faces", `an embedding of ${length} numbers`, String(identity.length));
  }
  const source = tf.keep(tf.tensor2d(identity, [1, length]));
  return {
    sizes: model.sizes,
    convert(faces, to) {
      const [batch, height, width] = faces.shape;
      const face = to === "source" ? model.swap(faces, source.tile([batch, 1])) : faces.clone();
      return { face, mask: tf.ones([batch, height, width, 1]) };
    },
    dispose: () => source.dispose(),
  };
}
