/**
 * One cell of the source phase: a detector, a seed, and the domain that it is trained on. Trained, then tested on every domain.
 *
 * @module
 */

import type { Detector } from "doppel/detectors/mod.ts";
import { balancedThreshold, type Scored } from "doppel/evaluation/mod.ts";
import { type AucFacts, aucRow } from "./measure.ts";
import type { PictureSets } from "./picture_sets.ts";
import type { AucRow, CostRow, ResultRow } from "./rows.ts";
import { type Context, type SourceTraining, trainOnSource, validationSet } from "./train.ts";
import type { DomainName } from "./sets.ts";

/** What all cells share. */
export interface Shared {
  readonly sets: PictureSets;
  /** Adds to the run's metrics. */
  append(record: Record<string, unknown>): void;
}

/** The domain whose degraded pictures every detector is tested on, beside those of its own (claim 14). */
const DEGRADED: DomainName = "aei";

/** What is the same in all rows of source training. */
const asTrained = {
  phase: "source",
  target: null,
  shots: null,
  chain: null,
  setting: null,
  chosen: true,
  stop: "best",
} as const;

/**
 * Trains a detector on a source and tests it on every domain in the same variant, and on degraded pictures of two.
 *
 * @param context The experiment's.
 * @param shared Picture sets and metrics.
 * @param training Which detector, seed and source.
 * @returns Every measurement.
 */
export async function performSource(context: Context, shared: Shared, training: SourceTraining): Promise<ResultRow[]> {
  const { config, signal } = context;
  const { sets } = shared;
  const { detector, seed, variant, source } = training;
  const { model, steps, seconds } = await trainOnSource(context, sets, training, shared.append);
  try {
    const threshold = balancedThreshold(await sets.score(model, await validationSet(context, sets, training)));
    const facts = { ...asTrained, method: detector, seed, variant, source };
    const rows: AucRow[] = [];
    const test = async (domain: DomainName, degradation: string | null) => {
      // What is trained is saved; testing begins again.
      signal?.throwIfAborted();
      const set = await sets.read({ domain, variant, split: "test", degradation });
      rows.push(aucRow({ ...facts, test: domain, degradation }, await sets.score(model, set), threshold));
    };
    for (const domain of config.domains) await test(domain, null);
    for (const domain of config.domains.filter((own) => own === source || own === DEGRADED)) {
      for (const degradation of config.degradations) await test(domain, degradation);
    }
    return [...rows, costRow(training, detector, model, steps, seconds)];
  } finally {
    model.weights.dispose();
  }
}

/** What a training cost. */
export function costRow(
  { seed, variant, source }: Pick<SourceTraining, "seed" | "variant" | "source">,
  method: string,
  model: Detector,
  steps: number,
  seconds: number,
): CostRow {
  return { kind: "cost", method, seed, variant, source, parameters: model.weights.parameters, steps, seconds };
}

/** Rows of scored test sets, one a domain. */
export function rowsOf(
  facts: Omit<AucFacts, "test" | "degradation">,
  domains: readonly DomainName[],
  scored: readonly (readonly Scored[])[],
  threshold: number,
): AucRow[] {
  return domains.map((test, i) => aucRow({ ...facts, test, degradation: null }, scored[i]!, threshold));
}
