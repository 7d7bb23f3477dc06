/**
 * How well a mask is predicted.
 *
 * @module
 */

import { type Picture, requirePicture } from "doppel/image/mod.ts";

/**
 * Intersection over union (Jaccard index) of two masks.
 *
 * @param a `[height, width, 1]`.
 * @param b Of the same shape.
 * @param options `threshold`: from which value on a pixel belongs to a mask. Default 0.5.
 * @returns In [0, 1]: 1 for the same pixels; two empty masks are the same.
 * @throws {Problem} When shapes differ.
 */
export function intersectionOverUnion(
  a: Picture,
  b: Picture,
  { threshold = 0.5 }: { readonly threshold?: number } = {},
): number {
  requirePicture(b, "compare masks", "two masks of one shape", { width: a.width, height: a.height, channels: 1 });
  requirePicture(a, "compare masks", "a mask", { channels: 1 });
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.data.length; i++) {
    const [inA, inB] = [a.data[i]! >= threshold, b.data[i]! >= threshold];
    if (inA && inB) both++;
    if (inA || inB) either++;
  }
  return either === 0 ? 1 : both / either;
}

/**
 * The share of a region that a mask covers.
 *
 * @param mask `[height, width, 1]`.
 * @param region Of the same shape.
 * @param options `threshold`: from which value on a pixel belongs to the mask, and to the region. Default 0.5.
 * @returns In [0, 1]; not a number for an empty region.
 * @throws {Problem} When shapes differ.
 */
export function shareCovered(
  mask: Picture,
  region: Picture,
  { threshold = 0.5 }: { readonly threshold?: number } = {},
): number {
  requirePicture(region, "compare masks", "two masks of one shape", {
    width: mask.width,
    height: mask.height,
    channels: 1,
  });
  let covered = 0;
  let all = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (region.data[i]! < threshold) continue;
    all++;
    if (mask.data[i]! >= threshold) covered++;
  }
  return covered / all;
}
