import type { Affine } from "./affine.ts";
import { createPicture, type Picture } from "./picture.ts";

/** How often a picture is turned clockwise by 90 degrees. */
export type Quarters = 0 | 1 | 2 | 3;

/**
 * Turns a picture clockwise by quarters of a full turn; every value stays as it is.
 *
 * @param picture 1 or 3 channels.
 * @param quarters How many quarters.
 * @returns The turned picture; width and height change places for 1 and 3.
 */
export function turnPicture(picture: Picture, quarters: Quarters): Picture {
  const { width, height, channels, data } = picture;
  if (quarters === 0) return createPicture(width, height, channels, data.slice());
  const [columns, rows] = quarters % 2 === 0 ? [width, height] : [height, width];
  const out = new Float32Array(data.length);
  // Where the first pixel of the result comes from, and how far apart neighbours in its rows and columns are there.
  const first = quarters === 1 ? (height - 1) * width : quarters === 2 ? width * height - 1 : width - 1;
  const along = quarters === 1 ? -width : quarters === 2 ? -1 : width;
  const down = quarters === 1 ? 1 : quarters === 2 ? -width : -1;
  for (let y = 0, to = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const from = (first + x * along + y * down) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    }
  }
  return createPicture(columns, rows, channels, out);
}

/**
 * Where {@linkcode turnPicture} moves points to.
 *
 * @param width Columns of the picture before.
 * @param height Rows of the picture before.
 * @param quarters How many quarters clockwise.
 * @returns From points of the picture to points of the turned one.
 */
export function turnMatrix(width: number, height: number, quarters: Quarters): Affine {
  if (quarters === 1) return [0, -1, height, 1, 0, 0];
  if (quarters === 2) return [-1, 0, width, 0, -1, height];
  if (quarters === 3) return [0, 1, 0, -1, 0, width];
  return [1, 0, 0, 0, 1, 0];
}
