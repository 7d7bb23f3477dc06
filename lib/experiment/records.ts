/**
 * Records as files: JSON that is whole or absent, JSON lines that survive a crash, and data frames.
 *
 * @module
 */

import pl from "nodejs-polars";
import { writeFileWhole } from "doppel/image/mod.ts";
import type { Row } from "doppel/evaluation/mod.ts";
import { cannot } from "doppel/problem.ts";

/**
 * Writes JSON whole or not at all. JSON has no NaN, and a null in its place would read as "not measured": refused.
 *
 * @param path Where.
 * @param value Any value that JSON holds.
 * @throws {Problem} When a number in it is not finite.
 */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value, function (key, item: unknown) {
    if (typeof item === "number" && !Number.isFinite(item)) {
      throw cannot(`write ${path}`, "finite numbers", String(item), key);
    }
    return item;
  }, 2);
  await writeFileWhole(path, text + "\n");
}

/**
 * Reads JSON.
 *
 * @param path The file.
 * @param what What it is, for the message ("run settings").
 * @returns Its value.
 * @throws {Problem} When it is not there or is not JSON.
 */
export async function readJson(path: string, what: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw cannot(`read ${what}`, "a file", "none", path);
    if (error instanceof SyntaxError) throw cannot(`read ${what}`, "JSON", error.message, path);
    throw error;
  }
}

/**
 * A data frame of rows that need not all have the same columns; a missing value is null, anything but a number, string
 * or boolean is kept as JSON.
 *
 * @param rows The rows.
 * @param columns Columns in order; all that occur when left out.
 * @returns The frame.
 */
export function frameOf(
  rows: readonly Row[],
  columns: readonly string[] = [...new Set(rows.flatMap((row) => Object.keys(row)))],
): pl.DataFrame {
  const column = (name: string) => {
    const values = rows.map((row) => row[name] ?? null);
    const kinds = new Set(values.filter((value) => value !== null).map((value) => typeof value));
    const kind = kinds.size === 1 ? [...kinds][0] : "mixed";
    if (kind === "number") {
      const whole = values.every((value) => value === null || (value as number) === ((value as number) | 0));
      // Not made as whole numbers at once: that turns a missing value into 0.
      const numbers = pl.Series(name, values as number[], pl.Float64);
      return whole ? numbers.cast(pl.Int32) : numbers;
    }
    if (kind === "boolean") return pl.Series(name, values as boolean[], pl.Bool);
    const text = (value: unknown) => value === null || typeof value === "string" ? value : JSON.stringify(value);
    return pl.Series(name, values.map(text) as string[], pl.Utf8);
  };
  return pl.DataFrame(columns.map(column));
}

/**
 * Writes rows as Parquet, whole or not at all.
 *
 * @param path Where.
 * @param frame The frame.
 */
export async function writeParquet(path: string, frame: pl.DataFrame): Promise<void> {
  await writeFileWhole(path, new Uint8Array(frame.writeParquet({ compression: "zstd" })));
}
