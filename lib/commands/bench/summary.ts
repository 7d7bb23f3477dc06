/**
 * From turns to the figures that are printed.
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { hierarchicalBootstrap, quantile } from "../../evaluation/mod.ts";
import { baselines } from "./competitors.ts";
import type { PlayedTurn } from "./turns.ts";

/** A competitor's figures on one model. */
export type Figures = {
  readonly model: string;
  readonly competitor: string;
  readonly parameters: number;
  /** Rounds that were measured. */
  readonly rounds: number;
  /** Steps that were measured. */
  readonly steps: number;
  readonly median_ms: number;
  readonly minimum_ms: number;
  /** With whom it is compared. */
  readonly baseline: string;
  /** Median over rounds of its time by the baseline's in the same round; below 1 is faster. */
  readonly ratio: number;
  /** Lower end of the 95 % bootstrap interval of the ratio. */
  readonly ratio_low: number;
  /** Upper end. */
  readonly ratio_high: number;
};

/**
 * The median.
 *
 * @param values At least one number, in any order.
 * @returns The middle one, or the mean of the two in the middle.
 */
export function median(values: readonly number[]): number {
  return quantile(values.toSorted((a, b) => a - b), 0.5);
}

/**
 * Sums up the turns on one model.
 *
 * @param model Its name.
 * @param turns All turns of whole rounds.
 * @param parameters Trainable values, the same for all.
 * @returns Figures of each competitor in the order of the first round.
 */
export function summarise(model: string, turns: readonly PlayedTurn[], parameters: number): Figures[] {
  const byCompetitor = Map.groupBy(turns, ({ competitor }) => competitor);
  const baseline = baselines.find((id) => byCompetitor.has(id)) ?? turns[0]!.competitor;
  const paces = new Map(
    [...byCompetitor].map(([id, own]) => [
      id,
      own.toSorted((a, b) => a.round - b.round).map(({ milliseconds }) => median(milliseconds)),
    ]),
  );
  return [...byCompetitor].map(([competitor, own]) => {
    const all = own.flatMap(({ milliseconds }) => milliseconds);
    const ratios = paces.get(competitor)!.map((pace, round) => pace / paces.get(baseline)![round]!);
    const { estimate, interval } = hierarchicalBootstrap(ratios, { statistic: median });
    return {
      model,
      competitor,
      parameters,
      rounds: own.length,
      steps: all.length,
      median_ms: median(all),
      minimum_ms: Math.min(...all),
      baseline,
      ratio: estimate,
      ratio_low: interval[0],
      ratio_high: interval[1],
    };
  });
}

/**
 * Makes sure that all compute the same model.
 *
 * @param model Its name.
 * @param counts Trainable values of each competitor; Doppel's come first.
 * @returns The count they share.
 * @throws {Problem} When they differ.
 */
export function sharedParameters(model: string, counts: readonly { title: string; parameters: number }[]): number {
  const [first] = counts;
  const other = counts.find(({ parameters }) => parameters !== first!.parameters);
  if (other) {
    throw cannot(
      `compare ${model}`,
      `${first!.parameters} parameters in every competitor, as in ${first!.title}`,
      `${other.parameters} in ${other.title}`,
    );
  }
  return first!.parameters;
}

/** Who disturbed the measurement, in cores kept busy. */
export type Disturbance = {
  /** By competitors that should have slept, in the worst turn. */
  readonly sleepers: number;
  /** By other programs, in the middle one of all turns. */
  readonly others: number;
};

/**
 * Sums up who else used the processor.
 *
 * @param turns All turns.
 * @returns The disturbance, or nothing where the system does not tell.
 */
export function disturbanceOf(turns: readonly PlayedTurn[]): Disturbance | undefined {
  const uses = turns.flatMap(({ cpu }) => cpu ? [cpu] : []);
  if (uses.length === 0) return undefined;
  return {
    sleepers: Math.max(...uses.map(({ sleepers }) => sleepers)),
    others: median(uses.map(({ others }) => others)),
  };
}
