/**
 * The square that is cut around a face: the same for the photograph and for what was forged of it, since it follows from
 * the photograph's landmarks alone.
 *
 * @module
 */

import { faceSquare } from "doppel/faces/mod.ts";
import { cropPicture, type Picture, type Region, resizePicture } from "doppel/image/mod.ts";

/** A square of a photograph at the detectors' resolution. */
export interface FaceCrop {
  /** The square in the photograph, of whole pixels. */
  readonly region: Region;
  /** Its side after resizing. */
  readonly size: number;
  /** The 68 landmarks in the resized square, `x, y` in turn. */
  readonly landmarks: Float32Array;
}

/**
 * The square is 1.4 times as large as the landmarks' box. The one that swaps are aligned in (face type `full`) is 1.28 times as
 * large (median of the bundled set), so its edge lies inside.
 */
const MARGIN = 0.2;
/** As far above the middle of the landmarks as the centre of the aligned square. */
const RAISED = 0.07;

/**
 * Places the square: upright, round the landmarks, moved inside where it would leave the photograph, and made smaller where
 * it is larger than that.
 *
 * @param photo The photograph's size.
 * @param landmarks 68 `x, y` pairs in its pixels, flat.
 * @param size Side of the result in pixels.
 * @returns The square.
 * @throws {Problem} When there are not 68 landmarks.
 */
export function faceCrop(
  photo: Pick<Picture, "width" | "height">,
  landmarks: Float32Array,
  size: number,
): FaceCrop {
  const region = faceSquare(landmarks, photo, MARGIN, RAISED);
  const scale = size / region.width;
  return {
    region,
    size,
    landmarks: landmarks.map((value, i) => (value - (i % 2 === 0 ? region.x : region.y)) * scale),
  };
}

/**
 * Cuts the square out of a photograph, or out of what was forged of it.
 *
 * @param photo 3 channels, of the size that the square was placed in.
 * @param crop The square.
 * @returns `[size, size, 3]`.
 */
export function cutCrop(photo: Picture, { region, size }: Pick<FaceCrop, "region" | "size">): Picture {
  return resizePicture(cropPicture(photo, region), size, size, { interpolation: "bicubic" });
}
