/**
 * What the learned swaps have in common: an aligned face, a new face, a mask, and the way back into the photograph. The
 * real face goes the same way, so that it is sampled down to the network's resolution, up again and blended as the new one.
 *
 * @module
 */

import { composeFace, type ComposeOptions } from "doppel/generators/mod.ts";
import { type AlignedFace } from "doppel/faces/mod.ts";
import { gaussianBlur, type Picture } from "doppel/image/mod.ts";
import { cutCrop } from "./crop.ts";
import type { Made } from "./domain.ts";
import { facePhotoOf, type Target } from "./targets.ts";

/** A new face, ready to be laid back. */
export interface NewFace {
  /** The photograph's face as it was cut out. */
  readonly aligned: AlignedFace;
  /** What the network made of it, `[R, R, 3]`. */
  readonly face: Picture;
  /** Where it goes, `[R, R, 1]`. */
  readonly mask: Picture;
  /** How it is laid back. */
  readonly options: ComposeOptions;
}

/**
 * Lays a new face, and in its place the photograph's own, back into the photograph.
 *
 * @param data Folder of the set.
 * @param target The photograph.
 * @param made The new face.
 * @returns The forgery, and the photograph after the same treatment.
 */
export async function laidBack(data: string, target: Target, { aligned, face, mask, options }: NewFace): Promise<Made> {
  const { picture: own, matrix } = aligned;
  const compose = async (face: Picture) => {
    const { photo } = await facePhotoOf(data, target);
    return cutCrop(composeFace(photo, own, face, mask, matrix, options).picture, target.crop);
  };
  return { forged: await compose(face), matched: (sigma) => compose(gaussianBlur(own, sigma)) };
}
