import { type Picture, resizePicture } from "../../image/mod.ts";

/**
 * Items spread evenly over a list.
 *
 * @param items The list.
 * @param most How many at most.
 * @returns As many, or all where there are fewer.
 */
export function spread<T>(items: readonly T[], most: number): T[] {
  const count = Math.min(most, items.length);
  return Array.from({ length: count }, (_, i) => items[Math.floor(i * items.length / count)]!);
}

/**
 * Enlarges a small face, so that its label can be read.
 *
 * @param face `[size, size, 3]`.
 * @returns The face, of 128 pixels or more.
 */
export function enlarge(face: Picture): Picture {
  return face.width >= 128 ? face : resizePicture(face, 128, 128, { interpolation: "bicubic" });
}
