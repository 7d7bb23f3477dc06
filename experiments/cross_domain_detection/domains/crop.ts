/**
 * The square that is cut around a face: the same for the photograph and for what was forged of it, since it follows from
 * the photograph's landmarks alone.
 *
 * @module
 */

import { cropPicture, type Picture, type Region, resizePicture } from "doppel/image/mod.ts";
import { cannot } from "doppel/problem.ts";

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
 * Side over the larger side of the landmarks' bounding box. The square that swaps are aligned in (face type `full`) is 1.28
 * times as large as that box (median of the bundled set), so its edge lies inside.
 */
const MARGIN = 1.4;
/** The centre lies so far above the box's, in sides of the box, as that of the aligned square: the box ends at the brows. */
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
  { width, height }: Pick<Picture, "width" | "height">,
  landmarks: Float32Array,
  size: number,
): FaceCrop {
  if (landmarks.length !== 136) throw cannot("crop face", "68 landmarks", String(landmarks.length / 2));
  const [left, right] = span(landmarks, 0);
  const [top, bottom] = span(landmarks, 1);
  const box = Math.max(right - left, bottom - top);
  const side = Math.max(1, Math.min(width, height, Math.round(MARGIN * box)));
  const inside = (start: number, whole: number) => Math.min(whole - side, Math.max(0, Math.round(start)));
  const x = inside((left + right - side) / 2, width);
  const y = inside((top + bottom - side) / 2 - RAISED * box, height);
  const scale = size / side;
  return {
    region: { x, y, width: side, height: side },
    size,
    landmarks: landmarks.map((value, i) => (value - (i % 2 === 0 ? x : y)) * scale),
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

function span(points: Float32Array, axis: 0 | 1): [number, number] {
  const values = points.filter((_, i) => i % 2 === axis);
  return [Math.min(...values), Math.max(...values)];
}
