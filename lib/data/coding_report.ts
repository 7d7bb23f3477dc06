/**
 * How far real and forged pictures differ by what is no part of a picture: a detector could go by that alone.
 *
 * @module
 */

import { median, wilcoxonRankSum } from "simple-statistics";
import type { PictureCoding } from "../image/mod.ts";

/** A file of a known class and how it is coded. */
export interface CodedFile {
  readonly forged: boolean;
  readonly coding: PictureCoding;
}

/** One property of files, in both classes. */
export interface CodingDifference {
  /** Such as "JPEG quality". */
  readonly property: string;
  /** What real pictures have. */
  readonly real: string;
  /** What forged ones have. */
  readonly forged: string;
  /**
   * How well the property alone tells the classes apart, from 0.5 for not at all to 1: of numbers the area under the ROC curve,
   * of names the share that the best rule gets right, both classes counting alike.
   */
  readonly tells: number;
}

const NUMBERS: Readonly<Record<string, (coding: PictureCoding) => number | null>> = {
  "JPEG quality": ({ quality }) => quality,
  "width": ({ width }) => width,
  "height": ({ height }) => height,
  "bytes a pixel": ({ bytes, width, height }) => bytes / (width * height),
};
const NAMES: Readonly<Record<string, (coding: PictureCoding) => string>> = {
  "format": ({ format }) => format,
  "JPEG tables": ({ tables }) => tables ?? "none",
  "chroma": ({ chroma }) => chroma ?? "not said",
  "progressive": ({ isProgressive }) => isProgressive ? "yes" : "no",
  "metadata": ({ metadata }) => metadata.join(" and ") || "none",
};

/**
 * Compares how real and forged files are coded.
 *
 * @param files Files of both classes.
 * @returns One entry a property; those that some files lack (a PNG has no JPEG quality) leave them out.
 */
export function compareCoding(files: readonly CodedFile[]): CodingDifference[] {
  const sides = [files.filter(({ forged }) => !forged), files.filter(({ forged }) => forged)] as const;
  const of = <T>(property: (coding: PictureCoding) => T) =>
    sides.map((side) => side.map(({ coding }) => property(coding))) as [T[], T[]];
  const numbers = Object.entries(NUMBERS).flatMap(([property, read]) => {
    const [real, forged] = of(read).map((values) => values.filter((value) => value !== null)) as [number[], number[]];
    if (real.length === 0 || forged.length === 0) return [];
    return [{ property, real: rangeOf(real), forged: rangeOf(forged), tells: rankDifference(real, forged) }];
  });
  const names = Object.entries(NAMES).map(([property, read]) => {
    const [real, forged] = of(read);
    const words = property === "JPEG tables" ? countOf : namesOf;
    return { property, real: words(real), forged: words(forged), tells: guessed(real, forged) };
  });
  return [...numbers, ...names];
}

/** The area under the ROC curve of a number, or of its opposite where that is more. */
function rankDifference(real: readonly number[], forged: readonly number[]): number {
  const ranks = wilcoxonRankSum([...forged], [...real]);
  const area = (ranks - forged.length * (forged.length + 1) / 2) / (forged.length * real.length);
  return Math.max(area, 1 - area);
}

/** The share that is right when each value is said to be of the class that has it more often. */
function guessed(real: readonly string[], forged: readonly string[]): number {
  const share = (values: readonly string[], value: string) =>
    values.filter((other) => other === value).length / values.length;
  // Values that occur once tell their own files and no others: they count as one.
  const values = [...new Set([...real, ...forged])].filter((value) =>
    [...real, ...forged].filter((other) => other === value).length > 1
  );
  const rest = (side: readonly string[]) => 1 - values.reduce((sum, value) => sum + share(side, value), 0);
  const hits = values.reduce((sum, value) => sum + Math.max(share(real, value), share(forged, value)), 0);
  return Math.min(1, (hits + Math.max(rest(real), rest(forged))) / 2);
}

function rangeOf(values: readonly number[]): string {
  const [low, middle, high] = [Math.min(...values), median([...values]), Math.max(...values)].map((value) =>
    String(Number(value.toPrecision(3)))
  );
  return low === high ? low! : `${low} to ${high}, median ${middle}`;
}

function namesOf(values: readonly string[]): string {
  const counts = [...Map.groupBy(values, (value) => value)].sort(([, a], [, b]) => b.length - a.length);
  return counts.length === 1 ? counts[0]![0] : counts.map(([value, { length }]) => `${value} (${length})`).join(", ");
}

/** Tables are too long to be shown. */
function countOf(values: readonly string[]): string {
  const count = new Set(values).size;
  return count === 1 ? "one set" : `${count} sets`;
}
