/**
 * Reading labelled pictures in front of a user: a progress line, and a word on splits, on what was left out and on what would
 * have given the classes away.
 *
 * @module
 */

import {
  type CodingDifference,
  type LabelledFolder,
  type LabelledPictures,
  type LabelledPicturesOptions,
  type LabelledSource,
  listLabelledFolder,
  type PreparedPicture,
  readLabelledPictures,
} from "../data/mod.ts";
import type { Region } from "../image/mod.ts";
import { cannot } from "../problem.ts";
import { note, progress, say } from "./_terminal.ts";

/** Labelled pictures and how they were dealt out. */
export interface LabelledSplits extends LabelledPictures {
  readonly splitBy: LabelledFolder["splitBy"];
  /** The pictures of a split. */
  of(split: PreparedPicture["split"]): readonly PreparedPicture[];
}

/**
 * Reads labelled pictures with a progress line, and says how they were dealt out and made alike.
 *
 * @param source The folder or folders.
 * @param options How pictures are read.
 * @returns The pictures.
 * @throws {Problem} When a folder or a class is missing.
 */
export async function readLabelledWithProgress(
  source: LabelledSource,
  options: Omit<LabelledPicturesOptions, "onProgress">,
): Promise<LabelledSplits> {
  const folder = await listLabelledFolder(source);
  const bar = progress("Reading pictures", { total: folder.files.length, unit: "picture" });
  const read = await readLabelledPictures(folder, {
    ...options,
    onProgress: (done, total) => bar.update(done, { total }),
  }).finally(() => bar.clear());
  for (const { name, reason } of read.missed) note(`Left out: ${name}, for ${reason}`);
  if (folder.others.length > 0) note(`${folder.others.length} pictures are of neither class: ${folder.others[0]}`);
  const of = (split: PreparedPicture["split"]) => read.pictures.filter((picture) => picture.split === split);
  const counts = (["train", "validation", "test"] as const).map((split) => {
    const own = of(split);
    return `${own.length} for ${split} (${own.filter(({ forged }) => forged).length} forged)`;
  });
  say(`Pictures by ${RULES[folder.splitBy]}: ${counts.join(", ")}.`);
  const { resolution, quality } = read.preparation;
  const told = read.coding.before.filter(({ tells }) => tells > TELLING).map(wordsOf);
  if (told.length > 0) say(`Real and forged files differ: ${told.join("; ")}.`);
  say(`All are ${resolution}x${resolution} pixels and JPEG of quality ${quality} now.`);
  return { ...read, splitBy: folder.splitBy, of };
}

/** A property that tells more than so much by itself is spoken of. */
const TELLING = 0.6;

const RULES: Readonly<Record<LabelledFolder["splitBy"], string>> = {
  "folder": "the folders train, validation and test",
  "folder and name": "the folders train and test, validation by a hash of names out of train",
  "person": "sub-folder, whose pictures stay together",
  "name": "a hash of their names",
};

function wordsOf({ property, real, forged, tells }: CodingDifference): string {
  const detail = real === forged ? "" : ` ${real} against ${forged}`;
  return `${property}${detail} (tells ${Math.round(100 * tells)} %)`;
}

/**
 * Reads a rectangle as it is typed.
 *
 * @param text Such as "53,53,250,250": x, y, width, height in pixels.
 * @returns The rectangle.
 * @throws {Problem} When it is not four whole numbers with a size.
 */
export function readRegion(text: string): Region {
  const [x, y, width, height, ...more] = text.split(",").map(Number);
  const numbers = [x, y, width, height];
  const isFit = more.length === 0 && numbers.every((number) => Number.isInteger(number) && number! >= 0);
  if (isFit && width! > 0 && height! > 0) return { x: x!, y: y!, width: width!, height: height! };
  throw cannot("cut pictures", "X,Y,WIDTH,HEIGHT in whole pixels", `"${text}"`, "--crop");
}
