/**
 * Faces between the persons who are trained on.
 *
 * @module
 */

import { type EmbeddedFace, type FaceSetOptions, morphedFaces, readFaceSet } from "doppel/data/mod.ts";

/**
 * Morphs the faces of a set, at twice the resolution that is asked for, since warping blurs.
 *
 * @param data Folder of the set.
 * @param options Which faces, how many morphs, and their side in pixels.
 * @returns The morphs with descriptors; the same ones in each run.
 * @throws {Problem} When there are fewer than two persons.
 */
export async function morphsOf(
  data: string,
  { count, size, ...which }: FaceSetOptions & { readonly count: number },
): Promise<EmbeddedFace[]> {
  if (count === 0) return [];
  const { faces } = await readFaceSet(data, { ...which, size: 2 * size });
  return await morphedFaces(faces, { count, seed: 1, size });
}
