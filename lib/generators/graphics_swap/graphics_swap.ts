/**
 * Graphics swap: the source's face is warped onto the target's landmarks, recoloured and blended in. Nothing is learned.
 * It stands beside the learned swaps as the baseline of FaceSwap (Kowalski) and of Nirkin et al. 2018 in their papers.
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import {
  createPicture,
  erode,
  labelPicture,
  type Picture,
  piecewiseWarp,
  poissonBlend,
  reinhardColourTransfer,
  transformPoints,
} from "../../image/mod.ts";
import { estimateSimilarity, type FacePhoto } from "../../faces/mod.ts";

/** A photograph with the new face. */
export interface GraphicsSwap {
  /** Of the photograph's size; outside the mask (and the label) bit for bit the same. */
  readonly picture: Picture;
  /** Where the photograph was changed, 1 channel, 0 or 1. */
  readonly mask: Picture;
  /** Which of the sources was used. */
  readonly source: number;
}

/**
 * Swaps a face by graphics: of the source's photographs the one whose landmarks fit best is warped piece by piece onto
 * the target's landmarks, takes on its colours (Reinhard) and is blended in (Poisson).
 *
 * @param target The photograph that gets the face.
 * @param sources Photographs of the source person, at least one.
 * @param options `label`: the visible label, default "SYNTHETIC", false for none.
 * @returns The swap.
 * @throws Problem when there is no source.
 */
export function graphicsSwap(
  target: FacePhoto,
  sources: readonly FacePhoto[],
  { label = "SYNTHETIC" }: { readonly label?: string | false } = {},
): GraphicsSwap {
  const source = bestSource(target, sources);
  const { photo, landmarks } = sources[source]!;
  const { width, height } = target.photo;
  const { picture, coverage } = piecewiseWarp(photo, landmarks, target.landmarks, { width, height });
  // The outermost pixels of the warp mix face and what is behind it.
  const mask = inner(erode(coverage, 2, { outside: "black" }));
  const recoloured = reinhardColourTransfer(picture, target.photo, { mask, referenceMask: mask });
  const blended = poissonBlend(target.photo, recoloured, mask);
  return { picture: label === false ? blended : labelPicture(blended, label), mask, source };
}

/** The source whose landmarks, brought over by a similarity, lie nearest to the target's. */
function bestSource(target: FacePhoto, sources: readonly FacePhoto[]): number {
  if (sources.length === 0) throw cannot("swap by graphics", "at least one photograph of the source", "none");
  const distances = sources.map(({ landmarks }) => {
    const carried = transformPoints(estimateSimilarity(landmarks, target.landmarks), landmarks);
    return carried.reduce((sum, value, i) => sum + (value - target.landmarks[i]!) ** 2, 0);
  });
  return distances.indexOf(Math.min(...distances));
}

/** Empties the border of the picture, which Poisson blending needs as its fixed edge. */
function inner({ width, height, data }: Picture): Picture {
  return createPicture(
    width,
    height,
    1,
    data.map((value, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return x > 0 && y > 0 && x < width - 1 && y < height - 1 && value > 0.5 ? 1 : 0;
    }),
  );
}
