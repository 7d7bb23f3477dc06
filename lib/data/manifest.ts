import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { cannot } from "doppel/problem.ts";
import { readJsonFile } from "./json_file.ts";

/** The folder of the bundled photographs. */
export const BUNDLED_FACES: string = fileURLToPath(new URL("../../datasets/caltech_faces", import.meta.url));

/**
 * Which role a person plays: `train` persons may be learned from, `validation` persons choose settings, `test` persons
 * are looked at once, at the end.
 */
export type IdentitySplit = "train" | "validation" | "test";

/**
 * Which role a photograph plays within its person: `train` and `held_out`; `gap` is so like a held-out one that it is
 * used in neither.
 */
export type PhotoSplit = "train" | "held_out" | "gap";

/** A path below the set's own folder; upwards or absolute ones are refused. */
export const relativePath = v.pipe(
  v.string(),
  v.regex(/^(?!.*(?:^|\/)\.\.?(?:\/|$))[^/\\][^\\]*$/, "a relative path with forward slashes"),
);
const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(1));

const photographSchema = v.strictObject({
  path: relativePath,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits")),
  person: v.pipe(v.string(), v.minLength(1)),
  width: wholeNumber,
  height: wholeNumber,
  identity_split: v.picklist(["train", "validation", "test"]),
  photo_split: v.picklist(["train", "held_out", "gap"]),
});

const manifestSchema = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1)),
  licence: v.string(),
  source: v.string(),
  photographs: v.pipe(v.array(photographSchema), v.minLength(1)),
});

/** One photograph of a set. */
export type Photograph = Readonly<v.InferOutput<typeof photographSchema>>;

/** What a set holds, and which part is for what. */
export interface Manifest {
  /** The name of its folder. */
  readonly name: string;
  /** SPDX identifier, where there is one. */
  readonly licence: string;
  /** Where the photographs come from. */
  readonly source: string;
  /** All photographs, by person. */
  readonly photographs: readonly Photograph[];
}

/**
 * Reads the `manifest.json` of a set. Unknown keys, paths named twice and persons in two splits are refused.
 *
 * @example Count the persons
 * ```ts
 * import { BUNDLED_FACES, readManifest } from "doppel/data/mod.ts";
 *
 * const { photographs } = await readManifest(BUNDLED_FACES);
 * new Set(photographs.map((photo) => photo.person)).size; // 26
 * ```
 *
 * @param folder The set's folder.
 * @returns The manifest.
 * @throws {Problem} When it is missing or not as it should be.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, "manifest.json");
  const manifest = await readJsonFile(path, manifestSchema, "read manifest");
  const paths = new Set<string>();
  const splits = new Map<string, IdentitySplit>();
  for (const { path: photo, person, identity_split } of manifest.photographs) {
    if (paths.has(photo)) throw cannot("read manifest", "each path once", `${photo} twice`, path);
    paths.add(photo);
    const known = splits.get(person) ?? identity_split;
    if (known !== identity_split) {
      throw cannot(
        "read manifest",
        "each person in one identity split",
        `${person} in ${known} and ${identity_split}`,
        path,
      );
    }
    splits.set(person, known);
  }
  return manifest;
}
