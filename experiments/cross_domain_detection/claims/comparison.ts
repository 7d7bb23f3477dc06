/**
 * The form that all claims of this experiment have: a sum of AUCs within a seed and a pair of domains, photograph by
 * photograph.
 *
 * @module
 */

import { type AnyClaimPart, mean } from "doppel/evaluation/mod.ts";
import type { Measurements, Where } from "../measurements.ts";

/** A measurement and how it counts. */
export interface Term {
  readonly weight: number;
  readonly where: Where;
}

/** One pair of domains (or chain), and what is compared in it. */
export interface Unit {
  readonly pair: string;
  /** The measurements of a seed, nothing where they cannot be named. */
  terms(seed: number): readonly Term[];
}

/** A part of a claim. */
export interface Comparison {
  readonly name: string;
  /** Detectors or methods without which it cannot be asked. */
  readonly needs: readonly string[];
  readonly units: readonly Unit[];
  readonly direction?: "higher" | "lower";
  readonly reference?: number;
  readonly margin?: number;
}

/** A claim before it is decided. */
export interface Question {
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  readonly parts: readonly Comparison[];
  /** Why these data cannot say anything about it. */
  readonly untestable?: string;
}

/** One measurement as it is. */
export const as = (where: Where): Term[] => [{ weight: 1, where }];

/** One measurement above another. */
export const above = (of: Where, against: Where): Term[] => [{ weight: 1, where: of }, { weight: -1, where: against }];

/** The mean over several detectors (or domains) of what is asked of each. */
export const meanOf = <T>(items: readonly T[], terms: (item: T) => readonly Term[]): Term[] =>
  items.flatMap((item) => terms(item).map(({ weight, where }) => ({ weight: weight / items.length, where })));

/**
 * Makes the part of a claim that decides.
 *
 * @param measured The measurements.
 * @param comparison What is compared.
 * @returns The part; nothing where no seed has all measurements of any pair. Pairs that a seed lacks are left out of all
 * seeds, and photographs that a domain lacks out of all domains: what is drawn together has to be the same everywhere.
 */
export function partOf(
  measured: Measurements,
  { name, units, direction = "higher", reference = 0, margin = 0 }: Comparison,
): AnyClaimPart | undefined {
  const seeds = measured.seeds.map((seed) =>
    new Map(units.flatMap(({ pair, terms }) => {
      const sums = sumOf(measured, terms(seed), seed);
      return sums ? [[pair, sums] as const] : [];
    }))
  ).filter(({ size }) => size > 0);
  const pairs = units.map(({ pair }) => pair).filter((pair) => seeds.every((own) => own.has(pair)));
  if (seeds.length === 0 || pairs.length === 0) return undefined;
  const all = seeds.flatMap((own) => pairs.map((pair) => own.get(pair)!));
  const photos = [...all[0]!.keys()].filter((photo) => all.every((sums) => sums.has(photo)));
  if (photos.length === 0) return undefined;
  const samples = seeds.map((own) => pairs.map((pair) => photos.map((photo) => own.get(pair)!.get(photo)!)));
  return { name, samples, crossed: "leaves", direction, reference, margin };
}

/** The weighted sum for each photograph that all of the measurements have. */
function sumOf(
  measured: Measurements,
  terms: readonly Term[],
  seed: number,
): ReadonlyMap<string, number> | undefined {
  const found = terms.map(({ weight, where }) => ({ weight, placements: measured.placements(where, seed) }));
  const [first, ...others] = found;
  if (!first || found.some(({ placements }) => !placements)) return undefined;
  const shared = [...first.placements!.keys()].filter((photo) =>
    others.every(({ placements }) => placements!.has(photo))
  );
  return new Map(
    shared.map((
      photo,
    ) => [photo, found.reduce((sum, { weight, placements }) => sum + weight * placements!.get(photo)!, 0)]),
  );
}

/**
 * The mean AUC of a measurement over the other seeds (over this one where it is the only one): what a setting is chosen by
 * without the seed that it is then measured on.
 */
export function aucElsewhere(measured: Measurements, where: Where, seed: number): number | undefined {
  const others = measured.seeds.filter((other) => other !== seed);
  const found = (others.length > 0 ? others : [seed]).flatMap((other) => measured.find(where, other)?.auc ?? []);
  return found.length > 0 ? mean(found) : undefined;
}
