import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { cannot } from "doppel/problem.ts";
import type { IdentitySplit, PhotoSplit } from "./manifest.ts";

/**
 * Refuses splits that share anything: a person, a photograph, a checksum.
 *
 * @example Guard an experiment
 * ```ts
 * import { assertDisjoint, BUNDLED_FACES, readManifest } from "doppel/data/mod.ts";
 *
 * const { photographs } = await readManifest(BUNDLED_FACES);
 * const persons = (split: string) => photographs.filter((p) => p.identity_split === split).map((p) => p.person);
 * assertDisjoint({ train: persons("train"), validation: persons("validation"), test: persons("test") });
 * ```
 *
 * @param splits What is in each split, by its name; the same thing twice within one split is allowed.
 * @throws {Problem} Naming the first thing that is in two splits.
 */
export function assertDisjoint(splits: Readonly<Record<string, Iterable<string>>>): void {
  const owner = new Map<string, string>();
  for (const [split, members] of Object.entries(splits)) {
    for (const member of members) {
      const other = owner.get(member) ?? split;
      if (other !== split) throw cannot("use splits", "nothing in two of them", `${member} in ${other} and ${split}`);
      owner.set(member, split);
    }
  }
}

/**
 * Deals persons out to train, validation and test.
 *
 * @param persons Their names; the result does not depend on their order.
 * @param options `seed`, a whole number; `validation` and `test`, shares of the persons, default 0.2 each, rounded down.
 * With fewer than five persons all are for training.
 * @returns The split of each person.
 * @throws {Problem} When a name comes twice or the shares leave nothing to train on.
 */
export function splitIdentities(
  persons: readonly string[],
  { seed, validation = 0.2, test = 0.2 }: {
    readonly seed: number;
    readonly validation?: number;
    readonly test?: number;
  },
): Map<string, IdentitySplit> {
  if (new Set(persons).size !== persons.length) throw cannot("split identities", "each person once", "one twice");
  if (!(validation >= 0 && test >= 0 && validation + test < 1)) {
    throw cannot("split identities", "shares of 0 or more that leave some for training", `${validation} and ${test}`);
  }
  const dealt = shuffled([...persons].sort(), seed);
  const counted = persons.length < 5 ? 0 : persons.length;
  const tests = Math.floor(counted * test);
  const validations = Math.floor(counted * validation);
  return new Map(
    dealt.map((person, i) => [person, i < tests ? "test" : i < tests + validations ? "validation" : "train"]),
  );
}

function shuffled(items: string[], seed: number): string[] {
  const random = xoroshiro128plus(seed);
  for (let i = items.length - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}

/**
 * Splits the photographs of one person: every fourth is held out.
 *
 * @param count How many, in a fixed order.
 * @param tooLike Tells of a training and a held-out photograph, by their places in the order, whether they are so alike
 * that the training one must be dropped; by default none are.
 * @returns The split of each.
 */
export function splitPhotographs(
  count: number,
  tooLike: (train: number, heldOut: number) => boolean = () => false,
): PhotoSplit[] {
  const places = Array.from({ length: count }, (_, i) => i);
  const heldOut = places.filter((i) => i % 4 === 3);
  return places.map((i) => i % 4 === 3 ? "held_out" : heldOut.some((other) => tooLike(i, other)) ? "gap" : "train");
}
