/**
 * How well a swap keeps what belongs to the target: the place of its features, its expression, its pose.
 *
 * @module
 */

/** Points as `[x, y]` in pixels; 68 of them in the order of iBUG 300-W where eyes are named. */
export type Landmarks = readonly (readonly [x: number, y: number])[];

/** First and last index of each eye among 68 landmarks; the first is the left corner as seen in the picture. */
const EYES = { left: [36, 41], right: [42, 47] } as const;

/**
 * Mean distance between matching landmarks over the distance between the centres of the target's eyes.
 *
 * @param swap Landmarks found in the swap, in pixels.
 * @param target Landmarks of the untouched target, 68 points in the same pixels.
 * @returns The error in eye distances, at least 0.
 * @throws {RangeError} When there are not 68 of each, or the eyes coincide.
 */
export function landmarkError(swap: Landmarks, target: Landmarks): number {
  if (swap.length !== 68 || target.length !== 68) {
    throw new RangeError(
      `Cannot compare landmarks: expected 68 and 68 points, got ${swap.length} and ${target.length}`,
    );
  }
  const eyes = eyeDistance(target);
  if (!(eyes > 0)) throw new RangeError("Cannot compare landmarks: expected two eyes apart, got them in one place");
  return target.reduce((sum, [x, y], i) => sum + Math.hypot(swap[i]![0] - x, swap[i]![1] - y), 0) / 68 / eyes;
}

/**
 * Distance between the centres of the eyes.
 *
 * @param landmarks 68 points.
 * @returns Pixels.
 */
export function eyeDistance(landmarks: Landmarks): number {
  const [left, right] = [EYES.left, EYES.right].map(([from, to]) => {
    const eye = landmarks.slice(from, to + 1);
    return [0, 1].map((axis) => eye.reduce((sum, point) => sum + point[axis as 0 | 1], 0) / eye.length);
  }) as [[number, number], [number, number]];
  return Math.hypot(left[0] - right[0], left[1] - right[1]);
}

/**
 * Euclidean distance between two feature vectors (expression scores, pose angles).
 *
 * @param a Values.
 * @param b As many values.
 * @returns The distance, in the unit of the values.
 * @throws {RangeError} When lengths differ.
 */
export function featureDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) {
    throw new RangeError(`Cannot compare features: expected equal lengths, got ${a.length} and ${b.length}`);
  }
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}

/**
 * The attribute distance *attr*: the mean of several distances to the target, each over its value for random pairs of
 * people, so that 0 is the target itself and 1 is any other photograph.
 *
 * @example Landmarks and expression, and pose where the data have poses
 * ```ts
 * import { attributeDistance } from "doppel/evaluation/mod.ts";
 *
 * attributeDistance({ landmarks: 0.05, expression: 0.3 }, { landmarks: 0.2, expression: 0.6 }); // 0.375
 * ```
 *
 * @param swap Distances between the swap and its target, by name.
 * @param random Mean distances between random pairs of real photographs, for the same names.
 * @returns The mean ratio, at least 0.
 * @throws {RangeError} When there is nothing to average or a random distance is not above 0.
 */
export function attributeDistance<Name extends string>(
  swap: Readonly<Record<Name, number>>,
  random: Readonly<Record<Name, number>>,
): number {
  const names = Object.keys(swap) as Name[];
  if (names.length === 0) throw new RangeError("Cannot average attributes: expected at least one distance, got none");
  return names.reduce((sum, name) => {
    if (!(random[name] > 0)) {
      throw new RangeError(`Cannot scale ${name}: expected a distance of random pairs above 0, got ${random[name]}`);
    }
    return sum + swap[name] / random[name];
  }, 0) / names.length;
}
