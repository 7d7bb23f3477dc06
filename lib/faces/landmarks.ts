/**
 * The landmarks that an alignment goes by: brows, nose, eyes and the two corners of the mouth (17-48 and 54), which are
 * what a face moves least. 33 of the 68; as DeepFaceLab does.
 */
export const STABLE_LANDMARKS: readonly number[] = [...Array.from({ length: 32 }, (_, i) => 17 + i), 54];

/**
 * For each landmark the one that it becomes in a mirror.
 */
export const MIRRORED_LANDMARKS: readonly number[] = Array.from({ length: 68 }, (_, i) => {
  if (i <= 16) return 16 - i; // jaw
  if (i <= 26) return 43 - i; // brows
  if (i <= 30) return i; // bridge of the nose
  if (i <= 35) return 66 - i; // base of the nose
  if (i <= 47) return [45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40][i - 36]!; // eyes
  if (i <= 54) return 102 - i; // upper outer lip
  if (i <= 59) return 114 - i; // lower outer lip
  return i <= 64 ? 124 - i : 132 - i; // inner lips
});

/**
 * Some of a list of points.
 *
 * @param points `x, y` pairs, flat.
 * @param indices Which points.
 * @returns Those pairs, in that order.
 */
export function pickPoints(points: Float32Array, indices: readonly number[]): Float32Array {
  return Float32Array.from(indices.flatMap((i) => [points[2 * i]!, points[2 * i + 1]!]));
}

/**
 * The landmarks of the mirrored picture.
 *
 * @param landmarks 68 `x, y` pairs, flat.
 * @param width Width of the picture.
 * @returns The landmarks in the picture's mirror image, in the usual order.
 */
export function mirrorLandmarks(landmarks: Float32Array, width: number): Float32Array {
  const swapped = pickPoints(landmarks, MIRRORED_LANDMARKS);
  for (let i = 0; i < swapped.length; i += 2) swapped[i] = width - swapped[i]!;
  return swapped;
}

/**
 * The upright box around landmarks.
 *
 * @param landmarks `x, y` pairs, flat.
 * @returns Its left upper corner, width and height, in the landmarks' pixels.
 */
export function landmarkBox(
  landmarks: Float32Array,
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < landmarks.length; i += 2) {
    left = Math.min(left, landmarks[i]!);
    right = Math.max(right, landmarks[i]!);
    top = Math.min(top, landmarks[i + 1]!);
    bottom = Math.max(bottom, landmarks[i + 1]!);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
