import { join } from "node:path";
import * as v from "valibot";
import { readJsonFile } from "./json_file.ts";
import { relativePath } from "./manifest.ts";

/** Numbers parted by spaces: a list of 136 would take as many lines of JSON. */
const numbers = (count: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => Float32Array.from(text.split(" "), Number)),
    v.check((list) => list.length === count && list.every(Number.isFinite), `${count} numbers parted by spaces`),
  );

const faceListSchema = v.strictObject({
  packages: v.record(v.string(), v.string()),
  min_score: v.number(),
  faces: v.array(v.strictObject({
    path: relativePath,
    box: numbers(4),
    score: v.number(),
    landmarks: numbers(136),
  })),
  missed: v.array(v.strictObject({ path: relativePath, reason: v.string() })),
});

/** The faces that were found in a set once, so that experiments start at once. */
export interface FaceList {
  /** Versions of the packages that found them. */
  readonly packages: Readonly<Record<string, string>>;
  /** The least score that counted as a face. */
  readonly min_score: number;
  /** One face a photograph, the largest: box as x, y, width, height and 68 `x, y` pairs, in pixels. */
  readonly faces: readonly {
    readonly path: string;
    readonly box: Float32Array;
    readonly score: number;
    readonly landmarks: Float32Array;
  }[];
  /** Photographs in which no face was found. */
  readonly missed: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Reads the `faces.json` of a set.
 *
 * @param folder The set's folder.
 * @returns The list.
 * @throws {Problem} When it is missing or not as it should be.
 */
export async function readFaceList(folder: string): Promise<FaceList> {
  return await readJsonFile(join(folder, "faces.json"), faceListSchema, "read face list");
}
