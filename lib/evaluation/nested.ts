/**
 * Nested samples, the form that every statistic here takes: seeds hold pairs, pairs hold pictures. Built from flat result
 * rows, so that an experiment stores one row a measurement and groups them only when it asks a question.
 *
 * @module
 */

import { cannot } from "doppel/problem.ts";

/** Leaves (numbers or records, never arrays) inside groups inside groups, to any depth that is the same everywhere. */
export type Nested<T = number> = readonly T[] | readonly Nested<T>[];

/** One row of results: what was measured, and on what. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Groups rows by one column a level.
 *
 * @param rows The rows; each must have every column of `levels`.
 * @param options How to group.
 * @param options.levels Columns from the outermost group to the leaf, for example `["seed", "pair", "picture"]`. The
 * last one names the leaves and must be unique within its group. Groups keep the order in which they first appear.
 * @param options.value The column to take, or a function that makes a leaf from a row.
 * @returns Nested leaves, as deep as `levels` is long.
 * @throws {Problem} When a column is missing, a value is not a finite number, or a leaf occurs twice.
 */
export function nestRows<T = number>(
  rows: readonly Row[],
  { levels, value }: { levels: readonly string[]; value: string | ((row: Row) => T) },
): Nested<T> {
  const [level, ...rest] = levels;
  if (level === undefined) throw new RangeError("Cannot group rows: expected at least one level, got none");
  const groups = new Map<unknown, Row[]>();
  for (const row of rows) {
    const key = row[level];
    if (key === undefined) throw cannot("group result rows", `a column "${level}" in every row`, JSON.stringify(row));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  if (rest.length) return [...groups.values()].map((group) => nestRows(group, { levels: rest, value }));
  return [...groups].map(([key, group]) => {
    if (group.length > 1) {
      throw cannot("group result rows", `one row a ${level}`, `${group.length} rows with ${level} ${key}`);
    }
    return typeof value === "function" ? value(group[0]!) : measured(group[0]!, value) as T;
  });
}

/**
 * What one arm reaches above another, measurement by measurement: the arms share seeds, pairs and pictures, and only
 * the difference within the same seed, pair and picture is free of what these have in common.
 *
 * @example How far DF's identity gain lies above LIAE's
 * ```ts
 * import { pairedDifferences } from "doppel/evaluation/mod.ts";
 *
 * const rows = [
 *   { arm: "df", seed: 1, pair: "a-b", id: 0.5 },
 *   { arm: "liae", seed: 1, pair: "a-b", id: 0.375 },
 * ];
 * pairedDifferences(rows, { value: "id", arm: "df", against: "liae", levels: ["seed", "pair"] }); // [[0.125]]
 * ```
 *
 * @param rows Rows of both arms, and perhaps of others.
 * @param options What to compare.
 * @param options.value The measured column.
 * @param options.arm The arm that is claimed to be higher.
 * @param options.against The arm it is compared with.
 * @param options.levels Columns from the outermost group to the leaf.
 * @param options.column The column that names the arm.
 * @returns Nested differences `arm - against`.
 * @throws {Problem} When a measurement of one arm has no partner in the other.
 */
export function pairedDifferences(
  rows: readonly Row[],
  { value, arm, against, levels, column = "arm" }: {
    value: string;
    arm: string;
    against: string;
    levels: readonly string[];
    column?: string;
  },
): Nested {
  const keyOf = (row: Row) => levels.map((level) => `${level} ${row[level]}`).join(", ");
  const upper = rows.filter((row) => row[column] === arm);
  const lower = new Map(rows.filter((row) => row[column] === against).map((row) => [keyOf(row), row]));
  if (upper.length === 0) throw cannot("compare arms", `rows with ${column} ${arm}`, "none");
  const keys = new Set(upper.map(keyOf));
  const lonely = [...lower.keys()].find((key) => !keys.has(key));
  if (lonely !== undefined) throw cannot("compare arms", `a partner in ${arm} for every row of ${against}`, lonely);
  return nestRows(upper, {
    levels,
    value: (row) => {
      const partner = lower.get(keyOf(row));
      if (!partner) throw cannot("compare arms", `a partner in ${against} for every row of ${arm}`, keyOf(row));
      return measured(row, value) - measured(partner, value);
    },
  });
}

/** The leaves of nested samples in order. */
export function leavesOf<T>(nested: Nested<T>): T[] {
  return (nested as readonly unknown[]).flatMap((item) => Array.isArray(item) ? leavesOf<T>(item) : [item as T]);
}

/**
 * Reads a measurement.
 *
 * @param row A row of results.
 * @param column Which column.
 * @returns Its value.
 * @throws {Problem} When it is not a finite number.
 */
export function measured(row: Row, column: string): number {
  const number = row[column];
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw cannot("read a measurement", `a finite number in column "${column}"`, String(number), JSON.stringify(row));
}
