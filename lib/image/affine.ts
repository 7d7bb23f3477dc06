import { cannot } from "doppel/problem.ts";

/**
 * A 2x3 affine map `[a, b, c, d, e, f]`: `x' = a x + b y + c`, `y' = d x + e y + f`.
 *
 * Coordinates everywhere in this project are continuous: a picture covers `[0, width] x [0, height]`, and the centre of
 * the pixel in column `i`, row `j` lies at `(i + 0.5, j + 0.5)`. So halving a picture is the plain scale by 0.5.
 * (OpenCV puts pixel centres on whole numbers; shift by 0.5 to compare.)
 */
export type Affine = readonly [number, number, number, number, number, number];

/**
 * Maps one point.
 *
 * @param matrix The map.
 * @param x Abscissa.
 * @param y Ordinate.
 * @returns The mapped point.
 */
export function applyAffine([a, b, c, d, e, f]: Affine, x: number, y: number): [number, number] {
  return [a * x + b * y + c, d * x + e * y + f];
}

/**
 * Maps many points.
 *
 * @param matrix The map.
 * @param points `x, y` pairs, flat.
 * @returns The mapped pairs.
 */
export function transformPoints(matrix: Affine, points: Float32Array): Float32Array {
  const out = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) out.set(applyAffine(matrix, points[i]!, points[i + 1]!), i);
  return out;
}

/**
 * The inverse map.
 *
 * @param matrix A map whose 2x2 part is regular.
 * @returns The map back.
 * @throws {Problem} When the map flattens the plane and has no inverse.
 */
export function invertAffine([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * e - b * d;
  if (!(Math.abs(determinant) > 1e-12)) {
    throw cannot("invert affine map", "a regular matrix", `determinant ${determinant}`);
  }
  const [ia, ib, id, ie] = [e / determinant, -b / determinant, -d / determinant, a / determinant];
  return [ia, ib, -(ia * c + ib * f), id, ie, -(id * c + ie * f)];
}

/**
 * One map after another.
 *
 * @param second The map applied last.
 * @param first The map applied first.
 * @returns `x -> second(first(x))`.
 */
export function composeAffine(second: Affine, first: Affine): Affine {
  const [a, b, c, d, e, f] = first;
  const [A, B, C, D, E, F] = second;
  return [A * a + B * d, A * b + B * e, A * c + B * f + C, D * a + E * d, D * b + E * e, D * c + E * f + F];
}

/**
 * How much a map enlarges lengths: the root of the area's factor.
 *
 * @param matrix The map.
 * @returns The factor, positive.
 */
export function scaleOf([a, b, , d, e]: Affine): number {
  return Math.sqrt(Math.abs(a * e - b * d));
}
