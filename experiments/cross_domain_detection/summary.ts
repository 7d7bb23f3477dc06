/**
 * Rows of detectors as they were trained, put together into tables: by detector, train x test, and under worse pictures.
 *
 * @module
 */

import { mean, type Row } from "doppel/evaluation/mod.ts";
import type { Column } from "doppel/report/mod.ts";
import { estimateOf } from "./estimate.ts";
import { areNear, byOrder, titleOf } from "./families.ts";
import { aucRows, type Measurements, openMeasurements } from "./measurements.ts";
import { detectorNames } from "./methods.ts";
import type { AucRow } from "./rows.ts";
import { type DomainName, type Variant, variants } from "./sets.ts";

const interval = (key: string, title: string): Column => ({ key, title, interval: `${key}_interval`, decimals: 3 });

/** Columns of {@linkcode byDetector}. */
export const detectorColumns: Column[] = [
  { key: "title", title: "detector" },
  { key: "variant", title: "real pictures" },
  { key: "seeds", title: "seeds", decimals: 0 },
  interval("own", "in-domain AUC"),
  interval("cross", "cross-domain AUC"),
  { key: "near", title: "nearest domain", decimals: 3 },
  { key: "unlike", title: "unlike domains", decimals: 3 },
  { key: "own_eer", title: "EER, in-domain", decimals: 3 },
  { key: "own_accuracy", title: "accuracy, in-domain", decimals: 3 },
  { key: "cross_ap", title: "AP, cross-domain", decimals: 3 },
  { key: "cross_accuracy", title: "accuracy, cross-domain", decimals: 3 },
];

/** Columns of {@linkcode matrixOf}. */
export const matrixColumns: Column[] = [
  "detector",
  "variant",
  "source",
  "test",
  "seeds",
  "auc",
  "auc_lowest_seed",
  "auc_highest_seed",
  "ap",
  "eer",
  "accuracy",
].map((key) => ({ key }));

/** Columns of {@linkcode byDegradation}. */
export const degradationColumns: Column[] = [
  { key: "title", title: "detector" },
  { key: "variant", title: "real pictures" },
  { key: "degradation", title: "test pictures" },
  { key: "own", title: "own domain", decimals: 3 },
  { key: "aei_trained", title: "AEI, trained on it", decimals: 3 },
  { key: "aei_other", title: "AEI, trained on another", decimals: 3 },
];

/** One row for each detector and variant: on its own forgery, and on others. */
export function byDetector(rows: readonly Row[]): Row[] {
  const open = new Map(variants.map((variant) => [variant, openMeasurements(rows, variant)]));
  return ofDetectors(rows, (method, variant) => {
    const measured = open.get(variant)!;
    const [own, cross] = [atHome(measured, method), abroad(measured, method)].map((units) =>
      estimateOf(measured, units)
    );
    const all = plain(rows, method, variant);
    const [at, away] = [all.filter(isOwn), all.filter((row) => !isOwn(row))];
    if (!own && !cross) return [];
    const near = away.filter(({ source, test }) => source !== "real" && areNear(source, test));
    return [{
      seeds: new Set(all.map(({ seed }) => seed)).size,
      own: own?.estimate ?? null,
      own_interval: own?.interval ?? null,
      cross: cross?.estimate ?? null,
      cross_interval: cross?.interval ?? null,
      near: average(near, "auc"),
      unlike: average(away.filter((row) => !near.includes(row)), "auc"),
      own_eer: average(at, "eer"),
      own_accuracy: average(at, "accuracy"),
      cross_ap: average(away, "ap"),
      cross_accuracy: average(away, "accuracy"),
    }];
  });
}

/** One row for each detector, variant, source and test domain: means over seeds. */
export function matrixOf(rows: readonly Row[]): Row[] {
  return ofDetectors(rows, (method, variant) => {
    const cells = Map.groupBy(plain(rows, method, variant), ({ source, test }) => `${source}>${test}`);
    return [...cells.values()].map((cell) => {
      const aucs = cell.map(({ auc }) => auc);
      return {
        ...{ source: cell[0]!.source, test: cell[0]!.test, seeds: cell.length, auc: mean(aucs) },
        ...{ auc_lowest_seed: Math.min(...aucs), auc_highest_seed: Math.max(...aucs) },
        ...{ ap: average(cell, "ap"), eer: average(cell, "eer"), accuracy: average(cell, "accuracy") },
      };
    });
  });
}

