/**
 * Who gets whose face: always somebody of the same identity split, the same for every domain.
 *
 * @module
 */

import { cannot } from "doppel/problem.ts";
import type { Split } from "../sets.ts";

/** Two persons for whom one model of DF or LIAE is trained, and which of them gets the other's face. */
export interface SwapPair {
  readonly persons: readonly [string, string];
  /** Those of the two whose photographs are forged with the other's face. */
  readonly targets: readonly string[];
}

/**
 * Pairs the persons of a split, so that each is a target once. Of an odd number the last one shares the first, who is a
 * target in its own pair already.
 *
 * @param persons Persons of one identity split.
 * @param split Its name, for the message.
 * @returns The pairs, by the order of the names.
 * @throws {Problem} When there is one person alone.
 */
export function pairPersons(persons: readonly string[], split: Split): SwapPair[] {
  const sorted = [...new Set(persons)].sort();
  if (sorted.length === 1) throw cannot("pair persons", `two or more in the identity split ${split}`, sorted[0]!);
  const pairs: SwapPair[] = [];
  for (let i = 0; i + 1 < sorted.length; i += 2) {
    const persons = [sorted[i]!, sorted[i + 1]!] as const;
    pairs.push({ persons, targets: persons });
  }
  if (sorted.length % 2 === 1) pairs.push({ persons: [sorted.at(-1)!, sorted[0]!], targets: [sorted.at(-1)!] });
  return pairs;
}

/**
 * The source person of each target person.
 *
 * @param pairs All pairs.
 * @returns Source by target.
 */
export function sourcesOf(pairs: readonly SwapPair[]): Map<string, string> {
  return new Map(
    pairs.flatMap(({ persons, targets }) =>
      targets.map((target) => [target, persons.find((person) => person !== target)!] as const)
    ),
  );
}
