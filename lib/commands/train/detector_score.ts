/**
 * How well a detector does on labelled pictures.
 *
 * @module
 */

import type { PreparedPicture } from "../../data/mod.ts";
import { type Detector, type DetectorInput, featuresOf, judgePictures, scoreFeatures } from "../../detectors/mod.ts";
import { detectionFigures, type Scored } from "../../evaluation/mod.ts";
import type { DetectorFigures } from "../../experiment/mod.ts";

/** Pictures of a split, ready to be scored as often as wanted. */
export interface ScoredSplit {
  /** Whether there are pictures of both classes: without, nothing can be measured. */
  readonly isWhole: boolean;
  /** Scores all pictures. */
  score(model: Detector): Promise<Scored[]>;
}

/**
 * Makes a split ready: what a frozen recogniser says of its pictures is computed once.
 *
 * @param input What goes into the detector.
 * @param pictures The pictures.
 * @returns The split.
 */
export async function readySplit(input: DetectorInput, pictures: readonly PreparedPicture[]): Promise<ScoredSplit> {
  const shown = pictures.map(({ picture }) => picture);
  const features = await featuresOf(input, shown);
  return {
    isWhole: new Set(pictures.map(({ forged }) => forged)).size === 2,
    async score(model) {
      const scores = features ? await scoreFeatures(model, features) : await judgePictures(model, shown);
      return pictures.map(({ forged }, i) => ({ forged, score: scores[i]! }));
    },
  };
}

/**
 * The figures of a detector on a split.
 *
 * @param scored Scored pictures of both classes.
 * @param threshold Pictures that score at least this are called forged.
 * @returns The figures.
 */
export function figuresOf(scored: readonly Scored[], threshold: number): DetectorFigures {
  const forged = scored.filter((picture) => picture.forged).length;
  return {
    ...{ real: scored.length - forged, forged },
    ...detectionFigures(scored, threshold),
  };
}
