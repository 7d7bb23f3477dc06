/**
 * How well a model gives back held-out faces of its own persons: no swap, no photograph, aligned faces alone.
 *
 * @module
 */

import { ssim } from "doppel/evaluation/mod.ts";
import type { SetFace } from "doppel/data/mod.ts";
import { type FacePairModel, predictFaces } from "doppel/generators/mod.ts";
import { createPicture, type Picture } from "doppel/image/mod.ts";
import type { PairData } from "./train.ts";

/** How well one held-out face came back. */
export type ReconstructionRow = {
  readonly kind: "reconstruction";
  readonly arm: string;
  readonly seed: number;
  readonly pair: string;
  readonly person: string;
  readonly photo: number;
  /** After a quarter of the steps, or at the end. */
  readonly stage: "quarter" | "end";
  /** SSIM of the face inside its mask, at the model's resolution. */
  readonly ssim: number;
  /** Mean squared error inside the mask. */
  readonly error: number;
};

/**
 * Mean squared error of a face inside its mask.
 *
 * @param face The prediction, `[R, R, 3]`.
 * @param truth The photographed face.
 * @returns At least 0.
 */
export function faceError(face: Picture, { picture, mask }: Pick<SetFace, "picture" | "mask">): number {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < mask.data.length; i++) {
    const share = mask.data[i]!;
    weight += share * 3;
    for (let k = 3 * i; k < 3 * i + 3; k++) sum += share * (face.data[k]! - picture.data[k]!) ** 2;
  }
  return sum / weight;
}

/**
 * Reconstructs the held-out faces of both persons, each by the own decoder or code.
 *
 * @param model The model.
 * @param faces Faces of the pair.
 * @param cell Which arm, seed and pair, and at which stage.
 * @returns One row a face.
 */
export async function measureReconstruction(
  model: FacePairModel,
  { heldOut }: PairData,
  cell: Pick<ReconstructionRow, "arm" | "seed" | "pair" | "stage">,
): Promise<ReconstructionRow[]> {
  const rows: ReconstructionRow[] = [];
  for (const side of ["source", "destination"] as const) {
    const truths = heldOut[side];
    const predicted = await predictFaces(model, truths.map(({ picture }) => picture), { to: side });
    predicted.forEach(({ face }, photo) => {
      const truth = truths[photo]!;
      rows.push({
        kind: "reconstruction",
        ...cell,
        person: truth.person,
        photo,
        ssim: ssim(masked(face, truth.mask), masked(truth.picture, truth.mask)),
        error: faceError(face, truth),
      });
    });
  }
  return rows;
}

const masked = ({ width, height, data }: Picture, mask: Picture) =>
  createPicture(width, height, 3, data.map((value, i) => value * mask.data[Math.floor(i / 3)]!));
