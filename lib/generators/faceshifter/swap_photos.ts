/**
 * Conversion with AEI-Net: the whole aligned square goes back into its photograph, softly, as FaceShifter does (the
 * network has kept the target's surroundings, so nothing has to be cut out).
 *
 * @module
 */

import { createPicture, labelPicture, type Picture } from "../../image/mod.ts";
import { alignFace, type FacePhoto, type FaceType, hullMask } from "../../faces/mod.ts";
import { composeFace, type ComposeOptions } from "../deepfacelab/compose_face.ts";
import type { Conversion } from "../deepfacelab/convert.ts";
import type { AeiModel } from "./aei.ts";
import { swapFaces } from "./swap_faces.ts";

/** How swapped faces are put back. */
export interface SwapPhotosOptions extends ComposeOptions {
  /** What is put back: the aligned square with a soft edge inside of it, or the landmarks' hull. Default "square". */
  readonly mask?: "square" | "hull";
  /** How the model's faces were cut out; the same as in training. Default "full". */
  readonly faceType?: FaceType;
  /** The visible label, or false for none. Default "SYNTHETIC". */
  readonly label?: string | false;
}

/**
 * Swaps the faces of photographs.
 *
 * @example Give a photograph another identity
 * ```ts
 * import { findOneFace } from "doppel/faces/mod.ts";
 * import { type AeiModel, swapPhotos } from "doppel/generators/mod.ts";
 * import { readPicture, writePicture } from "doppel/image/mod.ts";
 *
 * export async function swap(model: AeiModel, identity: Float32Array, path: string): Promise<void> {
 *   const photo = await readPicture(path);
 *   const { landmarks } = await findOneFace(photo);
 *   const [result] = await swapPhotos(model, [{ photo, landmarks }], identity);
 *   await writePicture("swap.png", result!.picture, { provenance: { synthetic: "true", generator: "aei" } });
 * }
 * ```
 *
 * @param model A trained model.
 * @param photos The photographs.
 * @param identity z_id of the source, of length 1: one for all photographs, or one for each.
 * @param options Mask, blending, label. Other than with autoencoders of two persons, colours are left as the network made
 * them (`colour: "none"`), and the edge is wider (`blur: 0.03`).
 * @returns One conversion a photograph, in the same order.
 * @throws Problem when an embedding is of another length or missing.
 */
export async function swapPhotos(
  model: AeiModel,
  photos: readonly FacePhoto[],
  identity: Float32Array | readonly Float32Array[],
  { mask = "square", faceType = "full", label = "SYNTHETIC", ...compose }: SwapPhotosOptions = {},
): Promise<Conversion[]> {
  const size = model.sizes.resolution;
  const aligned = photos.map(({ photo, landmarks }) => alignFace(photo, landmarks, { size, faceType }));
  const faces = await swapFaces(model, aligned.map(({ picture }) => picture), identity);
  return photos.map(({ photo }, i) => {
    const { picture: cut, landmarks, matrix } = aligned[i]!;
    const face = faces[i]!;
    const place = maskOf(mask, landmarks, size);
    const composed = composeFace(photo, cut, face, place, matrix, { colour: "none", blur: 0.03, ...compose });
    return {
      picture: label === false ? composed.picture : labelPicture(composed.picture, label),
      mask: composed.mask,
      aligned: cut,
      face,
    };
  });
}

function maskOf(mask: "square" | "hull", landmarks: Float32Array, size: number): Picture {
  return mask === "hull" ? hullMask(landmarks, size, size) : createPicture(size, size, 1, 1);
}
