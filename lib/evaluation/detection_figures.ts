import { accuracy, averagePrecision, equalErrorRate, rocAuc, type Scored } from "./roc.ts";

/** What is said of a detector on a set of pictures, each in [0, 1]. */
export interface DetectionFigures {
  readonly auc: number;
  /** Average precision. */
  readonly ap: number;
  /** Equal error rate. */
  readonly eer: number;
  /** Balanced accuracy at the threshold. */
  readonly accuracy: number;
}

/**
 * Measures how well scores tell forged pictures from real ones, over the whole set.
 *
 * @param scored Scored pictures of both classes.
 * @param threshold Pictures that score at least this are called forged; to be chosen on others, see `balancedThreshold`.
 * @returns The figures.
 * @throws {RangeError} When a class is missing or a score is not finite.
 */
export function detectionFigures(scored: readonly Scored[], threshold: number): DetectionFigures {
  return {
    auc: rocAuc(scored),
    ap: averagePrecision(scored),
    eer: equalErrorRate(scored),
    accuracy: accuracy(scored, threshold).balanced,
  };
}
