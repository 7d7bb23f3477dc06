/**
 * Whether a figure rises with a setting: Spearman's rank correlation, in the form that the bootstrap and the claims take.
 *
 * @module
 */

import { sampleRankCorrelation } from "simple-statistics";
import { measured, type Nested, nestRows, type Row } from "./nested.ts";

/** A setting and what was measured at it. */
export interface TrendPoint {
  /** The setting, such as a share or a weight. */
  readonly x: number;
  /** What was measured. */
  readonly y: number;
}

/**
 * Spearman's rank correlation, ties sharing their mean rank.
 *
 * @param points At least two settings.
 * @returns In [-1, 1]: 1 when the figure rises with the setting throughout, 0 when it is the same everywhere.
 * @throws {RangeError} When there are fewer than two settings, or a value is not finite.
 */
export function rankCorrelation(points: readonly TrendPoint[]): number {
  const wrong = points.find(({ x, y }) => !Number.isFinite(x) || !Number.isFinite(y));
  if (wrong) throw new RangeError(`Cannot correlate ranks: expected finite values, got ${wrong.x} and ${wrong.y}`);
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const settings = new Set(xs).size;
  if (settings < 2) throw new RangeError(`Cannot correlate ranks: expected at least two settings, got ${settings}`);
  // A figure that never changes follows nothing; its correlation is not defined.
  return new Set(ys).size < 2 ? 0 : sampleRankCorrelation(xs, ys);
}

/**
 * A part of a claim that a figure rises (or, with `direction: "lower"` beside it, falls) with a setting over arms.
 *
 * The correlation is computed within each innermost group and averaged over the groups, so that differences between seeds
 * and pairs do not hide the trend within them; every draw of the bootstrap keeps all settings.
 *
 * @example Identity over the identity weight, within seeds and pairs
 * ```ts
 * import { decideClaim, trend } from "doppel/evaluation/mod.ts";
 *
 * const rows = [1, 2, 3].flatMap((seed) =>
 *   [1, 5, 15].map((weight) => ({ seed, pair: "a-b", photo: 1, weight, id: 0.1 * seed + 0.01 * weight }))
 * );
 * const rule = { id: 13, statement: "ID rises", source: "FaceShifter", unit: "Spearman's rho" };
 * decideClaim({ ...rule, ...trend(rows, { x: "weight", y: "id", levels: ["seed", "pair"] }) }).verdict; // "supported"
 * ```
 *
 * @param rows One a measurement; a group may have any number at each setting.
 * @param options What over what.
 * @param options.x Column of the setting, numbers.
 * @param options.y Column of the figure, numbers.
 * @param options.levels Columns from the outermost group to the innermost in which a correlation is computed.
 * @returns Samples, statistic and strata for a claim's part, or for `hierarchicalBootstrap`.
 * @throws {Problem} When a column is missing or not a finite number.
 */
export function trend(
  rows: readonly Row[],
  { x, y, levels }: { readonly x: string; readonly y: string; readonly levels: readonly string[] },
): {
  readonly samples: Nested<TrendPoint>;
  readonly statistic: (points: readonly TrendPoint[]) => number;
  readonly strata: (point: TrendPoint) => number;
} {
  // Leaves need a name of their own within their group, and rows have none that is sure to be one.
  const leaf = "row of the table";
  const samples = nestRows<TrendPoint>(rows.map((row, i) => ({ ...row, [leaf]: i })), {
    levels: [...levels, leaf],
    value: (row) => ({ x: measured(row, x), y: measured(row, y) }),
  });
  return { samples, statistic: rankCorrelation, strata: (point) => point.x };
}
