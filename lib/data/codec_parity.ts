/**
 * Whether anything but the content of pictures tells real from forged: the codec, its tables, the size of the file. A
 * detector that is trained on JPEG photographs and PNG forgeries learns the file format (Grommelt et al., arXiv 2403.17608,
 * found that in a public benchmark, for JPEG compression and for size).
 *
 * @module
 */

import type { PictureCoding } from "../image/mod.ts";
import { cannot } from "../problem.ts";
import type { CodedFile } from "./coding_report.ts";

/** How well the coding of files tells the classes apart. */
export interface CodecParity {
  /** Facts whose values, or range of values, are not the same in both classes of all files; without the bytes. */
  readonly differing: readonly (keyof PictureCoding)[];
  /** Scores of the test files by all facts: higher is more likely forged. What a ROC curve is made of. */
  readonly scores: readonly { readonly score: number; readonly forged: boolean }[];
}

/**
 * Tests whether the coding of files tells real from forged pictures: a linear classifier (logistic regression) on sizes, sums
 * of the tables, amount of metadata and whether format, chroma and scan are as in most training files; the file's size, as a
 * logarithm, and the square of its distance from the mean, so that a wider spread is found as well.
 *
 * @example Files of one codec tell nothing
 * ```ts
 * import { codecParity } from "doppel/data/mod.ts";
 * import { readPictureCoding } from "doppel/image/mod.ts";
 *
 * export async function check(train: [Uint8Array, boolean][], test: [Uint8Array, boolean][]) {
 *   const samples = (files: [Uint8Array, boolean][]) =>
 *     Promise.all(files.map(async ([bytes, forged]) => ({ coding: await readPictureCoding(bytes), forged })));
 *   return codecParity(await samples(train), await samples(test)).differing; // [] where the codec is the same
 * }
 * ```
 *
 * @param train Files of both classes that the classifier learns from.
 * @param test Files that it is tried on.
 * @returns Which facts differ, and the scores of the test files; the same for the same files.
 * @throws {Problem} When a class is missing.
 */
export function codecParity(train: readonly CodedFile[], test: readonly CodedFile[]): CodecParity {
  for (const [name, samples] of Object.entries({ train, test })) {
    const forged = samples.filter((sample) => sample.forged).length;
    if (forged === 0 || forged === samples.length) {
      throw cannot("compare codecs", "real and forged files", `${samples.length - forged} and ${forged}`, name);
    }
  }
  const usual = train[0]!.coding;
  const centre = train.reduce((sum, { coding }) => sum + Math.log(coding.bytes), 0) / train.length;
  const features = ({ coding }: CodedFile) => featuresOf(coding, usual, centre);
  const score = fitLogistic(train.map(features), train.map(({ forged }) => forged));
  return {
    differing: differingFacts([...train, ...test]),
    scores: test.map((sample) => ({ score: score(features(sample)), forged: sample.forged })),
  };
}

function featuresOf(coding: PictureCoding, usual: PictureCoding, centre: number): number[] {
  const same = (key: "format" | "chroma" | "isProgressive") => coding[key] === usual[key] ? 0 : 1;
  const { width, height, metadataBytes, bytes } = coding;
  // The sum of each quantisation table: the coarser, the larger.
  const tables = coding.tables?.split("; ").map((table) => total(table.split(" ").map(Number))) ?? [];
  const size = Math.log(bytes) - centre;
  return [
    ...[width, height, tables.length, tables[0] ?? 0, tables[1] ?? 0, metadataBytes],
    ...[same("format"), same("chroma"), same("isProgressive"), size, size ** 2],
  ];
}

/** What only ever has the same values in both classes cannot tell them apart. */
function differingFacts(samples: readonly CodedFile[]): (keyof PictureCoding)[] {
  const values = (key: keyof PictureCoding, forged: boolean) =>
    [...new Set(samples.filter((own) => own.forged === forged).map(({ coding }) => String(coding[key])))].sort()
      .join(";");
  return (["format", "width", "height", "chroma", "isProgressive", "tables", "metadata", "metadataBytes"] as const)
    .filter((key) => values(key, true) !== values(key, false));
}

/** Gradient descent on standardised features, with a small penalty that keeps weights finite where classes part wholly. */
function fitLogistic(rows: readonly number[][], forged: readonly boolean[]): (row: readonly number[]) => number {
  const count = rows.length;
  const mean = rows[0]!.map((_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / count);
  const deviation = mean.map((centre, k) =>
    Math.sqrt(rows.reduce((sum, row) => sum + (row[k]! - centre) ** 2, 0) / count)
  );
  // A feature without spread says nothing, and rounding must not be blown up.
  const standardised = (row: readonly number[]) =>
    row.map((value, k) => deviation[k]! > 1e-9 * (1 + Math.abs(mean[k]!)) ? (value - mean[k]!) / deviation[k]! : 0);
  const inputs = rows.map(standardised);
  const weights = new Float64Array(mean.length);
  const logit = (input: readonly number[]) => input.reduce((sum, value, k) => sum + value * weights[k]!, 0);
  const share = forged.filter((own) => own).length / count;
  const bias = Math.log(share / (1 - share));
  for (let step = 0; step < 500; step++) {
    const gradient = new Float64Array(weights.length);
    inputs.forEach((input, i) => {
      const error = 1 / (1 + Math.exp(-logit(input) - bias)) - (forged[i] ? 1 : 0);
      input.forEach((value, k) => gradient[k]! += error * value / count);
    });
    weights.forEach((weight, k) => weights[k] = weight - 0.5 * (gradient[k]! + 1e-3 * weight));
  }
  return (row) => logit(standardised(row));
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
