/**
 * Claims 14 to 29 and the rules that decide them, written before the run at standard size.
 *
 * @module
 */

import { correctClaims, type DecidedClaim, decideQuestion, type Row } from "doppel/evaluation/mod.ts";
import { partOf } from "./claims/comparison.ts";
import { fewShotQuestions } from "./claims/few_shot.ts";
import { forgettingQuestions } from "./claims/forgetting.ts";
import { zeroShotQuestions } from "./claims/zero_shot.ts";
import { titleOf } from "./families.ts";
import { openMeasurements } from "./measurements.ts";
import type { Variant } from "./sets.ts";

/** The variant that claims are decided on: sharpness alone tells nothing in it. */
export const DECIDES: Variant = "matched";

/**
 * Decides the claims from the rows. Intervals are over seeds, pairs of domains and photographs; the pairs are the same in all
 * seeds and the photographs in all pairs, so that each is drawn once for all.
 *
 * @param rows All rows of a run.
 * @param options `draws`: of the bootstrap. Default 10,000.
 * @returns The claims, with Holm's correction; one whose detectors did not run is inconclusive for that reason.
 */
export function decideClaims(
  rows: readonly Row[],
  { draws = 10_000 }: { readonly draws?: number } = {},
): DecidedClaim[] {
  const cost = rows.filter(({ kind }) => kind === "cost").reduce((sum, row) => sum + (row["seconds"] as number), 0);
  const measured = openMeasurements(rows, DECIDES);
  const missing = (method: string) => {
    if (measured.methods.size === 0) return `nothing was run with ${DECIDES} real pictures`;
    return measured.methods.has(method) ? undefined : `${titleOf(method)} (${method}) did not run`;
  };
  const questions = [...zeroShotQuestions(measured), ...fewShotQuestions(measured), ...forgettingQuestions(measured)];
  const decided = questions.toSorted((a, b) => Number(a.id) - Number(b.id)).map(({ parts, ...claim }) => {
    const asked = parts.map((part) => ({ name: part.name, needs: part.needs, make: () => partOf(measured, part) }));
    return decideQuestion({ ...claim, unit: "AUC", cost, draws, parts: asked }, missing);
  });
  return correctClaims(decided);
}
