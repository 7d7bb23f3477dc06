import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readPicture } from "doppel/image/mod.ts";
import { alignFace } from "doppel/faces/mod.ts";
import { comparableFace, readFaceList } from "doppel/data/mod.ts";

/** This dataset's folder. */
export const FOLDER: string = fileURLToPath(new URL(".", import.meta.url));

/**
 * The faces of all photographs, comparable by `faceDistance`.
 *
 * @returns By path, `[64, 64, 3]`; photographs without a found face are not in it.
 */
export async function comparableFaces(): Promise<Map<string, Float32Array>> {
  const faces = new Map<string, Float32Array>();
  for (const { path, landmarks } of (await readFaceList(FOLDER)).faces) {
    const photo = await readPicture(join(FOLDER, path));
    faces.set(path, comparableFace(alignFace(photo, landmarks, { size: 64 }).picture));
  }
  return faces;
}
