/**
 * Differences between two pictures, pixel by pixel, in the whole picture or inside a mask.
 *
 * @module
 */

import { type Picture, requirePicture } from "doppel/image/mod.ts";

/**
 * Mean absolute error (L1).
 *
 * @param a A picture, `[height, width, channels]` in [0, 1].
 * @param b Another of the same shape.
 * @param mask `[height, width, 1]`: each pixel's weight; without it all weigh the same.
 * @returns The error in [0, 1].
 * @throws {Problem} When shapes differ or the mask is empty.
 */
export function meanAbsoluteError(a: Picture, b: Picture, mask?: Picture): number {
  return meanOver(a, b, mask, Math.abs);
}

/**
 * Peak signal-to-noise ratio for values in [0, 1]: -10 log10 of the mean squared error.
 *
 * @param a A picture, `[height, width, channels]` in [0, 1].
 * @param b Another of the same shape.
 * @param mask `[height, width, 1]`: each pixel's weight; without it all weigh the same.
 * @returns Decibels; `Infinity` for equal pictures.
 * @throws {Problem} When shapes differ or the mask is empty.
 */
export function psnr(a: Picture, b: Picture, mask?: Picture): number {
  return -10 * Math.log10(meanOver(a, b, mask, (difference) => difference * difference)) + 0;
}

function meanOver(a: Picture, b: Picture, mask: Picture | undefined, cost: (difference: number) => number): number {
  const { width, height, channels } = a;
  requirePicture(b, "compare pictures", "two pictures of one shape", { width, height, channels });
  if (mask) requirePicture(mask, "compare pictures inside a mask", "the mask", { width, height, channels: 1 });
  let total = 0;
  let weights = 0;
  for (let pixel = 0, i = 0; pixel < width * height; pixel++) {
    const weight = mask ? mask.data[pixel]! : 1;
    weights += weight * channels;
    for (let channel = 0; channel < channels; channel++, i++) total += weight * cost(a.data[i]! - b.data[i]!);
  }
  return total / requireWeight(weights, "compare pictures inside a mask");
}

/**
 * Checks that a mask is not empty.
 *
 * @param weight Sum of the mask's values.
 * @param action What is being attempted, for the message.
 * @returns The weight.
 * @throws {RangeError} When it is not above 0.
 */
export function requireWeight(weight: number, action: string): number {
  if (weight > 0) return weight;
  throw new RangeError(`Cannot ${action}: expected a mask with at least one pixel set, got an empty one`);
}
