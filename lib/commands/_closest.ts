import { editDistance } from "../edit_distance.ts";

/**
 * The known word that a mistyped one most likely stands for.
 *
 * @param word What was typed.
 * @param known The words that would have been understood.
 * @returns The nearest known word, or `undefined` when none is near.
 */
export function closest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = candidate.startsWith(word) && word.length > 1 ? 1 : editDistance(word, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}
