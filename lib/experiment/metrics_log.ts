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
 * Opens a metrics file to add to it. What a crash left of a last line is cut off. Several processes may add to one file: each
 * line is written under the file's lock.
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
  const records = await parse(path);
  if (keep && !records.every(keep)) await writeFileWhole(path, records.filter(keep).map(lineOf).join(""));
  const file = await Deno.open(path, { create: true, read: true, write: true });
  const encoder = new TextEncoder();
  const locked = (work: () => void) => {
    file.lockSync(true);
    try {
      work();
    } finally {
      file.unlockSync();
    }
  };
  const cut = (end: number) => {
    if (file.statSync().isFile) file.truncateSync(end);
  };
  const write = (text: string) => {
    const bytes = encoder.encode(text);
    const end = file.statSync().isFile ? file.seekSync(0, Deno.SeekMode.End) : 0;
    try {
      for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
    } catch (error) {
      // A line is written whole or not at all, on a full disk too.
      cut(end);
      throw error;
    }
  };
  try {
    locked(() => cut(endOfLines(file)));
  } catch (error) {
    file.close();
    throw error;
  }
  return { append: (record) => locked(() => write(lineOf(record))), close: () => file.close() };
}

/** Bytes up to the end of the last whole line. */
function endOfLines(file: Deno.FsFile): number {
  const { isFile, size } = file.statSync();
  if (!isFile) return 0;
  // A line is a few hundred bytes; blocks are read from the end until one has a line's end in it.
  const block = new Uint8Array(4096);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - block.length);
    file.seekSync(start, Deno.SeekMode.Start);
    const part = block.subarray(0, end - start);
    for (let read = 0; read < part.length;) read += file.readSync(part.subarray(read)) ?? part.length;
    const last = part.lastIndexOf(10);
    if (last >= 0) return start + last + 1;
    end = start;
  }
  return 0;
}

/**
 * Reads a metrics file, without what a crash left of a last line.
 *
 * @param path The file.
 * @returns Its records, numbers that are not finite as numbers; none when the file is not there.
 * @throws {Problem} When a line other than the last is no JSON.
 */
export async function readMetrics(path: string): Promise<Row[]> {
  return await parse(path);
}

const SPECIAL = new Map<unknown, number>([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]]);

function lineOf(record: Row): string {
  const special = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  return JSON.stringify(record, special) + "\n";
}

/** The records of a file's whole lines. */
async function parse(path: string): Promise<Row[]> {
  let bytes: Uint8Array;
  try {
    if (!(await Deno.stat(path)).isFile) return [];
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  const length = bytes.lastIndexOf(10) + 1;
  const lines = new TextDecoder().decode(bytes.subarray(0, length)).split("\n").slice(0, -1);
  return lines.map((line, index) => {
    try {
      return JSON.parse(line, (_, value) => SPECIAL.get(value) ?? value) as Row;
    } catch {
      throw cannot("read metrics", "one JSON record a line", JSON.stringify(line.slice(0, 60)), `${path}:${index + 1}`);
    }
  });
}