/**
 * The matrix of one detector for a page: a row a source, a column a test domain, `matched / raw` in each cell.
 *
 * @param matrix What {@linkcode matrixOf} gave.
 * @param detector Which detector.
 * @returns Rows and columns.
 */
export function matrixTable(matrix: readonly Row[], detector: string): { rows: Row[]; columns: Column[] } {
  const own = matrix.filter((row) => row["detector"] === detector);
  const tests = byOrder(own.map(({ test }) => test as string));
  const sources = [...byOrder(own.map(({ source }) => source as string)), "real"];
  const ran = variants.toReversed().filter((variant) => own.some((row) => row["variant"] === variant));
  const rows = sources.filter((source) => own.some((row) => row["source"] === source)).map((source) => ({
    source: titleOf(source),
    ...Object.fromEntries(tests.map((test) => {
      const cells = ran.map((variant) =>
        own.find((row) => row["source"] === source && row["test"] === test && row["variant"] === variant)
      );
      return [test, cells.map((cell) => cell ? (cell["auc"] as number).toFixed(2) : "–").join(" / ")];
    })),
  }));
  const columns = [
    { key: "source", title: `trained on (${ran.join(" / ")})` },
    ...tests.map((key) => ({ key, title: titleOf(key) })),
  ];
  return { rows, columns };
}

/** One row for each detector, variant and way in which test pictures were worsened. */
export function byDegradation(rows: readonly Row[]): Row[] {
  const degraded = sourceRows(rows).filter(({ degradation }) => degradation !== null);
  if (degraded.length === 0) return [];
  const order = [null, ...new Set(degraded.map(({ degradation }) => degradation))];
  return ofDetectors(rows, (method, variant) => {
    const own = sourceRows(rows).filter((row) => row.method === method && row.variant === variant);
    return order.flatMap((degradation) => {
      const at = own.filter((row) => row.degradation === degradation);
      const aei = at.filter(({ test }) => test === "aei");
      return at.length === 0 ? [] : [{
        degradation: degradation ?? "as they are",
        own: average(at.filter(isOwn), "auc"),
        aei_trained: average(aei.filter(isOwn), "auc"),
        aei_other: average(aei.filter((row) => !isOwn(row)), "auc"),
      }];
    });
  });
}

/** The detectors that ran, in their order. */
export function detectorsOf(rows: readonly Row[]): string[] {
  const ran = new Set(sourceRows(rows).map(({ method }) => method));
  return detectorNames.filter((name) => ran.has(name));
}

/** In-domain units of a detector. */
const atHome = ({ sources }: Measurements, method: string) =>
  sources.map((source) => ({ pair: source, terms: () => [{ weight: 1, where: { method, source, test: source } }] }));

/** Cross-domain units of a detector; of one that learned from real faces all domains. */
function abroad({ sources, tests }: Measurements, method: string) {
  const from: readonly (DomainName | "real")[] = method === "sbi" ? ["real"] : sources;
  return from.flatMap((source) =>
    tests.filter((test) => test !== source).map((test) => ({
      pair: `${source}>${test}`,
      terms: () => [{ weight: 1, where: { method, source, test } }],
    }))
  );
}

const isOwn = ({ source, test }: AucRow) => source === test;

const sourceRows = (rows: readonly Row[]) => aucRows(rows).filter(({ phase }) => phase === "source");

const plain = (rows: readonly Row[], method: string, variant: Variant) =>
  sourceRows(rows).filter((row) => row.method === method && row.variant === variant && row.degradation === null);

function ofDetectors(rows: readonly Row[], make: (method: string, variant: Variant) => readonly Row[]): Row[] {
  return detectorsOf(rows).flatMap((detector) =>
    variants.toReversed().flatMap((variant) =>
      make(detector, variant).map((row) => ({ title: titleOf(detector), detector, variant, ...row }))
    )
  );
}

function average(rows: readonly AucRow[], key: "auc" | "ap" | "eer" | "accuracy"): number | null {
  return rows.length > 0 ? mean(rows.map((row) => row[key])) : null;
}
