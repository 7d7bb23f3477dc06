/**
 * The metrics of a run, one JSON record a line, on the disk as soon as they are written.
 *
 * @module
 */

import type { Row } from "doppel/evaluation/mod.ts";
import { writeFileWhole } from "doppel/image/mod.ts";
import { cannot } from "doppel/problem.ts";

/** An open metrics file. */
export interface MetricsLog {
  /** Adds a record. Numbers that are not finite are kept as the strings "NaN", "Infinity" and "-Infinity". */
  append(record: Row): void;
  /** Closes the file. */
  close(): void;
}

/**
 * Opens a metrics file to add to it. What a crash left of a last line is cut off.
 *
 * @param path The file; made when it is not there.
 * @param options How to go on.
 * @param options.keep Which records stay: a run that goes on from a checkpoint at step 500 keeps those up to it.
 * @returns The open file.
 * @throws {Problem} When a line other than the last is no JSON.
 */
export async function openMetricsLog(
  path: string,
  { keep }: { keep?: (record: Row) => boolean } = {},
): Promise<MetricsLog> {
  let { records, length } = await parse(path);
  if (keep && !records.every(keep)) {
    records = records.filter(keep);
    await writeFileWhole(path, records.map(lineOf).join(""));
    ({ length } = await parse(path));
  }
  const file = await Deno.open(path, { create: true, read: true, write: true });
  const encoder = new TextEncoder();
  let end = length;
  const write = (text: string) => {
    const bytes = encoder.encode(text);
    try {
      for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
    } catch (error) {
      // A line is written whole or not at all, on a full disk too.
      if (file.statSync().isFile) {
        file.truncateSync(end);
        file.seekSync(end, Deno.SeekMode.Start);
      }
      throw error;
    }
    end += bytes.length;
  };
  if (file.statSync().isFile) {
    file.truncateSync(end);
    file.seekSync(end, Deno.SeekMode.Start);
  }
  return { append: (record) => write(lineOf(record)), close: () => file.close() };
}

/**
 * Reads a metrics file, without what a crash left of a last line.
 *
 * @param path The file.
 * @returns Its records, numbers that are not finite as numbers; none when the file is not there.
 * @throws {Problem} When a line other than the last is no JSON.
 */
export async function readMetrics(path: string): Promise<Row[]> {
  return (await parse(path)).records;
}

const SPECIAL = new Map<unknown, number>([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]]);

function lineOf(record: Row): string {
  const special = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  return JSON.stringify(record, special) + "\n";
}

/** The whole lines of a file and their length in bytes. */
async function parse(path: string): Promise<{ records: Row[]; length: number }> {
  let bytes: Uint8Array;
  try {
    if (!(await Deno.stat(path)).isFile) return { records: [], length: 0 };
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { records: [], length: 0 };
    throw error;
  }
  const length = bytes.lastIndexOf(10) + 1;
  const lines = new TextDecoder().decode(bytes.subarray(0, length)).split("\n").slice(0, -1);
  const records = lines.map((line, index) => {
    try {
      return JSON.parse(line, (_, value) => SPECIAL.get(value) ?? value) as Row;
    } catch {
      throw cannot("read metrics", "one JSON record a line", JSON.stringify(line.slice(0, 60)), `${path}:${index + 1}`);
    }
  });
  return { records, length };
}
