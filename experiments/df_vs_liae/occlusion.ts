/**
 * What happens to things before a face: the known weakness of autoencoders, which paint over whatever their training did
 * not show. Synthetic occluders are laid over held-out photographs, so that it is known where they are.
 *
 * @module
 */

import { cutTextures, drawOccluder, type OccluderKind } from "doppel/data/mod.ts";
import { meanAbsoluteError, occlusionRegions, shareCovered } from "doppel/evaluation/mod.ts";
import { alignFace, hullMask, unalign } from "doppel/faces/mod.ts";
import type { FacePhoto } from "doppel/generators/mod.ts";
import { blendByMask, type Picture } from "doppel/image/mod.ts";
import { randomSource } from "doppel/random.ts";

/** How a photograph with something before the face came back. */
export type OcclusionRow = {
  readonly kind: "occlusion";
  readonly arm: string;
  readonly seed: number;
  readonly pair: string;
  /** Whose face the photograph got. */
  readonly person: string;
  readonly photo: number;
  /** "itself": the model puts the photographed person's own face back. "swap": the other person's. */
  readonly task: "itself" | "swap";
  /** By which mask. */
  readonly mask: string;
  readonly occluder: OccluderKind;
  /** Mean absolute difference from the photograph inside the occluder, in [0, 1]: 0 is left as it was. */
  readonly inside: number;
  /**
   * The same in the rest of the face; of a swap, the difference from the swap of the photograph without occluder, since
   * from the photograph it is meant to differ.
   */
  readonly outside: number;
};

/** A photograph with an occluder before the face. */
export interface OccludedPhoto extends FacePhoto {
  readonly occluder: OccluderKind;
  /** How much of each pixel it covers, 1 channel, of the photograph's size. */
  readonly alpha: Picture;
  /** The face without it, 1 channel, of the photograph's size. */
  readonly face: Picture;
}

/** Side of the square that occluders are drawn in. */
const SIDE = 256;
// Glasses belong to the face; the other kinds are what segmentation is trained with, in other draws.
const KINDS: readonly OccluderKind[] = ["blob", "ellipse", "bar", "fingers", "cloth", "strands"];

/**
 * Lays an occluder over each photograph: kinds in turn, place, size and colour by a fixed seed.
 *
 * @param photos The photographs.
 * @param name What tells their draws from others'.
 * @returns One a photograph.
 */
export function occlude(photos: readonly FacePhoto[], name: string): OccludedPhoto[] {
  return photos.map(({ photo, landmarks }, i) => {
    const { matrix, landmarks: aligned } = alignFace(photo, landmarks, { size: SIDE });
    const kind = KINDS[i % KINDS.length]!;
    const random = randomSource(1, "occlusion", name, i);
    // Painted with the photograph's own surroundings and skin: a plain patch would be told by its flatness.
    const textures = [
      ...cutTextures(photo, landmarks, random, { count: 2 }),
      ...cutTextures(photo, landmarks, random, { count: 1, from: "skin" }),
    ];
    const hullThere = hullMask(aligned, SIDE, SIDE);
    let drawn = drawOccluder(SIDE, random, textures, { kinds: [kind] });
    // One that only touches the face, or hides nearly all of it, would say nothing of inside or of outside.
    while (!isPartly(drawn.alpha, hullThere)) drawn = drawOccluder(SIDE, random, textures, { kinds: [kind] });
    const { picture, alpha } = drawn;
    const cover = unalign(alpha, matrix, photo);
    const hull = unalign(hullThere, matrix, photo);
    const { inside, outside } = occlusionRegions(cover, hull);
    return {
      photo: blendByMask(photo, unalign(picture, matrix, photo), cover),
      landmarks,
      occluder: kind,
      alpha: inside,
      face: outside,
    };
  });
}

/**
 * Measures conversions of photographs with occluders.
 *
 * @param cell Where the rows come from, whose face was put in, by which mask.
 * @param photos The photographs.
 * @param converted What became of them, without labels.
 * @param clean Swaps of the photographs without occluders; nothing where the person's own face was put back.
 * @returns One row a photograph.
 */
export function measureOcclusion(
  cell: Pick<OcclusionRow, "arm" | "seed" | "pair" | "person" | "mask">,
  photos: readonly OccludedPhoto[],
  converted: readonly Picture[],
  clean?: readonly Picture[],
): OcclusionRow[] {
  return photos.map(({ photo, occluder, alpha, face }, i) => ({
    kind: "occlusion",
    ...cell,
    photo: i,
    task: clean ? "swap" : "itself",
    occluder,
    inside: meanAbsoluteError(converted[i]!, photo, alpha),
    outside: meanAbsoluteError(converted[i]!, clean?.[i] ?? photo, face),
  }));
}

function isPartly(alpha: Picture, hull: Picture): boolean {
  const share = shareCovered(alpha, hull);
  return share > 0.03 && share < 0.7;
}
