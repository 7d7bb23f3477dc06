import { cannot } from "doppel/problem.ts";
import { createPicture, type Picture, requirePicture } from "./picture.ts";

/** What every colour transfer takes besides its two pictures. */
export interface ColourTransferOptions {
  /** Which pixels of the picture count, and how much: its size, 1 channel in `[0, 1]`. Default all of them. */
  readonly mask?: Picture;
  /** Which pixels of the reference count: its size, 1 channel in `[0, 1]`. Default all of them. */
  readonly referenceMask?: Picture;
  /** Seed of the methods that draw random directions; the others draw nothing. Default 0. */
  readonly seed?: number;
}

/**
 * How much each pixel counts in the statistics of a picture.
 *
 * @param picture The picture, 3 channels.
 * @param mask Its mask, or none: then every pixel counts as 1.
 * @param action What is being attempted, for the message.
 * @param name What the picture is ("the reference").
 * @returns `[height * width]` weights of 0 or more, some of them above 0.
 * @throws {Problem} When the picture has no colour, or the mask is empty or of another size.
 */
export function pixelWeights(picture: Picture, mask: Picture | undefined, action: string, name: string): Float32Array {
  const { width, height } = picture;
  requirePicture(picture, action, name, { channels: 3 });
  if (!mask) return createPicture(width, height, 1, 1).data;
  requirePicture(mask, action, `the mask of ${name}`, { width, height, channels: 1 });
  // The mask itself, or the few values below 0 that a filter's overshoot leaves would count backwards.
  const weights = mask.data.some((value) => value < 0) ? mask.data.map((value) => Math.max(0, value)) : mask.data;
  if (!weights.some((value) => value > 0)) {
    throw cannot(action, `the mask of ${name} with some pixels in it`, "an empty one");
  }
  return weights;
}
