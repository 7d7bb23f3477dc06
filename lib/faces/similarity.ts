import { cannot } from "doppel/problem.ts";
import type { Affine } from "doppel/image/mod.ts";

/**
 * The similarity (rotation, one scale, shift; no reflection) that carries points to other points with the least sum of
 * squared distances (Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991;
 * in the plane its closed form is a quotient of complex numbers).
 *
 * @param from `x, y` pairs, flat, not all the same point.
 * @param to As many pairs.
 * @returns The map.
 * @throws {Problem} When the numbers of points differ or all points of `from` coincide.
 */
export function estimateSimilarity(from: Float32Array, to: Float32Array): Affine {
  const count = from.length / 2;
  if (from.length !== to.length || count < 2) {
    throw cannot("estimate similarity", "two equal lists of at least 2 points", `${count} and ${to.length / 2}`);
  }
  const [fx, fy] = centroid(from);
  const [tx, ty] = centroid(to);
  let [along, across, spread] = [0, 0, 0];
  for (let i = 0; i < from.length; i += 2) {
    const [ax, ay, bx, by] = [from[i]! - fx, from[i + 1]! - fy, to[i]! - tx, to[i + 1]! - ty];
    along += ax * bx + ay * by;
    across += ax * by - ay * bx;
    spread += ax * ax + ay * ay;
  }
  if (!(spread > 0)) throw cannot("estimate similarity", "points that do not all coincide", "coinciding ones");
  const [a, b] = [along / spread, across / spread];
  return [a, -b, tx - a * fx + b * fy, b, a, ty - b * fx - a * fy];
}

/**
 * The mean of points.
 *
 * @param points `x, y` pairs, flat.
 * @returns Its coordinates.
 */
export function centroid(points: Float32Array): [number, number] {
  let [x, y] = [0, 0];
  for (let i = 0; i < points.length; i += 2) {
    x += points[i]!;
    y += points[i + 1]!;
  }
  return [x / (points.length / 2), y / (points.length / 2)];
}
