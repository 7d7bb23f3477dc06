import { type Affine, composeAffine, resizePicture } from "../image/mod.ts";
import type { SetFace } from "./face_set.ts";

/**
 * Makes an aligned face smaller or larger, with all that goes with it.
 *
 * @param face A face of a set.
 * @param size The new side in pixels.
 * @returns The face: picture, masks, landmarks and the matrix from the photograph in the new size.
 */
export function resizeFace(face: SetFace, size: number): SetFace {
  const factor = size / face.picture.width;
  const scale: Affine = [factor, 0, 0, 0, factor, 0];
  const resized = (picture: SetFace["picture"]) =>
    resizePicture(picture, size, size, { interpolation: factor < 1 ? "area" : "bilinear" });
  return {
    ...face,
    picture: resized(face.picture),
    mask: resized(face.mask),
    ...(face.eyesMouth && { eyesMouth: resized(face.eyesMouth) }),
    landmarks: face.landmarks.map((value) => value * factor),
    matrix: composeAffine(scale, face.matrix),
  };
}
