/** A 3x3 matrix: 9 numbers, row-major. */
export type Matrix3 = readonly number[];

/**
 * Product of two 3x3 matrices.
 *
 * @param a Left.
 * @param b Right.
 * @returns `a * b`.
 */
export function multiply3(a: Matrix3, b: Matrix3): Matrix3 {
  return Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [at - at % 3, at % 3];
    return a[row]! * b[column]! + a[row + 1]! * b[column + 3]! + a[row + 2]! * b[column + 6]!;
  });
}

/** Eigenvalues of a symmetric matrix and, in the columns of `vectors`, the unit vectors they belong to. */
export interface Eigen3 {
  readonly values: readonly number[];
  readonly vectors: Matrix3;
}

/**
 * Eigenvalues and eigenvectors of a symmetric 3x3 matrix, by Jacobi's rotations.
 *
 * @param matrix Symmetric.
 * @returns In no particular order.
 */
export function eigen3(matrix: Matrix3): Eigen3 {
  const m = [...matrix];
  const v = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  // Convergence is quadratic; five sweeps are enough for any 3x3 matrix in double precision, eight cost nothing.
  for (let sweep = 0; sweep < 8; sweep++) {
    for (const [p, q] of [[0, 1], [0, 2], [1, 2]] as const) {
      const off = m[p * 3 + q]!;
      if (off === 0) continue;
      const ratio = (m[q * 4]! - m[p * 4]!) / (2 * off);
      const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(ratio, 1));
      const cosine = 1 / Math.hypot(tangent, 1);
      const sine = tangent * cosine;
      for (let k = 0; k < 3; k++) turn(m, k * 3 + p, k * 3 + q, cosine, sine);
      for (let k = 0; k < 3; k++) turn(m, p * 3 + k, q * 3 + k, cosine, sine);
      for (let k = 0; k < 3; k++) turn(v, k * 3 + p, k * 3 + q, cosine, sine);
    }
  }
  return { values: [m[0]!, m[4]!, m[8]!], vectors: v };
}

function turn(m: number[], i: number, j: number, cosine: number, sine: number): void {
  [m[i], m[j]] = [cosine * m[i]! - sine * m[j]!, sine * m[i]! + cosine * m[j]!];
}

/**
 * Puts a symmetric matrix together from its eigenvectors and other eigenvalues: `V * diag(values) * V'`.
 *
 * @param eigen What {@linkcode eigen3} gave.
 * @param values The new eigenvalues, in the same order.
 * @returns The matrix.
 */
export function fromEigen3({ vectors }: Eigen3, values: readonly number[]): Matrix3 {
  const scaled = vectors.map((value, at) => value * values[at % 3]!);
  return multiply3(scaled, [0, 3, 6, 1, 4, 7, 2, 5, 8].map((at) => vectors[at]!));
}

/**
 * A power of a symmetric matrix without negative eigenvalues, such as its square root.
 *
 * @param matrix Symmetric; eigenvalues that rounding made negative count as 0.
 * @param exponent For instance 0.5 or -0.5.
 * @returns The power, symmetric.
 */
export function power3(matrix: Matrix3, exponent: number): Matrix3 {
  const eigen = eigen3(matrix);
  return fromEigen3(eigen, eigen.values.map((value) => Math.max(0, value) ** exponent));
}
