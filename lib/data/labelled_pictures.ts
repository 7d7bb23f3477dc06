/**
 * Real and forged pictures from anybody's folders, made alike before a detector sees them.
 *
 * @module
 */

import { median } from "simple-statistics";
import { type Picture, type PictureCoding, readPicture, readPictureCoding } from "../image/mod.ts";
import { cannot, sentence } from "../problem.ts";
import { type CodingDifference, compareCoding } from "./coding_report.ts";
import type { LabelledPicture } from "./detector_batches.ts";
import { sha256Of } from "./files.ts";
import type { LabelledFile, LabelledFolder } from "./labelled_folder.ts";
import { compressSquare, cutPicture, type Preparation } from "./prepare_picture.ts";

/** How pictures are read. */
export interface LabelledPicturesOptions extends Omit<Preparation, "quality"> {
  /** JPEG quality of all pictures; by default the lower of both classes' medians, and 95 where there is no JPEG file. */
  readonly quality?: number;
  /** What becomes of pictures without a face where faces are cut out. Default "leave out". */
  readonly faceless?: "leave out" | "keep whole";
  /** Called after each file, for a progress line. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops reading. */
  readonly signal?: AbortSignal;
}

/** A picture of a labelled folder, prepared. */
export interface PreparedPicture extends LabelledPicture, Omit<LabelledFile, "forged"> {}

/** Pictures of a labelled folder, all of one size and one compression. */
export interface LabelledPictures {
  readonly pictures: readonly PreparedPicture[];
  /** How each was prepared; pictures to be scored later are to be prepared alike. */
  readonly preparation: Preparation;
  /** Files that are left out, and why. */
  readonly missed: readonly { readonly name: string; readonly reason: string }[];
  /** How the classes' files differed as they lay in the folders, and how what detectors see differs. */
  readonly coding: { readonly before: readonly CodingDifference[]; readonly after: readonly CodingDifference[] };
}

/**
 * Reads the pictures of a labelled folder with equal treatment of both classes: each is decoded, cut, resized and encoded as
 * JPEG of one quality with the same encoder, so that neither the files' coding nor their size can tell the classes apart. What
 * earlier compression took out of a picture stays out; a small `resolution` hides most of that.
 *
 * A file that occurs twice is read once, so that it cannot be in two splits.
 *
 * @example Pictures for a detector of 64 pixels
 * ```ts
 * import { listLabelledFolder, readLabelledPictures } from "doppel/data/mod.ts";
 *
 * export async function read(folder: string) {
 *   const how = { resolution: 64, crop: null, margin: 0.3 };
 *   const { pictures, coding } = await readLabelledPictures(await listLabelledFolder(folder), how);
 *   return { pictures, giveaways: coding.before.filter(({ tells }) => tells > 0.6) };
 * }
 * ```
 *
 * @param folder What {@linkcode listLabelledFolder} found.
 * @param options Size, rectangle, margin round faces, quality.
 * @returns The pictures in the folder's order, those that are left out, and what differed.
 * @throws {Problem} When a class has no picture left.
 */
export async function readLabelledPictures(
  folder: Pick<LabelledFolder, "name" | "files">,
  { resolution, crop, margin, quality: given, faceless = "leave out", onProgress, signal }: LabelledPicturesOptions,
): Promise<LabelledPictures> {
  const cut: { file: LabelledFile; coding: PictureCoding; square: Picture }[] = [];
  const missed: { name: string; reason: string }[] = [];
  const first = new Map<string, string>();
  for (const [i, file] of folder.files.entries()) {
    signal?.throwIfAborted();
    const { name } = file;
    try {
      const bytes = await Deno.readFile(file.path);
      const checksum = sha256Of(bytes);
      const original = first.get(checksum);
      if (original !== undefined) {
        missed.push({ name, reason: `it is the same file as ${original}` });
        continue;
      }
      first.set(checksum, name);
      const picture = await readPicture(bytes, name);
      const { squares } = await cutPicture(picture, { resolution, crop, margin }, { where: name });
      if (squares.length === 0 && faceless === "keep whole") {
        squares.push(...(await cutPicture(picture, { resolution, crop, margin: null }, { where: name })).squares);
      }
      const [square] = squares;
      if (square) cut.push({ file, coding: await readPictureCoding(bytes, name), square });
      else missed.push({ name, reason: "no face was found in it" });
    } catch (error) {
      const reason = sentence(error);
      if (reason === undefined) throw error;
      missed.push({ name, reason });
    } finally {
      onProgress?.(i + 1, folder.files.length);
    }
  }
  const before = cut.map(({ file: { forged }, coding }) => ({ forged, coding }));
  for (const forged of [false, true]) {
    if (before.some((file) => file.forged === forged)) continue;
    const got = `none; ${missed[0] ? `${missed[0].name}: ${missed[0].reason}` : "there are no files"}`;
    throw cannot("read labelled pictures", `at least one ${forged ? "forged" : "real"} picture`, got, folder.name);
  }
  const quality = given ?? lowerQuality(before);
  const pictures: PreparedPicture[] = [];
  const after: typeof before = [];
  for (const { file, square } of cut) {
    const { picture, file: bytes } = await compressSquare(square, quality);
    pictures.push({ ...file, picture });
    after.push({ forged: file.forged, coding: await readPictureCoding(bytes!, file.name) });
  }
  return {
    pictures,
    preparation: { resolution, crop, margin, quality },
    missed,
    coding: { before: compareCoding(before), after: compareCoding(after) },
  };
}

/** The lower median of both classes; a file that is no JPEG has lost nothing by it. */
function lowerQuality(files: readonly { readonly forged: boolean; readonly coding: PictureCoding }[]): number {
  const [real, forged] = [false, true].map((side) =>
    median(files.filter((file) => file.forged === side).map(({ coding }) => coding.quality ?? 100))
  ) as [number, number];
  return Math.min(95, Math.floor(Math.min(real, forged)));
}
