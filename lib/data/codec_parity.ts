/**
 * Whether anything but the content of pictures tells real from forged: the codec, its tables, the size of the file. A
 * detector that is trained on JPEG photographs and PNG forgeries learns the file format (Grommelt et al., arXiv 2403.17608,
 * found that in a public benchmark, for JPEG compression and for size).
 *
 * @module
 */

import sharp from "sharp";
import { readJpegTables } from "../image/mod.ts";
import { cannot } from "../problem.ts";

/** What a picture file says of itself, its pixels left aside. */
export interface CodecFacts {
  /** Name of the format, such as "jpeg". */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** Chroma sub-sampling of a JPEG, such as "4:2:0"; none of others. */
  readonly chroma: string;
  /** Whether a JPEG is progressive. */
  readonly progressive: boolean;
  /** Sum of each quantisation table of a JPEG, in the order of the file: the coarser, the larger. */
  readonly tables: readonly number[];
  /** Bytes of EXIF, XMP, IPTC and colour profile. */
  readonly metadata: number;
  /** Bytes of the file. */
  readonly bytes: number;
}

/** A file's facts and its class. */
export interface CodecSample {
  readonly facts: CodecFacts;
  readonly forged: boolean;
}

/** How well the facts of files tell the classes apart. */
export interface CodecParity {
  /** Facts whose values, or range of values, are not the same in both classes of all files; without the bytes. */
  readonly differing: readonly (keyof CodecFacts)[];
  /** Scores of the test files by all facts: higher is more likely forged. What a ROC curve is made of. */
  readonly scores: readonly { readonly score: number; readonly forged: boolean }[];
}

/**
 * Reads what a picture file says of itself.
 *
 * @param bytes The file.
 * @param where What to call it in a message.
 * @returns The facts.
 * @throws {Problem} When it is no picture.
 */
export async function codecFacts(bytes: Uint8Array, where: string): Promise<CodecFacts> {
  const read = await sharp(bytes).metadata().catch(() => undefined);
  if (!read?.width || !read.height) throw cannot("read codec facts", "a picture file", "something else", where);
  const { format, width, height, chromaSubsampling, isProgressive, exif, xmp, iptc, icc } = read;
  return {
    ...{ format: String(format), width, height },
    chroma: chromaSubsampling ?? "none",
    progressive: isProgressive ?? false,
    tables: format === "jpeg" ? readJpegTables(bytes, where).tables.map(total) : [],
    metadata: total([exif, xmp, iptc, icc].map((part) => part?.length ?? 0)),
    bytes: bytes.length,
  };
}

/**
 * Tests whether the facts of files tell real from forged pictures: a linear classifier (logistic regression) on sizes, sums
 * of the tables, amount of metadata and whether format, chroma and scan are as in most training files; the file's size, as a
 * logarithm, and the square of its distance from the mean, so that a wider spread is found as well.
 *
 * @example Files of one codec tell nothing
 * ```ts
 * import { codecFacts, codecParity } from "doppel/data/mod.ts";
 *
 * export async function check(train: [Uint8Array, boolean][], test: [Uint8Array, boolean][]) {
 *   const samples = (files: [Uint8Array, boolean][]) =>
 *     Promise.all(files.map(async ([bytes, forged], i) => ({ facts: await codecFacts(bytes, `file ${i}`), forged })));
 *   return codecParity(await samples(train), await samples(test)).differing; // [] where the codec is the same
 * }
 * ```
 *
 * @param train Files of both classes that the classifier learns from.
 * @param test Files that it is tried on.
 * @returns Which facts differ, and the scores of the test files; the same for the same files.
 * @throws {Problem} When a class is missing.
 */
export function codecParity(train: readonly CodecSample[], test: readonly CodecSample[]): CodecParity {
  for (const [name, samples] of Object.entries({ train, test })) {
    const forged = samples.filter((sample) => sample.forged).length;
    if (forged === 0 || forged === samples.length) {
      throw cannot("compare codecs", "real and forged files", `${samples.length - forged} and ${forged}`, name);
    }
  }
  const usual = train[0]!.facts;
  const centre = train.reduce((sum, { facts }) => sum + Math.log(facts.bytes), 0) / train.length;
  const features = ({ facts }: CodecSample) => featuresOf(facts, usual, centre);
  const score = fitLogistic(train.map(features), train.map(({ forged }) => forged));
  return {
    differing: differingFacts([...train, ...test]),
    scores: test.map((sample) => ({ score: score(features(sample)), forged: sample.forged })),
  };
}

function featuresOf(facts: CodecFacts, usual: CodecFacts, centre: number): number[] {
  const same = (key: "format" | "chroma" | "progressive") => facts[key] === usual[key] ? 0 : 1;
  const { width, height, tables, metadata, bytes } = facts;
  const size = Math.log(bytes) - centre;
  return [
    ...[width, height, tables.length, tables[0] ?? 0, tables[1] ?? 0, metadata],
    ...[same("format"), same("chroma"), same("progressive"), size, size ** 2],
  ];
}

/** A fact that only ever has the same values in both classes cannot tell them apart. */
function differingFacts(samples: readonly CodecSample[]): (keyof CodecFacts)[] {
  const values = (key: keyof CodecFacts, forged: boolean) =>
    [...new Set(samples.filter((own) => own.forged === forged).map(({ facts }) => String(facts[key])))].sort().join(
      ";",
    );
  return (["format", "width", "height", "chroma", "progressive", "tables", "metadata"] as const)
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
