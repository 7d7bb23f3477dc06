/**
 * Sharpness inside a mask.
 *
 * @module
 */

import { type Picture, requirePicture } from "doppel/image/mod.ts";
import { mean } from "./bootstrap.ts";
import { requireWeight } from "./pixels.ts";

/** Rec. 601 weights of red, green and blue in grey. */
const LUMA = [0.299, 0.587, 0.114] as const;

/**
 * Mean gradient magnitude of the grey picture (central differences), each pixel weighted by the mask. The outermost
 * pixels have no gradient and do not count.
 *
 * @param picture `[height, width, channels]` in [0, 1].
 * @param mask `[height, width, 1]`, the face; without it the whole picture.
 * @returns Change of grey value a pixel, at least 0.
 * @throws {Problem} When the mask has another size.
 * @throws {RangeError} When the mask is empty.
 */
export function sharpness(picture: Picture, mask?: Picture): number {
  const { width, height, channels, data } = picture;
  if (mask) requirePicture(mask, "measure sharpness", "the mask", { width, height, channels: 1 });
  const grey = (i: number) =>
    channels === 1 ? data[i]! : LUMA[0] * data[3 * i]! + LUMA[1] * data[3 * i + 1]! + LUMA[2] * data[3 * i + 2]!;
  let total = 0;
  let weights = 0;
  for (let row = 1; row < height - 1; row++) {
    for (let column = 1; column < width - 1; column++) {
      const i = row * width + column;
      const weight = mask ? mask.data[i]! : 1;
      if (weight === 0) continue;
      total += weight * Math.hypot((grey(i + 1) - grey(i - 1)) / 2, (grey(i + width) - grey(i - width)) / 2);
      weights += weight;
    }
  }
  return total / requireWeight(weights, "measure sharpness");
}

/**
 * Sharpness of a swap over that of real photographs of the source person: 1 is as sharp as these, less is softer.
 *
 * @param swap The swapped face and its mask.
 * @param photographs Real photographs of the source person with their masks, at the same size and alignment.
 * @returns The ratio, at least 0.
 * @throws {RangeError} When there are no photographs, or a mask is empty.
 */
export function relativeSharpness(
  swap: { picture: Picture; mask?: Picture },
  photographs: readonly { picture: Picture; mask?: Picture }[],
): number {
  if (photographs.length === 0) {
    throw new RangeError("Cannot compare sharpness: expected photographs of the source person, got none");
  }
  return sharpness(swap.picture, swap.mask) / mean(photographs.map(({ picture, mask }) => sharpness(picture, mask)));
}
