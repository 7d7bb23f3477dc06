/**
 * Photographs that a swap model cannot make again even when it is asked for nothing else: those with something before the
 * face are among them, without anybody having looked for them.
 *
 * @module
 */

import { cannot } from "../problem.ts";

/** Faces parted by how badly they were made again. */
export interface FacesByError<Face> {
  /** Those with the largest errors, largest first. */
  readonly hard: readonly Face[];
  /** The others, in the order given. */
  readonly rest: readonly Face[];
}

/**
 * Parts faces by their heuristic error (FaceShifter, Li et al., arXiv 1912.13457, section 3.2: the tenth with the largest
 * errors trains HEAR-Net).
 *
 * @param faces Faces that may be learned from.
 * @param errors Of each the mean absolute heuristic error, such as `heuristicErrors` measures.
 * @param options `share`: which share of the faces is hard, rounded up. Default 0.1.
 * @returns The hard ones and the rest; faces of equal error keep their order.
 * @throws {Problem} When there is not one finite error a face, or the share is not in [0, 1].
 */
export function partByError<Face>(
  faces: readonly Face[],
  errors: readonly number[],
  { share = 0.1 }: { readonly share?: number } = {},
): FacesByError<Face> {
  if (!(share >= 0 && share <= 1)) throw cannot("part faces by error", "a share in [0, 1]", String(share));
  if (errors.length !== faces.length) {
    throw cannot("part faces by error", `an error for each of ${faces.length} faces`, `${errors.length}`);
  }
  const wrong = errors.find((error) => !Number.isFinite(error));
  if (wrong !== undefined) throw cannot("part faces by error", "finite errors", String(wrong));
  const order = faces.map((_, i) => i).sort((a, b) => errors[b]! - errors[a]!);
  // A share such as 0.1 of 30 faces is a little over 3 in floating point.
  const hard = order.slice(0, Math.ceil(share * faces.length - 1e-9));
  const chosen = new Set(hard);
  return { hard: hard.map((i) => faces[i]!), rest: faces.filter((_, i) => !chosen.has(i)) };
}
