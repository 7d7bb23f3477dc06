import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Picture, readPicture } from "doppel/image/mod.ts";
import { alignFace } from "doppel/faces/mod.ts";
import { readFaceList } from "doppel/data/mod.ts";

/** This dataset's folder. */
export const FOLDER: string = fileURLToPath(new URL(".", import.meta.url));

/**
 * The faces of all photographs, comparable: aligned at 64 px, the mean of each channel taken off (so that light alone
 * does not part two photographs), in steps of 1/255.
 *
 * @returns By path, `[64, 64, 3]`; photographs without a found face are not in it.
 */
export async function comparableFaces(): Promise<Map<string, Float32Array>> {
  const faces = new Map<string, Float32Array>();
  for (const { path, landmarks } of (await readFaceList(FOLDER)).faces) {
    const photo = await readPicture(join(FOLDER, path));
    faces.set(path, withoutMean(alignFace(photo, landmarks, { size: 64 }).picture));
  }
  return faces;
}

/**
 * How far apart two comparable faces are: the mean absolute difference.
 *
 * @param a From {@linkcode comparableFaces}.
 * @param b Another.
 * @returns In steps of 1/255.
 */
export function photoDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

function withoutMean({ data }: Picture): Float32Array {
  const mean = [0, 0, 0];
  for (let i = 0; i < data.length; i++) mean[i % 3]! += data[i]! / (data.length / 3);
  return data.map((value, i) => (value - mean[i % 3]!) * 255);
}
