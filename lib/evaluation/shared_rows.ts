/**
 * Comparisons of arms on the measurements that they share.
 *
 * @module
 */

import { hierarchicalBootstrap } from "./bootstrap.ts";
import { type Nested, nestRows, pairedDifferences, type Row } from "./nested.ts";

/** Differences of two arms, ready for a bootstrap or a claim. */
export interface SharedComparison {
  /** `of - against`, nested by the levels. */
  readonly samples: Nested;
  /** Whether every outermost group holds the same measurements, see `hierarchicalBootstrap`. */
  readonly crossed: boolean;
}

/**
 * Compares two groups of rows on the measurements that both have; rows without the figure are left out of both.
 *
 * @example How much sharper one arm is, on the photographs that both were measured on
 * ```ts
 * import { compareShared } from "doppel/evaluation/mod.ts";
 *
 * const of = [{ seed: 1, photo: 1, sharp: 0.9 }, { seed: 1, photo: 2, sharp: 0.8 }];
 * const against = [{ seed: 1, photo: 1, sharp: 0.5 }];
 * compareShared(of, against, { value: "sharp", levels: ["seed", "photo"] })?.samples; // [[0.4]]
 * ```
 *
 * @param of The rows that are claimed to be higher.
 * @param against The rows they are compared with.
 * @param options `value`: the measured column; `levels`: columns from the outermost group to the leaf.
 * @returns The differences; nothing where no measurement is shared.
 */
export function compareShared(
  of: readonly Row[],
  against: readonly Row[],
  { value, levels }: { readonly value: string; readonly levels: readonly string[] },
): SharedComparison | undefined {
  const keyOf = (row: Row) => JSON.stringify(levels.map((level) => row[level]));
  const measured = (rows: readonly Row[]) => rows.filter((row) => typeof row[value] === "number");
  const [upper, lower] = [measured(of), measured(against)];
  const [inUpper, inLower] = [new Set(upper.map(keyOf)), new Set(lower.map(keyOf))];
  const side = "compared side";
  const both = [
    ...upper.filter((row) => inLower.has(keyOf(row))).map((row) => ({ ...row, [side]: "of" })),
    ...lower.filter((row) => inUpper.has(keyOf(row))).map((row) => ({ ...row, [side]: "against" })),
  ];
  if (both.length === 0) return undefined;
  const samples = pairedDifferences(both, { value, arm: "of", against: "against", levels, column: side });
  return { samples, crossed: isCrossed(both, levels) };
}

/**
 * Names the photographs of rows across the directions of a pair: each row gets a column `picture`, `<person>/<photo>`.
 *
 * @param rows Rows with the columns `person` (whose face the photograph got) and `photo`.
 * @returns The rows with the column.
 */
export const namePictures = (rows: readonly Row[]): Row[] =>
  rows.map((row) => ({ ...row, picture: `${row["person"]}/${row["photo"]}` }));

/**
 * Whether every outermost group (every seed) holds the same measurements: only then may they be drawn once for all.
 *
 * @param rows The rows.
 * @param levels Columns from the outermost group to the leaf.
 * @returns Whether they do.
 */
export function isCrossed(rows: readonly Row[], levels: readonly string[]): boolean {
  const [outer, ...inner] = levels as [string, ...string[]];
  const groups = Map.groupBy(rows, (row) => row[outer]);
  const members = [...groups.values()].map((own) =>
    JSON.stringify([...new Set(own.map((row) => JSON.stringify(inner.map((level) => row[level]))))].sort())
  );
  return new Set(members).size === 1;
}

/**
 * Mean of a column with its 95 % interval; every outer group weighs the same.
 *
 * @param rows Rows with a number in the column.
 * @param options `value`: the column; `levels`: columns from the outermost group to the leaf.
 * @returns Estimate and interval.
 */
export function meanWithInterval(
  rows: readonly Row[],
  { value, levels }: { readonly value: string; readonly levels: readonly string[] },
): { readonly estimate: number; readonly interval: readonly [low: number, high: number] } {
  const { estimate, interval } = hierarchicalBootstrap(nestRows(rows, { levels, value }), {
    crossed: isCrossed(rows, levels),
  });
  return { estimate, interval };
}
