/**
 * Mean AUCs with their intervals, drawn as the claims are.
 *
 * @module
 */

import { hierarchicalBootstrap } from "doppel/evaluation/mod.ts";
import { partOf, type Unit } from "./claims/comparison.ts";
import type { Measurements, Where } from "./measurements.ts";

/** An estimate with its 95 % interval. */
export interface Estimate {
  readonly estimate: number;
  readonly interval: readonly [low: number, high: number];
}

/** Fewer than for the claims: hundreds of these stand in tables and charts. */
const DRAWS = 1000;

/**
 * Mean over pairs of domains, with its interval over seeds, pairs and photographs.
 *
 * @param measured The measurements.
 * @param units What is measured in each pair.
 * @returns The estimate; nothing where that was not measured.
 */
export function estimateOf(measured: Measurements, units: readonly Unit[]): Estimate | undefined {
  const part = partOf(measured, { name: "", needs: [], units });
  if (!part) return undefined;
  const { estimate, interval } = hierarchicalBootstrap<number>(part.samples, { crossed: "leaves", draws: DRAWS });
  return { estimate, interval };
}

/**
 * The AUC of one measurement, with its interval over seeds and photographs.
 *
 * @param measured The measurements.
 * @param where Which one.
 * @returns The estimate; nothing where that was not measured.
 */
export const estimateAt = (measured: Measurements, where: Where): Estimate | undefined =>
  estimateOf(measured, [{ pair: "", terms: () => [{ weight: 1, where }] }]);
