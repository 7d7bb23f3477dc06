import { rocCurve, type Scored } from "./roc.ts";

/**
 * The threshold with the best balanced accuracy (Youden's J), half way to the next lower score, so that a picture a little below
 * the last forged one is still called forged. To be chosen on other pictures than those that it is judged by.
 *
 * @param scored Scored pictures of both classes.
 * @returns Pictures that score at least this are called forged; the highest of those that are equally good.
 * @throws {RangeError} When a class is missing or a score is not finite.
 */
export function balancedThreshold(scored: readonly Scored[]): number {
  const curve = rocCurve(scored).slice(1);
  let [best, most] = [0, -Infinity];
  for (const [i, { truePositiveRate, falsePositiveRate }] of curve.entries()) {
    const gain = truePositiveRate - falsePositiveRate;
    if (gain > most) [best, most] = [i, gain];
  }
  const { threshold } = curve[best]!;
  return (threshold + (curve[best + 1]?.threshold ?? threshold)) / 2;
}
