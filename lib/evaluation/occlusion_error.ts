/**
 * What a swap does to things before the face, measured where it is known where they are.
 *
 * @module
 */

import { createPicture, dilate, type Picture, requirePicture } from "doppel/image/mod.ts";
import { meanAbsoluteError } from "./pixels.ts";

/** Where a photograph is covered, and what is compared. */
export interface OccludedSwap {
  /** The swap of the photograph with the occluder, without a label, `[height, width, 3]` in [0, 1]. */
  readonly swap: Picture;
  /** The photograph with the occluder. */
  readonly photograph: Picture;
  /**
   * The swap of the same photograph without the occluder: what the rest of the face should be. Left out where the model
   * puts the person's own face back; the rest should then be the photograph.
   */
  readonly clean?: Picture;
  /** How much of each pixel the occluder covers, `[height, width, 1]`. */
  readonly occluder: Picture;
  /** The whole face as it is without the occluder, `[height, width, 1]`. */
  readonly face: Picture;
}

/** Mean absolute differences in [0, 1]. */
export interface OcclusionErrors {
  /** From the photograph inside the occluder, as far as it lies before the face; undefined where it misses the face. */
  readonly inside: number | undefined;
  /** In the face that is left, away from the occluder's edge; undefined where nothing is left. */
  readonly outside: number | undefined;
}

/**
 * Mean absolute difference of a swap inside an occluder and in the rest of the face. Inside, 0 is an occluder left as it
 * was; outside, 0 is a face that the occluder has no influence on.
 *
 * @param compared Pictures and masks of one size.
 * @param options Where the rest begins.
 * @param options.margin Pixels round the occluder that count on neither side. Default a hundredth of the width, at least 1.
 * @returns Both errors.
 * @throws {Problem} When shapes differ.
 */
export function occlusionErrors(
  { swap, photograph, clean = photograph, occluder, face }: OccludedSwap,
  options: { readonly margin?: number } = {},
): OcclusionErrors {
  const { width, height } = photograph;
  for (const mask of [occluder, face]) {
    requirePicture(mask, "measure an occlusion", "masks as large as the photograph", { width, height, channels: 1 });
  }
  const { inside, outside } = occlusionRegions(occluder, face, options);
  return {
    inside: maskedDifference(swap, photograph, inside),
    outside: maskedDifference(swap, clean, outside),
  };
}

/**
 * The two parts of a face that an occluder makes.
 *
 * @param occluder How much of each pixel it covers, `[height, width, 1]`.
 * @param face The whole face as it is without it, of the same shape.
 * @param options `margin`: pixels round the occluder that count on neither side. Default a hundredth of the width, at least 1.
 * @returns `inside`: the occluder as far as it lies before the face; `outside`: the face away from everything that the
 * occluder touches.
 * @throws {Problem} When shapes differ.
 */
export function occlusionRegions(
  occluder: Picture,
  face: Picture,
  { margin = Math.max(1, Math.round(occluder.width / 100)) }: { readonly margin?: number } = {},
): { readonly inside: Picture; readonly outside: Picture } {
  const { width, height } = occluder;
  requirePicture(face, "part a face by an occluder", "two masks of one size", { width, height, channels: 1 });
  // Whatever it covers in part belongs to its edge.
  const touched = createPicture(width, height, 1, occluder.data.map((value) => value > 0 ? 1 : 0));
  const near = dilate(touched, margin);
  const over = (share: (i: number) => number) =>
    createPicture(width, height, 1, face.data.map((value, i) => value * share(i)));
  return { inside: over((i) => occluder.data[i]!), outside: over((i) => 1 - near.data[i]!) };
}

/**
 * Mean absolute difference of two pictures inside a mask that may be empty.
 *
 * @param a A picture, `[height, width, channels]` in [0, 1].
 * @param b Another of the same shape.
 * @param mask `[height, width, 1]`: each pixel's weight.
 * @returns The difference in [0, 1]; undefined for an empty mask, in which nothing can be said to be kept.
 * @throws {Problem} When shapes differ.
 */
export function maskedDifference(a: Picture, b: Picture, mask: Picture): number | undefined {
  return mask.data.some((weight) => weight > 0) ? meanAbsoluteError(a, b, mask) : undefined;
}
