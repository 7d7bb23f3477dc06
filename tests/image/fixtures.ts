import assert from "node:assert/strict";
import { createPicture, type Picture, readPicture, resizePicture } from "doppel/image/mod.ts";
import truth from "./conversion_truth.json" with { type: "json" };

/** An entry of the fixtures: pictures of known size, or results to compare with. */
export function expected(name: Exclude<keyof typeof truth, "note">): Float32Array {
  const words = new Uint16Array(Uint8Array.from(atob(truth[name]), (letter) => letter.charCodeAt(0)).buffer);
  return Float32Array.from(words, (word) => word / 65535);
}

export const a = createPicture(20, 16, 3, expected("a"));
export const b = createPicture(18, 22, 3, expected("b"));
export const f = createPicture(20, 16, 3, expected("f"));
/** Soft: the upper half of an ellipse counts half. */
export const maskA = createPicture(20, 16, 1, expected("mask_a"));
export const maskB = createPicture(18, 22, 1, expected("mask_b"));

/** Two real photographs of two persons, made small. */
export async function photographs(size: number): Promise<[Picture, Picture]> {
  const folder = new URL("../../datasets/caltech_faces/photos/", import.meta.url);
  const read = async (path: string) => {
    const photo = await readPicture(new URL(path, folder).pathname);
    return resizePicture(photo, size, size, { interpolation: "area" });
  };
  return [await read("person01/image_0001.jpg"), await read("person04/image_0047.jpg")];
}

export function worst(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  assert.equal(actual.length, wanted.length);
  let most = 0;
  for (let i = 0; i < actual.length; i++) {
    assert.ok(Number.isFinite(actual[i]), `[${i}] is ${actual[i]}`);
    most = Math.max(most, Math.abs(actual[i]! - wanted[i]!));
  }
  return most;
}

export function assertNear(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what = ""): void {
  const most = worst(actual, wanted);
  assert.ok(most <= tolerance, `${what} differs by up to ${most}`);
}

/** An ellipse that fills the given share of each side. */
export function ellipse(width: number, height: number, share: number): Picture {
  const inside = (x: number, y: number) => Math.hypot((2 * x + 1) / width - 1, (2 * y + 1) / height - 1) < share;
  const values = Float32Array.from(
    { length: width * height },
    (_, i) => inside(i % width, Math.floor(i / width)) ? 1 : 0,
  );
  return createPicture(width, height, 1, values);
}
