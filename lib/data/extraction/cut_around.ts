import { createPicture, invertAffine, type Picture, transformPoints } from "doppel/image/mod.ts";
import { alignmentMatrix } from "doppel/faces/mod.ts";

/** Pixels more on each side than the aligned face needs: what interpolation reaches for. */
const MARGIN = 8;

/**
 * Cuts the part of a photograph that an aligned face of any type up to `whole` is made from, so that a face which is aligned
 * several times does not go through a whole large photograph each time.
 *
 * @param photo 3 channels.
 * @param landmarks 68 `x, y` pairs in pixels of the photograph.
 * @returns The part, and the landmarks in it. It ends where the photograph ends.
 */
export function cutAround(photo: Picture, landmarks: Float32Array): { picture: Picture; landmarks: Float32Array } {
  const back = invertAffine(alignmentMatrix(landmarks, { size: 1, faceType: "whole" }));
  const corners = transformPoints(back, Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1));
  const range = (axis: 0 | 1, size: number): [number, number] => {
    const values = corners.filter((_, i) => i % 2 === axis);
    const from = Math.floor(Math.min(...values)) - MARGIN;
    const to = Math.ceil(Math.max(...values)) + MARGIN;
    return [Math.min(size - 1, Math.max(0, from)), Math.min(size, Math.max(1, to))];
  };
  const [left, right] = range(0, photo.width);
  const [top, bottom] = range(1, photo.height);
  const [width, height] = [Math.max(1, right - left), Math.max(1, bottom - top)];
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * photo.width + left) * 3;
    data.set(photo.data.subarray(start, start + width * 3), y * width * 3);
  }
  return {
    picture: createPicture(width, height, 3, data),
    landmarks: landmarks.map((value, i) => value - (i % 2 === 0 ? left : top)),
  };
}
