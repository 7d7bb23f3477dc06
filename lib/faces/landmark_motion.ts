import { cannot } from "doppel/problem.ts";

/** How far a face has moved, and where to. */
export interface LandmarkMotion {
  /** Pixels. */
  readonly length: number;
  /** Degrees: 0 along the rows, 90 down the columns, clockwise as the picture is seen; in `(-180, 180]`. */
  readonly angle: number;
}

/**
 * The motion of a face between two frames: the mean displacement of its landmarks. It is what the motion blur of a
 * swapped face goes by, for which `motionBlur` takes the same length and angle (DeepFaceLab's merger, 1.10); a camera
 * whose shutter is open for half of a frame's time smears by half of the length.
 *
 * @example Blur a face as its frame is
 * ```ts
 * import { landmarkMotion } from "doppel/faces/mod.ts";
 *
 * const before = new Float32Array([10, 10, 20, 10]);
 * landmarkMotion(before, before.map((value, i) => value + (i % 2 === 0 ? 3 : 4))); // { length: 5, angle: 53.13... }
 * ```
 *
 * @param from Landmarks in the earlier frame, `x, y` pairs, flat.
 * @param to The same landmarks in the later one.
 * @returns Length and angle; the angle is 0 when nothing has moved.
 * @throws {Problem} When the numbers of landmarks differ, or there are none.
 */
export function landmarkMotion(from: Float32Array, to: Float32Array): LandmarkMotion {
  if (from.length !== to.length || from.length < 2 || from.length % 2 !== 0) {
    throw cannot("measure motion", "two equally long lists of x, y pairs", `${from.length} and ${to.length} values`);
  }
  let [dx, dy] = [0, 0];
  for (let i = 0; i < from.length; i += 2) {
    dx += to[i]! - from[i]!;
    dy += to[i + 1]! - from[i + 1]!;
  }
  const points = from.length / 2;
  return { length: Math.hypot(dx, dy) / points, angle: Math.atan2(dy, dx) * 180 / Math.PI };
}
