/**
 * How well a swap keeps what belongs to the target: the place of its features, its expression, its pose.
 *
 * @module
 */

/** First and last index of each eye among 68 landmarks; left and right as seen in the picture. */
const EYES = [[36, 41], [42, 47]] as const;

/**
 * Mean distance between matching landmarks over the distance between the centres of the target's eyes.
 *
 * @param swap Landmarks found in the swap: 68 `x, y` pairs in pixels, flat, in the order of iBUG 300-W.
 * @param target Landmarks of the untouched target, in the same pixels.
 * @returns The error in eye distances, at least 0.
 * @throws {RangeError} When there are not 68 of each, or the eyes coincide.
 */
export function landmarkError(swap: ArrayLike<number>, target: ArrayLike<number>): number {
  if (swap.length !== 136 || target.length !== 136) {
    const found = `${swap.length / 2} and ${target.length / 2}`;
    throw new RangeError(`Cannot compare landmarks: expected 68 and 68 points, got ${found}`);
  }
  const eyes = eyeDistance(target);
  if (!(eyes > 0)) throw new RangeError("Cannot compare landmarks: expected two eyes apart, got them in one place");
  let total = 0;
  for (let i = 0; i < 136; i += 2) total += Math.hypot(swap[i]! - target[i]!, swap[i + 1]! - target[i + 1]!);
  return total / 68 / eyes;
}

/**
 * Distance between the centres of the eyes, each the mean of its six landmarks.
 *
 * @param landmarks 68 `x, y` pairs, flat.
 * @returns Pixels.
 */
export function eyeDistance(landmarks: ArrayLike<number>): number {
  const [left, right] = EYES.map(([from, to]) => {
    let [x, y] = [0, 0];
    for (let i = from; i <= to; i++) {
      x += landmarks[2 * i]!;
      y += landmarks[2 * i + 1]!;
    }
    return { x: x / (to - from + 1), y: y / (to - from + 1) };
  });
  return Math.hypot(left!.x - right!.x, left!.y - right!.y);
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
