/**
 * How much of the source person a swap carries, seen by the judge encoder, which is never the one that trained.
 *
 * @module
 */

import { centredCosine } from "doppel/faces/mod.ts";

/** A photograph or a person in the embedding space of the judge encoder. */
export interface GalleryEntry {
  /** Whose it is; a person may have several entries. */
  readonly person: string;
  /** The embedding. */
  readonly embedding: Float32Array;
}

/**
 * The identity figure *ID*: centred cosine of the swap to the mean embedding of the source person, minus the same for
 * the untouched target. Centred, because raw embeddings of all faces point the same way.
 *
 * @param embeddings All by the judge encoder, through the same size and codec.
 * @param embeddings.swap The swapped face.
 * @param embeddings.target The untouched target.
 * @param embeddings.source Mean embedding of the source person's photographs.
 * @param embeddings.centre Mean of the mean embeddings of all persons.
 * @returns The gain, in [-2, 2]: 0 when the swap is no nearer to the source than the target was.
 * @throws {RangeError} When lengths differ.
 */
export function identityGain(
  { swap, target, source, centre }: Readonly<Record<"swap" | "target" | "source" | "centre", Float32Array>>,
): number {
  return centredCosine(swap, source, centre) - centredCosine(target, source, centre);
}

/**
 * The place of the source person in a search with the swap: 1 when no other person is as near. A person is as near as
 * the nearest of their entries; another person just as near counts against.
 *
 * @param query The swap's embedding, by the judge encoder.
 * @param gallery Photographs or means of all persons.
 * @param options What is searched for.
 * @param options.person The source person.
 * @param options.centre Mean of the mean embeddings of all persons.
 * @returns Rank from 1 to the number of persons; top-1 accuracy is the share of ranks of 1.
 * @throws {RangeError} When the person is not in the gallery.
 */
export function retrievalRank(
  query: Float32Array,
  gallery: readonly GalleryEntry[],
  { person, centre }: { person: string; centre: Float32Array },
): number {
  const nearest = new Map<string, number>();
  for (const entry of gallery) {
    const similarity = centredCosine(query, entry.embedding, centre);
    nearest.set(entry.person, Math.max(similarity, nearest.get(entry.person) ?? -Infinity));
  }
  const own = nearest.get(person);
  if (own === undefined) throw new RangeError(`Cannot rank persons: expected ${person} in the gallery, got no entry`);
  return 1 + [...nearest].filter(([other, similarity]) => other !== person && similarity >= own).length;
}
