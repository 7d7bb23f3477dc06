/**
 * Claims of the papers and the rule that decides them, written down before the numbers.
 *
 * @module
 */

import { type BootstrapOptions, type BootstrapResult, hierarchicalBootstrap } from "./bootstrap.ts";
import { leavesOf, type Nested } from "./nested.ts";
import { bootstrapPValue, holm } from "./significance.ts";

/** What the data say about a claim. */
export type Verdict = "supported" | "contradicted" | "inconclusive";

/** One measurable statement, in the form "D lies above a margin" or "D lies inside a band". */
export interface ClaimPart<T = number> extends Pick<BootstrapOptions<T>, "statistic" | "crossed" | "strata"> {
  /** What is compared, for the tables ("ID, DF above LIAE"). */
  readonly name?: string;
  /** Leaves under pairs under seeds: the outermost groups (or, without groups, the leaves) are the seeds. */
  readonly samples: Nested<T>;
  /** Unit of the difference ("AUC", "cosine"); the claim's unit when left out. */
  readonly unit?: string;
  /** The value that the statistic is compared with: D = statistic - reference. */
  readonly reference?: number;
  /** `lower` turns D round: the claim is that the statistic lies below the reference. */
  readonly direction?: "higher" | "lower";
  /** D must lie above this for the claim to be supported. */
  readonly margin?: number;
  /** Equivalence: D must lie inside this band, and `margin` is not used. */
  readonly band?: readonly [low: number, high: number];
}

/** A part whose leaves may be anything: those of one claim need not be alike. */
// deno-lint-ignore no-explicit-any -- `statistic` takes leaves, so that `unknown` would refuse every part but its own
export type AnyClaimPart = ClaimPart<any>;

/** What a claim says, where, and how it is decided. */
export interface ClaimRule {
  /** Number or name of the claim. */
  readonly id: string | number;
  /** The claim in one sentence. */
  readonly statement: string;
  /** Paper and section. */
  readonly source: string;
  /** Unit of the difference. */
  readonly unit: string;
  /** Whether every part must hold (`all`) or one of them (`any`). */
  readonly combine?: "all" | "any";
  /** Fewer seeds than this leave the claim inconclusive. */
  readonly minimumSeeds?: number;
  /** Seconds of computing that the measurements took. */
  readonly cost?: number;
  /** Why the claim cannot be tested on these data; the verdict is then `inconclusive` for that reason. */
  readonly untestable?: string;
  /** Draws of the bootstrap. */
  readonly draws?: number;
  /** Level of the interval. */
  readonly level?: number;
  /** Seed of the bootstrap. */
  readonly seed?: number;
}

/** The decision on one part. */
export interface DecidedPart {
  /** What is compared. */
  readonly name: string;
  /** What the data say about this part. */
  readonly verdict: Verdict;
  /** D. */
  readonly estimate: number;
  /** Percentile interval of D. */
  readonly interval: readonly [low: number, high: number];
  /** Unit of D. */
  readonly unit: string;
  /** The margin that D was held against. */
  readonly margin?: number;
  /** The band that D was held against. */
  readonly band?: readonly [low: number, high: number];
  /** How many seeds. */
  readonly seeds: number;
  /** D of each seed alone. */
  readonly by_seed: readonly number[];
  /** Uncorrected p-value against the margin or the band. */
  readonly p: number;
  /** Why the verdict is what it is. */
  readonly reason: string;
}

/** A decided claim, in the form in which `results.json` keeps it. */
export interface DecidedClaim {
  /** Number or name of the claim. */
  readonly id: string;
  /** The claim in one sentence. */
  readonly statement: string;
  /** Paper and section. */
  readonly source: string;
  /** What the data say about it. */
  readonly verdict: Verdict;
  /** D of the part that decided; `null` when nothing could be measured. */
  readonly estimate: number | null;
  /** Interval of that part. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Unit of that part. */
  readonly unit: string;
  /** Seeds of the part that has fewest. */
  readonly seeds: number;
  /** Seconds of computing. */
  readonly cost_s: number;
  /** Why the verdict is what it is. */
  readonly reason: string;
  /** Uncorrected p-value of the claim as a whole. */
  readonly p: number | null;
  /** The same after Holm's correction over all claims of the experiment; see {@linkcode correctClaims}. */
  readonly p_holm?: number | null;
  /** All parts, in the order of the rule. */
  readonly parts: readonly DecidedPart[];
}

/**
 * Decides a claim. Each part's D gets a hierarchical bootstrap interval: wholly above the margin supports it, wholly
 * below 0 (or below a negative margin) contradicts it, anything else is inconclusive, and so is every claim with fewer
 * than three seeds. Parts joined by `all` are supported together and contradicted by any one; joined by `any` the
 * reverse. An equivalence band must hold the whole interval, and is contradicted by an interval wholly outside it.
 *
 * @example The identity gain of DF lies above that of LIAE
 * ```ts
 * import { decideClaim } from "doppel/evaluation/mod.ts";
 *
 * const claim = decideClaim({
 *   id: 3, statement: "DF carries more identity than LIAE", source: "DeepFaceLab, section 3.2", unit: "cosine",
 *   samples: [[0.10, 0.12, 0.11], [0.08, 0.10, 0.12], [0.11, 0.13, 0.10]],
 * });
 * claim.verdict; // "supported"
 * ```
 *
 * @param claim The rule, with its parts, or with the fields of its only part.
 * @returns The decision; the estimate and interval are those of the part that decided.
 * @throws {RangeError} When samples are empty, of unequal depth or not finite.
 */
