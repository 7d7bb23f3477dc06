/**
 * Rows of adapted detectors, put together into tables: by number of pictures, by what is kept, and along chains.
 *
 * @module
 */

import { mean, type Row } from "doppel/evaluation/mod.ts";
import type { Column } from "doppel/report/mod.ts";
import { estimateAt, estimateOf } from "./estimate.ts";
import { pathTitle, titleOf } from "./families.ts";
import { type Measurements, openMeasurements, type Where } from "./measurements.ts";
import { adaptationNames } from "./methods.ts";
import { type DomainName, variants } from "./sets.ts";

/** Columns of {@linkcode byShots}. */
export const shotColumns: Column[] = [
  { key: "pair_title", title: "pair" },
  { key: "title", title: "method" },
  { key: "variant", title: "real pictures" },
  { key: "shots", title: "forged pictures", decimals: 0 },
  { key: "target", title: "target AUC", interval: "target_interval", decimals: 3 },
  { key: "source", title: "source AUC", interval: "source_interval", decimals: 3 },
  { key: "settings", title: "chosen settings" },
];

/** Columns of {@linkcode byForgetting}. */
export const forgettingColumns: Column[] = [
  { key: "pair_title", title: "pair" },
  { key: "title", title: "method" },
  { key: "variant", title: "real pictures" },
  { key: "target_before", title: "target before", decimals: 3 },
  { key: "target", title: "target after", decimals: 3 },
  { key: "target_last", title: "target, last step", decimals: 3 },
  { key: "source_before", title: "source before", decimals: 3 },
  { key: "source", title: "source after", decimals: 3 },
  { key: "source_last", title: "source, last step", decimals: 3 },
  { key: "sum", title: "target + source", interval: "sum_interval", decimals: 3 },
];

/** Columns of {@linkcode byChain}. */
export const chainColumns: Column[] = [
  { key: "chain_title", title: "chain" },
  { key: "title", title: "method" },
  { key: "variant", title: "real pictures" },
  { key: "all", title: "mean over seen domains", interval: "all_interval", decimals: 3 },
  { key: "each", title: "each domain" },
];

/** One row for each pair, method, variant and number of pictures; the setting is the one that validation chose. */
export function byShots(rows: readonly Row[]): Row[] {
  return ofPairs(rows, ({ measured, method, source, target }) =>
    withZero(measured).flatMap((shots) => {
      const at = (test: DomainName): Where => ({ method, source, target, test, shots });
      const [onTarget, onSource] = [target, source].map((test) => estimateAt(measured, at(test)));
      if (!onTarget) return [];
      const settings = measured.seeds.flatMap((seed) => measured.find(at(target), seed)?.setting ?? []);
      return [{
        shots,
        target: onTarget.estimate,
        target_interval: onTarget.interval,
        source: onSource?.estimate ?? null,
        source_interval: onSource?.interval ?? null,
        settings: shots === 0 ? "" : [...new Set(settings)].join(", "),
      }];
    }));
}

/** One row for each pair, method and variant, at the largest number of pictures: what was won and what was lost. */
export function byForgetting(rows: readonly Row[]): Row[] {
  return ofPairs(rows, ({ measured, method, source, target }) => {
    const shots = measured.shots.at(-1);
    if (!shots) return [];
    const auc = (test: DomainName, more: Partial<Where> = {}) => {
      const where: Where = { method, source, target, test, shots, ...more };
      const found = measured.seeds.flatMap((seed) => measured.find(where, seed)?.auc ?? []);
      return found.length > 0 ? mean(found) : null;
    };
    const sum = estimateOf(measured, [{
      pair: "",
      terms: () => [source, target].map((test) => ({ weight: 1, where: { method, source, target, test, shots } })),
    }]);
    if (!sum) return [];
    return [{
      shots,
      target_before: auc(target, { shots: 0 }),
      target: auc(target),
      target_last: auc(target, { stop: "last" }),
      source_before: auc(source, { shots: 0 }),
      source: auc(source),
      source_last: auc(source, { stop: "last" }),
      sum: sum.estimate,
      sum_interval: sum.interval,
    }];
  });
}

/** One row for each whole chain and method: the mean over the domains that it went through, and each of them. */
export function byChain(rows: readonly Row[]): Row[] {
  return variants.toReversed().flatMap((variant) => {
    const measured = openMeasurements(rows, variant);
    return measured.chains.flatMap((chain) =>
      methodsOf(measured).flatMap((method) => {
        const seen = chain.split(">") as [DomainName, ...DomainName[]];
        const at = (test: DomainName): Where => ({ method, source: seen[0], test, chain });
        const all = estimateOf(measured, [{
          pair: chain,
          terms: () => seen.map((test) => ({ weight: 1 / seen.length, where: at(test) })),
        }]);
        if (!all) return [];
        const each = seen.map((test) => {
          const aucs = measured.seeds.flatMap((seed) => measured.find(at(test), seed)?.auc ?? []);
          return `${titleOf(test)} ${mean(aucs).toFixed(3)}`;
        });
        return [{
          ...{ chain, chain_title: pathTitle(chain), method, title: titleOf(method), variant },
          ...{ all: all.estimate, all_interval: all.interval, each: each.join(", ") },
        }];
      })
    );
  });
}

interface Adapted {
  readonly measured: Measurements;
  readonly method: string;
  readonly source: DomainName;
  readonly target: DomainName;
}

function ofPairs(rows: readonly Row[], make: (adapted: Adapted) => readonly Row[]): Row[] {
  return variants.toReversed().flatMap((variant) => {
    const measured = openMeasurements(rows, variant);
    return measured.pairs.flatMap((pair) => {
      const [source, target] = pair.split(">") as [DomainName, DomainName];
      const head = { pair, pair_title: pathTitle(pair), variant };
      return methodsOf(measured).filter((method) => measured.settings(method, pair).length > 0).flatMap((method) =>
        make({ measured, method, source, target }).map((row) => ({ ...head, method, title: titleOf(method), ...row }))
      );
    });
  });
}

const methodsOf = ({ methods }: Measurements) => adaptationNames.filter((name) => methods.has(name));

const withZero = ({ shots }: Measurements) => [0, ...shots.filter((count) => count > 0)];
