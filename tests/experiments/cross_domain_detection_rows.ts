/**
 * Rows as the experiment would measure them, from a rule that says what AUC each measurement has.
 *
 * @module
 */

import type { AdaptationName, DetectorName } from "../../experiments/cross_domain_detection/methods.ts";
import type { AucRow, PhotosRow, ResultRow } from "../../experiments/cross_domain_detection/rows.ts";
import type { DomainName, Variant } from "../../experiments/cross_domain_detection/sets.ts";

/** What was measured, and how. */
export type Measured = Pick<
  AucRow,
  | "phase"
  | "method"
  | "variant"
  | "source"
  | "target"
  | "shots"
  | "chain"
  | "setting"
  | "chosen"
  | "stop"
  | "test"
  | "degradation"
>;

/** What is run. */
export interface Plan {
  readonly seeds?: readonly number[];
  readonly variants?: readonly Variant[];
  readonly domains: readonly DomainName[];
  readonly detectors: readonly DetectorName[];
  readonly adaptations: readonly AdaptationName[];
  readonly pairs: readonly (readonly [DomainName, DomainName])[];
  readonly chains: readonly string[];
  readonly shots: readonly number[];
  readonly rates: readonly number[];
  readonly degradations: readonly string[];
  /** Test photographs. */
  readonly photographs: number;
}

/** Rows of all phases. */
export function rowsOf(plan: Plan, aucOf: (measured: Measured, seed: number) => number): Record<string, unknown>[] {
  const { seeds = [1, 2, 3], variants = ["matched"] } = plan;
  const rows: ResultRow[] = [];
  for (const variant of variants) {
    for (const test of plan.domains) rows.push(photosOf(plan, test, variant));
    for (const seed of seeds) {
      for (const measured of measurementsOf(plan, variant)) {
        rows.push(aucRow(plan, measured, seed, aucOf(measured, seed)));
      }
      for (const method of plan.detectors) {
        rows.push({ kind: "cost", method, seed, variant, source: "df", parameters: 1000, steps: 400, seconds: 2 });
      }
    }
    for (const domain of plan.domains) {
      rows.push({
        ...{ kind: "domain", domain, variant, train: 270, validation: 80, test: plan.photographs, metadata_auc: 0.51 },
        ...{ relative_sharpness: variant === "raw" ? 0.8 : 0.98, difference: 0.02 },
      });
    }
  }
  return rows as Record<string, unknown>[];
}

const photosOf = ({ photographs }: Plan, test: DomainName, variant: Variant): PhotosRow => ({
  kind: "photos",
  ...{ test, variant },
  photos: Array.from({ length: photographs }, (_, i) => `photo_${i}`),
  persons: Array.from({ length: photographs }, (_, i) => `person_${i % 5}`),
});

function measurementsOf(plan: Plan, variant: Variant): Measured[] {
  const bare = { target: null, shots: null, chain: null, setting: null, chosen: true, stop: "best" } as const;
  const trained = plan.detectors.flatMap((method): Measured[] =>
    (method === "sbi" ? ["real" as const] : plan.domains).flatMap((source) =>
      plan.domains.flatMap((test) =>
        [null, ...(test === source || test === "aei" ? plan.degradations : [])].map((degradation) => ({
          ...{ phase: "source" as const, ...bare, method, variant, source, test, degradation },
        }))
      )
    )
  );
  const adapted = plan.adaptations.flatMap((method): Measured[] =>
    plan.pairs.flatMap(([source, target]) =>
      plan.shots.flatMap((shots) =>
        plan.rates.flatMap((rate, i) =>
          (["best", "last"] as const).flatMap((stop) =>
            [source, target].map((test) => ({
              ...{ phase: "adapted" as const, method, variant, source, target, shots, test, stop, degradation: null },
              ...{ chain: null, setting: `rate ${rate}`, chosen: i === plan.rates.length - 1 },
            }))
          )
        )
      )
    )
  );
  const chained = (["tgd", "fine_tuned"] as const).filter((method) => plan.adaptations.includes(method)).flatMap(
    (method): Measured[] =>
      plan.chains.flatMap((chain) => {
        const path = chain.split(">") as DomainName[];
        return path.slice(1).flatMap((target, i) =>
          path.slice(0, i + 2).map((test) => ({
            ...{ phase: "chain" as const, method, variant, source: path[0]!, target, shots: plan.shots.at(-1)!, test },
            ...{ chain: path.slice(0, i + 2).join(">"), setting: "rate 0.0003", chosen: true, stop: "best" as const },
            degradation: null,
          }))
        );
      }),
  );
  return [...trained, ...adapted, ...chained];
}

/** A little variation by seed and photograph, which all arms share and which leaves the mean as it is. */
function aucRow({ photographs }: Plan, measured: Measured, seed: number, mean: number): AucRow {
  const auc = mean + 0.002 * (seed - 2);
  const placements = Array.from({ length: photographs }, (_, i) => auc + 0.004 * (i - (photographs - 1) / 2));
  return {
    ...{ kind: "auc", ...measured, seed, auc, ap: auc, eer: 1 - auc, accuracy: auc, threshold: 0.5, placements },
  };
}