export function decideClaim(
  claim: ClaimRule & ({ readonly parts: readonly AnyClaimPart[] } | AnyClaimPart),
): DecidedClaim {
  const { id, statement, source, unit, combine = "all", cost = 0, untestable } = claim;
  const head = { id: String(id), statement, source };
  if (untestable !== undefined) {
    const nothing = { estimate: null, interval: null, unit, seeds: 0, cost_s: cost, p: null, parts: [] };
    return { ...head, verdict: "inconclusive", ...nothing, reason: untestable };
  }
  const parts = ("parts" in claim ? claim.parts : [claim]).map((part) => decidePart(part, claim));
  if (parts.length === 0) throw new RangeError(`Cannot decide claim ${id}: expected at least one part, got none`);
  const [strongest, weakest] = combine === "all"
    ? ["contradicted", "supported"] as const
    : ["supported", "contradicted"] as const;
  const verdict = parts.some((part) => part.verdict === strongest)
    ? strongest
    : parts.every((part) => part.verdict === weakest)
    ? weakest
    : "inconclusive";
  const deciding = parts.filter((part) => part.verdict === verdict)
    .reduce((least, part) => distance(part) < distance(least) ? part : least);
  const ps = parts.map((part) => part.p);
  return {
    ...head,
    verdict,
    estimate: deciding.estimate,
    interval: deciding.interval,
    unit: deciding.unit,
    seeds: Math.min(...parts.map((part) => part.seeds)),
    cost_s: cost,
    reason: parts.length > 1 ? `${deciding.name}: ${deciding.reason}` : deciding.reason,
    p: combine === "all" ? Math.max(...ps) : Math.min(1, parts.length * Math.min(...ps)),
    parts,
  };
}

/**
 * Adds Holm's correction over all claims of an experiment.
 *
 * @param claims Decided claims; those without a p-value keep none and do not count.
 * @returns The same claims with `p_holm`.
 */
export function correctClaims(claims: readonly DecidedClaim[]): DecidedClaim[] {
  const corrected = holm(claims.flatMap((claim) => claim.p ?? []));
  let next = 0;
  return claims.map((claim) => ({ ...claim, p_holm: claim.p === null ? null : corrected[next++]! }));
}

function decidePart(part: AnyClaimPart, rule: ClaimRule): DecidedPart {
  const { reference = 0, direction = "higher", margin = 0, band, name = rule.statement, unit = rule.unit } = part;
  const { minimumSeeds = 3, level = 0.95 } = rule;
  for (const leaf of leavesOf(part.samples)) {
    if (typeof leaf === "number" && !Number.isFinite(leaf)) {
      throw new RangeError(`Cannot decide claim ${rule.id}: expected finite samples, got ${leaf} (${name})`);
    }
  }
  const result = hierarchicalBootstrap(part.samples, options(part, rule));
  const toD = (value: number) => direction === "higher" ? value - reference : reference - value;
  const draws = direction === "higher" ? result.draws.map(toD) : result.draws.map(toD).reverse();
  const [a, b] = result.interval.map(toD) as [number, number];
  const interval = [Math.min(a, b), Math.max(a, b)] as const;
  const seeds = part.samples.length;
  const text = `the ${100 * level} % interval [${digits(interval[0])}, ${digits(interval[1])}]`;
  const [verdict, reason] = seeds < minimumSeeds
    ? ["inconclusive", `${seeds} ${seeds === 1 ? "seed" : "seeds"}, and the rule asks for ${minimumSeeds}`] as const
    : band
    ? byBand(interval, band, text)
    : byMargin(interval, margin, text);
  return {
    name,
    verdict,
    estimate: toD(result.estimate),
    interval,
    unit,
    ...(band ? { band } : { margin }),
    seeds,
    by_seed: result.groups.map(toD),
    p: band
      ? Math.max(oneSided(draws, band[0], "above"), oneSided(draws, band[1], "below"))
      : bootstrapPValue(draws, margin),
    reason,
  };
}

function options(
  { statistic, crossed, strata }: AnyClaimPart,
  { draws, level, seed }: ClaimRule,
): BootstrapOptions<unknown> {
  const given = { statistic, crossed, strata, draws, level, seed };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

type Ends = BootstrapResult["interval"];

function byMargin([low, high]: Ends, margin: number, text: string): [Verdict, string] {
  const floor = Math.min(0, margin);
  if (low > margin) return ["supported", `${text} lies wholly above the margin ${margin}`];
  if (high < floor) return ["contradicted", `${text} lies wholly below ${floor}`];
  return ["inconclusive", `${text} ${low <= floor ? `includes ${floor}` : `is not wholly above the margin ${margin}`}`];
}

function byBand([low, high]: Ends, [from, to]: Ends, text: string): [Verdict, string] {
  const band = `the band [${from}, ${to}]`;
  if (low > from && high < to) return ["supported", `${text} lies wholly inside ${band}`];
  if (low > to || high < from) return ["contradicted", `${text} lies wholly outside ${band}`];
  return ["inconclusive", `${text} crosses the edge of ${band}`];
}

/** Twice the one-sided p-value, so that it agrees with the interval that both ends of the band are compared with. */
function oneSided(draws: Float64Array, edge: number, side: "above" | "below"): number {
  const against = draws.filter((draw) => side === "above" ? draw <= edge : draw >= edge).length;
  return Math.min(1, 2 * (against + 1) / (draws.length + 1));
}

/** How far a part is from another verdict, in widths of its interval: the nearest part decides what is reported. */
function distance({ estimate, interval: [low, high], margin, band }: DecidedPart): number {
  const edges = band ?? [margin ?? 0];
  return Math.min(...edges.map((edge) => Math.abs(estimate - edge))) / (high - low || Number.MIN_VALUE);
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
