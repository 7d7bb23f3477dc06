/**
 * How unlike two photographs of faces are, pixel by pixel: for finding duplicates and photographs of one moment.
 *
 * @module
 */

import { fromBytes, type Picture } from "doppel/image/mod.ts";

/** Side of the aligned faces (type `full`) that are compared. */
export const COMPARED_SIDE = 64;

const BLOCKS = 8;

/**
 * An aligned face made comparable: the mean of each channel is taken off, so that light alone does not part two
 * photographs.
 *
 * @param picture `[64, 64, 3]`, aligned as `full`.
 * @returns As many values, in steps of 1/255.
 */
export function comparableFace({ data }: Picture): Float32Array {
  const mean = [0, 0, 0];
  for (let i = 0; i < data.length; i++) mean[i % 3]! += data[i]! / (data.length / 3);
  return data.map((value, i) => (value - mean[i % 3]!) * 255);
}

/**
 * How far apart two comparable faces are: the mean absolute difference. Of the bundled photographs, two of one person are
 * 8.7 or more apart and 27 in the middle, two of different persons 15 or more and 41 in the middle.
 *
 * @param a From {@linkcode comparableFace}.
 * @param b Another.
 * @returns In steps of 1/255.
 */
export function faceDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

/** Tells of two faces, by their places in a list, whether they are no further apart than a bound. */
export type Alike = (a: number, b: number, bound: number) => boolean;

/**
 * Prepares many faces for being compared with each other.
 *
 * Most pairs are told apart by the means of 8x8 blocks alone: their mean absolute difference is never above that of the
 * pixels, so no pair is missed by it.
 *
 * @param thumbnails `[64, 64, 3]` bytes each, aligned as `full`.
 * @returns The comparison.
 */
export function compareFaces(thumbnails: readonly Uint8Array[]): Alike {
  const coarse = thumbnails.map((bytes) => blockMeans(comparableOf(bytes)));
  const kept = new Map<number, Float32Array>();
  const fine = (i: number): Float32Array => {
    const known = kept.get(i) ?? comparableOf(thumbnails[i]!);
    // 48 KB each: those used last are kept, not those of a whole film.
    kept.delete(i);
    kept.set(i, known);
    if (kept.size > 512) kept.delete(kept.keys().next().value!);
    return known;
  };
  return (a, b, bound) => {
    const [u, v] = [coarse[a]!, coarse[b]!];
    let left = (bound + 1e-3) * u.length; // with room for rounding
    for (let i = 0; i < u.length; i++) {
      left -= Math.abs(u[i]! - v[i]!);
      if (left < 0) return false;
    }
    return faceDistance(fine(a), fine(b)) <= bound;
  };
}

function comparableOf(bytes: Uint8Array): Float32Array {
  return comparableFace(fromBytes(bytes, COMPARED_SIDE, COMPARED_SIDE, 3));
}

function blockMeans(face: Float32Array): Float32Array {
  const side = COMPARED_SIDE / BLOCKS;
  const means = new Float32Array(BLOCKS * BLOCKS * 3);
  for (let i = 0; i < face.length; i++) {
    const pixel = Math.floor(i / 3);
    const block = Math.floor(Math.floor(pixel / COMPARED_SIDE) / side) * BLOCKS +
      Math.floor((pixel % COMPARED_SIDE) / side);
    means[block * 3 + i % 3]! += face[i]! / (side * side);
  }
  return means;
}
