/**
 * What a segmentation of faces is worth: how well it meets hand-made masks, and whether it leaves out what lies before the
 * face without giving up the face itself.
 *
 * @module
 */

import type { Picture } from "doppel/image/mod.ts";
import { mean } from "./bootstrap.ts";
import { intersectionOverUnion, shareCovered } from "./iou.ts";

/** A predicted mask and what it should have been, all of one shape, `[height, width, 1]`. */
export interface SegmentationCase {
  readonly predicted: Picture;
  /** The part of the face that is seen. */
  readonly truth: Picture;
  /** The part of the face that is covered by something, where there is such a part. */
  readonly covered?: Picture;
}

/** Means over cases, each in [0, 1]. */
export interface SegmentationScores {
  /** How many cases there were. */
  readonly cases: number;
  /** Intersection over union of prediction and truth. */
  readonly iou: number;
  /** Share of the visible face that the prediction has. */
  readonly kept: number;
  /** Share of what covers the face that the prediction leaves out, over cases with such a part; otherwise undefined. */
  readonly leftOut: number | undefined;
}

/**
 * Measures predicted masks.
 *
 * @param cases Predictions with their truth, at least one.
 * @returns The scores. A mask that is empty leaves out everything and keeps nothing, so both belong together.
 * @throws {Problem} When shapes differ.
 */
export function measureSegmentation(cases: readonly SegmentationCase[]): SegmentationScores {
  const covered = cases.filter((one) => one.covered?.data.some((value) => value >= 0.5));
  return {
    cases: cases.length,
    iou: mean(cases.map(({ predicted, truth }) => intersectionOverUnion(predicted, truth))),
    kept: mean(cases.map(({ predicted, truth }) => shareCovered(predicted, truth))),
    leftOut: covered.length === 0
      ? undefined
      : mean(covered.map(({ predicted, covered }) => 1 - shareCovered(predicted, covered!))),
  };
}
