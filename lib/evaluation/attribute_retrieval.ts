/**
 * Retrieval by attributes: whether a swap is nearest to its own target photograph among many, by where the features of the
 * face are and what it expresses (after FaceShifter, Li et al., arXiv 1912.13457, section 4.2, which searches by its attribute
 * embeddings; figures of its own network would favour it).
 *
 * @module
 */

import { type AttributeDistances, attributeError, type FaceAttributes } from "./attribute_error.ts";

/** A photograph that may be found. */
export interface AttributeEntry extends FaceAttributes {
  /** Which photograph it is. */
  readonly photo: string;
}

/**
 * The place of the target photograph in a search with the swap by attributes: 1 when no other photograph is as near.
 *
 * @param swap Attributes of the swap.
 * @param gallery Photographs, the target among them, all by the networks that described the swap, landmarks in one aligned
 * frame. The more persons and expressions, the harder it is; it has to be the same for all arms of a table.
 * @param options What is searched for.
 * @param options.photo The target photograph.
 * @param options.random Distances of random pairs, from `randomPairDistances`: what makes landmarks and
 * expression comparable.
 * @returns Rank from 1 to the number of photographs; one just as near counts against the swap.
 * @throws {RangeError} When the target is not in the gallery, or attributes do not match.
 */
export function attributeRetrievalRank(
  swap: FaceAttributes,
  gallery: readonly AttributeEntry[],
  { photo, random }: { readonly photo: string; readonly random: AttributeDistances },
): number {
  const own = gallery.find((entry) => entry.photo === photo);
  if (!own) throw new RangeError(`Cannot rank photographs: expected ${photo} in the gallery, got no entry`);
  const limit = attributeError(swap, own, random);
  return 1 + gallery.filter((entry) => entry.photo !== photo && attributeError(swap, entry, random) <= limit).length;
}

/**
 * Retrieval accuracy: the share of searches that found what they were for among the first so many.
 *
 * @param ranks From {@linkcode attributeRetrievalRank} or `retrievalRank`, at least one.
 * @param options `top`: how many count as found. Default 1.
 * @returns In [0, 1].
 * @throws {RangeError} When there are no ranks.
 */
export function retrievalAccuracy(ranks: readonly number[], { top = 1 }: { readonly top?: number } = {}): number {
  if (ranks.length === 0) throw new RangeError("Cannot average ranks: expected at least one, got none");
  return ranks.filter((rank) => rank <= top).length / ranks.length;
}
