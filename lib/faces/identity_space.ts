import { cannot } from "doppel/problem.ts";

/**
 * The mean of vectors.
 *
 * @param vectors At least one, all of one length.
 * @returns Their mean.
 * @throws {Problem} When there are none or their lengths differ.
 */
export function meanVector(vectors: readonly Float32Array[]): Float32Array {
  const length = vectors[0]?.length;
  if (length === undefined) throw cannot("average descriptors", "at least one", "none");
  const sum = new Float64Array(length);
  for (const vector of vectors) {
    if (vector.length !== length) throw cannot("average descriptors", `length ${length}`, `length ${vector.length}`);
    for (let i = 0; i < length; i++) sum[i]! += vector[i]!;
  }
  return Float32Array.from(sum, (value) => value / vectors.length);
}

/**
 * The point that identities are compared around: the mean of the persons' means, so that a person with many photographs
 * weighs no more than one with few.
 *
 * @param personMeans One mean descriptor a person, see {@linkcode meanVector}.
 * @returns The centre.
 */
export function centreOf(personMeans: readonly Float32Array[]): Float32Array {
  return meanVector(personMeans);
}

/**
 * The cosine of two descriptors seen from a centre.
 *
 * Raw cosines of these encoders say little (face-api: about .98 for one person and .85 for two): all faces lie in one
 * direction from the origin. Around the centre, one person is near 1 and two are near 0.
 *
 * @param a A descriptor, or the mean of a person's.
 * @param b Another one of the same encoder.
 * @param centre See {@linkcode centreOf}; the same for all comparisons of a table.
 * @returns In `[-1, 1]`.
 * @throws {Problem} When the lengths differ, or a descriptor is the centre itself.
 */
export function centredCosine(a: Float32Array, b: Float32Array, centre: Float32Array): number {
  if (a.length !== centre.length || b.length !== centre.length) {
    throw cannot("compare identities", "descriptors of one length", `${a.length}, ${b.length}, ${centre.length}`);
  }
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < centre.length; i++) {
    const [u, v] = [a[i]! - centre[i]!, b[i]! - centre[i]!];
    dot += u * v;
    aa += u * u;
    bb += v * v;
  }
  if (aa === 0 || bb === 0) {
    throw cannot("compare identities", "descriptors other than the centre", "the centre itself");
  }
  return Math.max(-1, Math.min(1, dot / Math.sqrt(aa * bb)));
}
