/**
 * Detector metrics, always over a whole set and never averaged over batches: ranking (AUC, average precision), the equal
 * error rate, and accuracy for each class apart.
 *
 * @module
 */

/** A scored picture: how forged the detector thinks it is, and whether it is. */
export interface Scored {
  /** Higher means more likely forged. */
  readonly score: number;
  /** Whether the picture is forged. */
  readonly forged: boolean;
}

/** One threshold of the curve. */
export interface RocPoint {
  /** Pictures that score at least this are called forged. */
  readonly threshold: number;
  /** Share of real pictures called forged. */
  readonly falsePositiveRate: number;
  /** Share of forged pictures called forged. */
  readonly truePositiveRate: number;
}

/**
 * The ROC curve, one point a distinct score, from (0, 0) to (1, 1).
 *
 * @param scored Scored pictures of both classes.
 * @returns Points in order of falling threshold.
 * @throws {RangeError} When a class is missing or a score is not finite.
 */
export function rocCurve(scored: readonly Scored[]): RocPoint[] {
  const { groups, forged, real } = byScore(scored);
  let [hits, alarms] = [0, 0];
  const points = groups.map((group) => {
    hits += group.forged;
    alarms += group.real;
    return { threshold: group.score, falsePositiveRate: alarms / real, truePositiveRate: hits / forged };
  });
  return [{ threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 }, ...points];
}

/**
 * Area under the ROC curve: the chance that a forged picture scores above a real one, ties counting half.
 *
 * @param scored Scored pictures of both classes.
 * @returns Area in [0, 1]; 0.5 is chance.
 * @throws {RangeError} When a class is missing or a score is not finite.
 */
export function rocAuc(scored: readonly Scored[]): number {
  const { groups, forged, real } = byScore(scored);
  let hits = 0;
  let area = 0;
  for (const group of groups) {
    area += group.real * (hits + group.forged / 2);
    hits += group.forged;
  }
  return area / (forged * real);
}

/**
 * Average precision: the sum of precision times the step in recall, without interpolation.
 *
 * @param scored Scored pictures of both classes.
 * @returns Average precision in (0, 1]; the share of forged pictures is chance.
 * @throws {RangeError} When a class is missing or a score is not finite.
 */
export function averagePrecision(scored: readonly Scored[]): number {
  const { groups, forged } = byScore(scored);
  let [hits, alarms, sum] = [0, 0, 0];
  for (const group of groups) {
    hits += group.forged;
    alarms += group.real;
    sum += group.forged / forged * hits / (hits + alarms);
  }
  return sum;
}

/**
 * The equal error rate: where the ROC curve, straight between its points, crosses the line on which as many real
 * pictures are called forged as forged ones real.
 *
 * @param scored Scored pictures of both classes.
 * @returns The rate in [0, 1].
 * @throws {RangeError} When a class is missing or a score is not finite.
 */
export function equalErrorRate(scored: readonly Scored[]): number {
  const curve = rocCurve(scored);
  const gap = (point: RocPoint) => point.falsePositiveRate - (1 - point.truePositiveRate);
  const after = curve.findIndex((point) => gap(point) >= 0);
  const [from, to] = [curve[after - 1]!, curve[after]!];
  const share = -gap(from) / (gap(to) - gap(from));
  return from.falsePositiveRate + share * (to.falsePositiveRate - from.falsePositiveRate);
}

/**
 * Accuracy at a threshold, also for each class apart: ranking and calibration can differ by tens of points.
 *
 * @param scored Scored pictures of both classes.
 * @param threshold Pictures that score at least this are called forged.
 * @returns Shares in [0, 1]: of all pictures, of real and of forged ones, and the mean of the latter two.
 * @throws {RangeError} When a class is missing or a score is not finite.
 */
export function accuracy(
  scored: readonly Scored[],
  threshold = 0.5,
): { all: number; real: number; forged: number; balanced: number } {
  const { forged, real } = byScore(scored);
  const hits = scored.filter((picture) => picture.forged && picture.score >= threshold).length;
  const passes = scored.filter((picture) => !picture.forged && picture.score < threshold).length;
  const shares = { real: passes / real, forged: hits / forged };
  return { all: (hits + passes) / scored.length, ...shares, balanced: (shares.real + shares.forged) / 2 };
}

/** Counts by distinct score, highest first. */
function byScore(scored: readonly Scored[]) {
  const wrong = scored.find(({ score }) => !Number.isFinite(score));
  if (wrong) throw new RangeError(`Cannot rank pictures: expected finite scores, got ${wrong.score}`);
  const groups: { score: number; forged: number; real: number }[] = [];
  for (const { score, forged } of scored.toSorted((a, b) => b.score - a.score)) {
    if (groups.at(-1)?.score !== score) groups.push({ score, forged: 0, real: 0 });
    groups.at(-1)![forged ? "forged" : "real"]++;
  }
  const forged = scored.filter((picture) => picture.forged).length;
  const real = scored.length - forged;
  if (!forged || !real) {
    throw new RangeError(`Cannot rank pictures: expected both classes, got ${real} real and ${forged} forged`);
  }
  return { groups, forged, real };
}
