/**
 * Things before a face, drawn at random: what neither the bundled photographs nor a few hand-made masks have enough of. A
 * network that is shown them pasted over faces, with the mask cut out, learns to leave out real ones. FaceShifter's
 * HEAR-Net is trained with such occlusions too (Li et al., arXiv 1912.13457, section 3.2).
 *
 * @module
 */

import { createPicture, drawCover, gaussianBlur, type Picture } from "doppel/image/mod.ts";
import { cannot } from "doppel/problem.ts";
import { index, type RandomSource, uniform } from "../random.ts";
import { shapeOf } from "./occluder_shapes.ts";
import { paintTexture } from "./textures.ts";

/**
 * What is drawn: a rounded or straight-edged `blob`, an `ellipse`, a `bar` across the picture, `fingers` with or without a
 * palm, a `cloth` that comes in from one side, `strands` of hair, the frame of `glasses`, or lines of `text`.
 */
export type OccluderKind = "blob" | "ellipse" | "bar" | "fingers" | "cloth" | "strands" | "glasses" | "text";

/** All kinds. */
export const OCCLUDER_KINDS: readonly OccluderKind[] = [
  "blob",
  "ellipse",
  "bar",
  "fingers",
  "cloth",
  "strands",
  "glasses",
  "text",
];

/** Something to be pasted over a face. */
export interface Occluder {
  readonly kind: OccluderKind;
  /** Its colours, `[size, size, 3]`; defined everywhere, to be seen where `alpha` is above 0. */
  readonly picture: Picture;
  /** How much of each pixel it covers, `[size, size, 1]`. */
  readonly alpha: Picture;
}

/**
 * Draws an occluder of random kind, place, size, turn and colour.
 *
 * @example Cover a face, and its mask
 * ```ts
 * import { cutFromMask, drawOccluder, type FaceSample, pasteOccluder } from "doppel/data/mod.ts";
 * import { randomSource } from "doppel/random.ts";
 *
 * export function covered({ picture, mask }: FaceSample): FaceSample {
 *   const occluder = drawOccluder(picture.width, randomSource(1, "occluder"), []);
 *   return { picture: pasteOccluder(picture, occluder), mask: cutFromMask(mask, occluder) };
 * }
 * ```
 *
 * @param size Side of the square in pixels.
 * @param random Where numbers come from.
 * @param textures Squares to paint it with, such as `cutTextures` gives; without any it is of one colour.
 * @param options `kinds`: which to choose from. Default all.
 * @returns The occluder. It lies at least partly in the middle of the square, where a face is.
 * @throws {Problem} When there is no kind to choose from.
 */
export function drawOccluder(
  size: number,
  random: RandomSource,
  textures: readonly Picture[],
  { kinds = OCCLUDER_KINDS }: { readonly kinds?: readonly OccluderKind[] } = {},
): Occluder {
  const kind = kinds[index(random, kinds.length)];
  if (!kind) throw cannot("draw occluder", "at least one kind", "none");
  const sharp = drawCover(shapeOf(kind, size, random), size, size);
  const alpha = gaussianBlur(sharp, uniform(random, 0, 0.01) * size);
  return { kind, picture: paintTexture(size, random, textures), alpha };
}

/**
 * Lays an occluder over a picture.
 *
 * @param picture `[size, size, 3]`.
 * @param occluder Of the same size.
 * @returns The covered picture.
 */
export function pasteOccluder(
  { data, ...shape }: Picture,
  { picture, alpha }: Pick<Occluder, "picture" | "alpha">,
): Picture {
  requireSize(shape, alpha);
  const out = data.map((value, i) => {
    const share = alpha.data[(i / 3) | 0]!;
    return value + (picture.data[i]! - value) * share;
  });
  return createPicture(shape.width, shape.height, shape.channels, out);
}

/**
 * Takes an occluder off a mask.
 *
 * @param mask `[size, size, 1]`.
 * @param occluder Of the same size.
 * @returns The mask of what is still seen.
 */
export function cutFromMask({ data, ...shape }: Picture, { alpha }: Pick<Occluder, "alpha">): Picture {
  requireSize(shape, alpha);
  return createPicture(shape.width, shape.height, shape.channels, data.map((value, i) => value * (1 - alpha.data[i]!)));
}

function requireSize(shape: { readonly width: number; readonly height: number }, alpha: Picture): void {
  if (shape.width === alpha.width && shape.height === alpha.height) return;
  const size = ({ width, height }: { width: number; height: number }) => `${width}x${height}`;
  throw cannot("paste occluder", `one of ${size(shape)} pixels`, size(alpha));
}
