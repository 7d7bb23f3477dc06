import { type Affine, invertAffine, transformPoints } from "./affine.ts";
import { createPicture, type Picture } from "./picture.ts";

/** A rectangle of whole pixels inside a picture. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The part of a picture that an aligned square comes from, so that work on it need not touch the rest.
 *
 * @param picture The picture.
 * @param matrix From the picture to the square.
 * @param side Side of the square in pixels.
 * @param margin Pixels around it. Default 2.
 * @returns The rectangle, inside the picture, of at least one pixel.
 */
export function regionOf({ width, height }: Picture, matrix: Affine, side: number, margin = 2): Region {
  const corners = transformPoints(invertAffine(matrix), Float32Array.of(0, 0, side, 0, side, side, 0, side));
  const span = (axis: 0 | 1, size: number) => {
    const values = corners.filter((_, i) => i % 2 === axis);
    const clip = (value: number) => Math.min(size - 1, Math.max(0, value));
    const from = clip(Math.floor(Math.min(...values)) - margin);
    return [from, Math.max(1, clip(Math.ceil(Math.max(...values)) + margin - 1) - from + 1)] as const;
  };
  const [x, columns] = span(0, width);
  const [y, rows] = span(1, height);
  return { x, y, width: columns, height: rows };
}

/**
 * Cuts a rectangle out of a picture.
 *
 * @param picture 1 or 3 channels.
 * @param region A rectangle inside it.
 * @returns The part, its values copied.
 */
export function cropPicture({ width, channels, data }: Picture, region: Region): Picture {
  const out = createPicture(region.width, region.height, channels);
  for (let row = 0; row < region.height; row++) {
    const from = ((region.y + row) * width + region.x) * channels;
    out.data.set(data.subarray(from, from + region.width * channels), row * region.width * channels);
  }
  return out;
}

/**
 * Lays a part over a picture.
 *
 * @param picture The picture; it stays as it is.
 * @param part As many channels.
 * @param region Where the part goes, of the part's size, inside the picture.
 * @returns A copy of the picture with the part in it.
 */
export function pastePicture({ width, height, channels, data }: Picture, part: Picture, region: Region): Picture {
  const out = createPicture(width, height, channels, data.slice());
  for (let row = 0; row < region.height; row++) {
    const from = row * region.width * channels;
    out.data.set(
      part.data.subarray(from, from + region.width * channels),
      ((region.y + row) * width + region.x) * channels,
    );
  }
  return out;
}
