/**
 * Finding the measurement that a question asks for among the rows, with its photographs.
 *
 * @module
 */

import type { Row } from "doppel/evaluation/mod.ts";
import { byOrder, startsFrom } from "./families.ts";
import type { AucRow, PhotosRow } from "./rows.ts";
import type { DomainName, Variant } from "./sets.ts";

/** Which measurement. */
export interface Where {
  /** Detector or method of adaptation. */
  readonly method: string;
  readonly source: DomainName | "real";
  /** What it is tested on. */
  readonly test: DomainName;
  /** What it was brought to, and with how many forged pictures; 0 is the detector before. */
  readonly target?: DomainName;
  readonly shots?: number;
  /** The chain so far; then neither target nor shots need be given. */
  readonly chain?: string;
  /** Weights of the best step by validation, or of the last. Default "best". */
  readonly stop?: "best" | "last";
  /** The tried setting; by default the one that validation chose. */
  readonly setting?: string;
  /** How test pictures were worsened. Default not at all. */
  readonly degradation?: string;
}

/** The measurements of one variant. */
export interface Measurements {
  readonly seeds: readonly number[];
  /** Detectors that were trained, and methods of adaptation that were used. */
  readonly methods: ReadonlySet<string>;
  /** Domains that detectors were trained on. */
  readonly sources: readonly DomainName[];
  /** Domains that detectors were tested on. */
  readonly tests: readonly DomainName[];
  /** Pairs of adaptation, "df>aei". */
  readonly pairs: readonly string[];
  /** Whole chains, "df>graphics>aei". */
  readonly chains: readonly string[];
  /** Numbers of forged target pictures, ascending. */
  readonly shots: readonly number[];
  /** Settings that a method tried, of one pair. */
  settings(method: string, pair: string): readonly string[];
  /** The row; nothing where that was not measured. */
  find(where: Where, seed: number): AucRow | undefined;
  /** The placements by photograph; nothing where that was not measured. */
  placements(where: Where, seed: number): ReadonlyMap<string, number> | undefined;
}

/** The rows of detectors among all rows. */
export const aucRows = (rows: readonly Row[]): readonly AucRow[] =>
  rows.filter(({ kind }) => kind === "auc") as unknown as readonly AucRow[];

/**
 * Opens the measurements of one variant.
 *
 * @param rows All rows of a run.
 * @param variant Which real pictures.
 * @returns The measurements; an empty set where that variant was not run.
 */
export function openMeasurements(rows: readonly Row[], variant: Variant): Measurements {
  const own = aucRows(rows).filter((row) => row.variant === variant);
  const index = Map.groupBy(own, keyOf);
  const photos = new Map(
    (rows.filter(({ kind }) => kind === "photos") as unknown as readonly PhotosRow[])
      .filter((row) => row.variant === variant).map((row) => [row.test, row]),
  );
  const cache = new WeakMap<AucRow, ReadonlyMap<string, number>>();
  const distinct = <T>(values: readonly (T | null)[]) => [...new Set(values.filter((value) => value !== null))] as T[];
  const adapted = own.filter(({ phase }) => phase === "adapted");
  const find = (where: Where, seed: number) => {
    const found = pick(index.get(keyOf({ ...expected(where), seed })) ?? [], where);
    if (found || where.shots !== 0) return found;
    // Without pictures of the target a method is the detector that it starts from.
    const { target: _, shots: __, ...before } = where;
    const method = startsFrom(where.method) ?? where.method;
    return pick(index.get(keyOf({ ...expected({ ...before, method }), seed })) ?? [], before);
  };
  return {
    seeds: distinct(own.map(({ seed }) => seed)).sort((a, b) => a - b),
    methods: new Set(own.map(({ method }) => method)),
    sources: byOrder(own.filter(({ phase }) => phase === "source").map(({ source }) => source)),
    tests: byOrder(own.map(({ test }) => test)),
    pairs: distinct(adapted.map(({ source, target }) => `${source}>${target}`)),
    chains: longest(distinct(own.map(({ chain }) => chain))),
    shots: distinct(adapted.map(({ shots }) => shots)).sort((a, b) => a - b),
    settings: (method, pair) =>
      distinct(
        adapted.filter((row) => row.method === method && `${row.source}>${row.target}` === pair).map((row) =>
          row.setting
        ),
      ),
    find,
    placements(where, seed) {
      const row = find(where, seed);
      if (!row) return undefined;
      const known = cache.get(row);
      if (known) return known;
      const names = photos.get(row.test)?.photos;
      const named = new Map(row.placements.map((placement, i) => [names?.[i] ?? String(i), placement]));
      cache.set(row, named);
      return named;
    },
  };
}

type Key = Pick<AucRow, "phase" | "method" | "seed" | "source" | "target" | "shots" | "chain" | "test" | "degradation">;

function keyOf({ phase, method, seed, source, target, shots, chain, test, degradation }: Key): string {
  // A chain says what it was brought to.
  const way = phase === "chain" ? chain : phase === "adapted" ? `${target} ${shots}` : "";
  return JSON.stringify([phase, method, seed, source, way, test, degradation]);
}

function expected({ method, source, test, target, shots, chain, degradation }: Where): Omit<Key, "seed"> {
  const phase = chain ? "chain" : target ? "adapted" : "source";
  return {
    ...{ phase, method, source, test },
    ...{ target: target ?? null, shots: shots ?? null, chain: chain ?? null, degradation: degradation ?? null },
  };
}

function pick(found: readonly AucRow[], { stop = "best", setting, target, shots }: Where): AucRow | undefined {
  // Neither the detector as it was trained nor a chain has settings to choose among or more than one stop that counts.
  const [first] = found;
  if (!target || shots === 0) return found.find((row) => row.stop === stop && row.chosen) ?? first;
  return found.find((row) => row.stop === stop && (setting === undefined ? row.chosen : row.setting === setting));
}

/** Chains that are not the beginning of another. */
const longest = (chains: readonly string[]) =>
  chains.filter((chain) => !chains.some((other) => other.startsWith(`${chain}>`)));
