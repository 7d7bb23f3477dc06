/**
 * Folders of real and forged pictures, as data sets come: which picture is of which class, and which part it plays.
 *
 * @module
 */

import { basename, extname, join, resolve } from "node:path";
import { cannot } from "../problem.ts";
import { filesBelow, sha256Of } from "./files.ts";
import type { IdentitySplit } from "./manifest.ts";
import { PHOTO_ENDINGS, SPLIT_SEED } from "./photo_folder.ts";
import { splitIdentities } from "./splits.ts";

/** Where the pictures are: one folder whose sub-folders name the classes, or a folder for each class. */
export type LabelledSource = string | { readonly real: string; readonly forged: string };

/** A picture of a known class. */
export interface LabelledFile {
  /** Where it is. */
  readonly path: string;
  /** What to call it: its path below the folder that was given. */
  readonly name: string;
  readonly forged: boolean;
  /** The sub-folder that it lies in, beside those that name class and split; null for none. */
  readonly person: string | null;
  readonly split: IdentitySplit;
}

/** How pictures were dealt out. */
export type SplitRule = "folder" | "folder and name" | "person" | "name";

/** What a labelled folder holds. */
export interface LabelledFolder {
  readonly name: string;
  readonly files: readonly LabelledFile[];
  /**
   * `folder`: sub-folders train, validation and test; `folder and name`: the same, but a fifth of train's names serve as
   * validation, which has no folder; `person`: sub-folders of five persons or more; `name`: a hash of the file's name without
   * the words for the classes, so that a picture and its forgery of the same name stay together.
   */
  readonly splitBy: SplitRule;
  /** Pictures below the folder that are of no class. */
  readonly others: readonly string[];
}

const REAL = new Set(["real", "reals", "original", "originals", "genuine", "pristine", "authentic"]);
const FORGED = new Set([
  ...["fake", "fakes", "forged", "forgery", "forgeries", "manipulated", "synthetic", "generated", "swapped"],
]);
const SPLITS: Readonly<Record<string, IdentitySplit>> = {
  ...{ train: "train", training: "train", validation: "validation", valid: "validation", val: "validation" },
  ...{ test: "test", testing: "test" },
};

/**
 * Lists a folder of real and forged pictures. A sub-folder's name tells the class by one of its words (`real`, `0_real`,
 * `stargan-fake`), another the split (`train`, `validation`, `test`), in any order; a further one is a person.
 *
 * @example Count the classes
 * ```ts
 * import { listLabelledFolder } from "doppel/data/mod.ts";
 *
 * export async function count(folder: string) {
 *   const { files, splitBy } = await listLabelledFolder(folder);
 *   return { forged: files.filter(({ forged }) => forged).length, of: files.length, splitBy };
 * }
 * ```
 *
 * @param source One folder, or one for each class.
 * @returns The pictures by name, and how they were dealt out.
 * @throws {Problem} When a folder is missing or a class has no picture.
 */
export async function listLabelledFolder(source: LabelledSource): Promise<LabelledFolder> {
  const single = typeof source === "string";
  const listed = single
    ? await list(source, "")
    : [...await list(source.real, "real"), ...await list(source.forged, "fake")];
  const wrappers = single ? commonFolders(listed.map(({ folders }) => folders)) : 0;
  const placed = listed.map((file) => ({ ...file, ...placeOf(file.folders.slice(wrappers)) }));
  const known = placed.filter(({ forged }) => forged !== undefined);
  const where = single ? source : `${source.real} and ${source.forged}`;
  for (const forged of [false, true]) {
    if (known.some((file) => file.forged === forged)) continue;
    const expected = `${forged ? "forged" : "real"} pictures in a folder such as ${forged ? "fake" : "real"}/`;
    throw cannot("read labelled pictures", expected, "none", where);
  }
  const { rule, splitOf } = deal(known);
  return {
    name: single ? basename(resolve(source)) : `${basename(resolve(source.real))}, ${basename(resolve(source.forged))}`,
    files: known.map((file) => ({
      ...{ path: file.path, name: file.name, forged: file.forged!, person: file.person, split: splitOf(file) },
    })),
    splitBy: rule,
    others: placed.filter(({ forged }) => forged === undefined).map(({ name }) => name),
  };
}

interface Listed {
  readonly path: string;
  readonly name: string;
  /** The class, where the folder was given for one, then the folders from there down. */
  readonly folders: readonly string[];
}

async function list(folder: string, label: string): Promise<Listed[]> {
  const stat = await Deno.stat(folder).catch(() => undefined);
  if (!stat?.isDirectory) throw cannot("read labelled pictures", "a folder", stat ? "a file" : "none", folder);
  const paths = (await filesBelow(folder)).filter((path) => PHOTO_ENDINGS.has(extname(path).toLowerCase()));
  return paths.map((path) => ({
    path: join(folder, path),
    name: label === "" ? path : `${basename(resolve(folder))}/${path}`,
    folders: [...(label === "" ? [] : [label]), ...path.split("/").slice(0, -1)],
  }));
}

/** How many folders from the top all pictures lie in that say nothing: what a download is wrapped in. */
function commonFolders(all: readonly (readonly string[])[]): number {
  const [first = []] = all;
  const ends = first.findIndex((name, i) =>
    placeOf([name]).person === null || all.some((folders) => folders[i] !== name)
  );
  return ends < 0 ? first.length : ends;
}

function placeOf(folders: readonly string[]) {
  let forged: boolean | undefined;
  let split: IdentitySplit | undefined;
  let person: string | null = null;
  for (const folder of folders) {
    const words = wordsOf(folder);
    const [real, fake] = [words.some((word) => REAL.has(word)), words.some((word) => FORGED.has(word))];
    if (forged === undefined && real !== fake) forged = fake;
    else if (split === undefined && Object.hasOwn(SPLITS, folder.toLowerCase())) split = SPLITS[folder.toLowerCase()]!;
    else person ??= folder;
  }
  return { forged, split, person };
}

const wordsOf = (name: string): string[] => name.toLowerCase().split(/[^a-z0-9]+/);

interface Placed extends Listed {
  readonly split: IdentitySplit | undefined;
  readonly person: string | null;
}

function deal(files: readonly Placed[]): { rule: SplitRule; splitOf: (file: Placed) => IdentitySplit } {
  if (files.every(({ split }) => split !== undefined)) {
    if (files.some(({ split }) => split === "validation")) return { rule: "folder", splitOf: ({ split }) => split! };
    const splitOf = (file: Placed) => file.split === "train" && shareOf(file) < 0.2 ? "validation" : file.split!;
    return { rule: "folder and name", splitOf };
  }
  const persons = new Set(files.map(({ person }) => person));
  if (!persons.has(null) && persons.size >= 5) {
    const splits = splitIdentities([...persons] as string[], { seed: SPLIT_SEED });
    return { rule: "person", splitOf: ({ person }) => splits.get(person!)! };
  }
  const splitOf = (file: Placed) => {
    const share = shareOf(file);
    return share < 0.2 ? "test" : share < 0.4 ? "validation" : "train";
  };
  return { rule: "name", splitOf };
}

/** A number in [0, 1) that a picture's name alone decides: pictures that are added leave the others where they are. */
function shareOf({ name, person }: Placed): number {
  const stem = basename(name, extname(name));
  const words = wordsOf(stem).filter((word) => !REAL.has(word) && !FORGED.has(word));
  const digest = sha256Of(new TextEncoder().encode([person ?? "", ...words].join("/")));
  return parseInt(digest.slice(0, 8), 16) / 2 ** 32;
}
