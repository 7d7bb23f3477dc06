/**
 * Tables, charts, verdicts and the report, all from the measured rows.
 *
 * @module
 */

import { join } from "node:path";
import type { Row } from "doppel/evaluation/mod.ts";
import type { PresentContext, Results, Run } from "doppel/experiment/mod.ts";
import { encodePicture, writeFileWhole, writePicture } from "doppel/image/mod.ts";
import { type Column, htmlReport, writeChart, writeMeasurements, writeTable, writeTables } from "doppel/report/mod.ts";
import { byChain, byForgetting, byShots, chainColumns, forgettingColumns, shotColumns } from "./adaptation_summary.ts";
import { decideClaims, DECIDES } from "./claims.ts";
import { titleOf } from "./families.ts";
import { findMissed, missedGrid, pictureReader } from "./missed.ts";
import { paperNumbers } from "./paper_numbers.ts";
import type { Config } from "./presets.ts";
import { chartsOf } from "./report_charts.ts";
import { deviations, notes, tableNotes } from "./report_texts.ts";
import { domainGrids, MISSED, type ReportGrid } from "./samples.ts";
import {
  byDegradation,
  byDetector,
  degradationColumns,
  detectorColumns,
  detectorsOf,
  matrixColumns,
  matrixOf,
  matrixTable,
} from "./summary.ts";

/** What the experiment asks. */
export const question =
  "What does a detector of one forgery see in another? How far do few pictures of the other one bring it, and what does it " +
  "forget of the first?";

const domainColumns: Column[] = [
  { key: "title", title: "domain" },
  { key: "variant", title: "real pictures" },
  { key: "train", title: "photographs: train", decimals: 0 },
  { key: "validation", decimals: 0 },
  { key: "test", decimals: 0 },
  { key: "metadata_auc", title: "AUC of metadata", decimals: 3 },
  { key: "relative_sharpness", title: "sharpness, forged / real", decimals: 2 },
  { key: "difference", title: "difference", decimals: 4 },
];

const costColumns: Column[] = [
  { key: "title", title: "detector or method" },
  { key: "trainings", title: "trainings", decimals: 0 },
  { key: "parameters", title: "parameters", decimals: 0 },
  { key: "steps", title: "steps, mean", decimals: 0 },
  { key: "seconds", title: "all trainings", unit: "s" },
];

/** Writes tables, charts and report of a run, and decides what can be decided. */
export async function present({ run, config, rows, environment }: PresentContext<Config>): Promise<Results["claims"]> {
  const domains = rows.filter(({ kind }) => kind === "domain").map((row) => ({
    title: titleOf(row["domain"] as string),
    ...row,
  }));
  const tables = {
    detectors: byDetector(rows),
    matrix: matrixOf(rows),
    shots: byShots(rows),
    forgetting: byForgetting(rows),
    chains: byChain(rows),
    robustness: byDegradation(rows),
  };
  const matrices = detectorsOf(rows).map((detector) => {
    const { rows, columns } = matrixTable(tables.matrix, detector);
    return { name: `matrix_${detector}`, title: `Train x test: ${titleOf(detector)}`, rows, columns };
  });
  const shown = [
    { name: "detectors", title: "Detectors", rows: tables.detectors, columns: detectorColumns },
    ...matrices,
    { name: "few_shot", title: "A few pictures of the target", rows: tables.shots, columns: shotColumns },
    { name: "forgetting", title: "Won and lost", rows: tables.forgetting, columns: forgettingColumns },
    { name: "chains", title: "Several domains in a row", rows: tables.chains, columns: chainColumns },
    { name: "robustness", title: "Worse test pictures", rows: tables.robustness, columns: degradationColumns },
    { name: "domains", title: "The forgeries", rows: domains, columns: domainColumns },
    { name: "costs", title: "Costs", rows: costs(rows), columns: costColumns },
  ].filter(({ rows }) => rows.length > 0);
  await writeTables(run.tables, shown);
  if (tables.matrix.length > 0) await writeTable(run.tables, "matrix", tables.matrix, matrixColumns);
  // But for the photographs of each, which stay in the results.
  await writeMeasurements(run.tables, rows, { auc: "measurements", cost: "trainings" }, { without: ["placements"] });

  const claims = decideClaims(rows);
  const charts = await chartsOf(rows, tables, claims);
  for (const { name, chart } of charts) await writeChart(run.charts, name, chart);

  await writeFileWhole(
    run.report,
    htmlReport({
      title: "Detection across forgeries",
      question,
      run: { ...run, seeds: config.seeds, environment, config },
      claims,
      tables: shown.map(({ name, ...table }) => ({ ...table, ...noteOf(name) })),
      charts,
      grids: [...await domainGrids(run.samples, config.domains), ...await missed(run, rows)],
      notes: notes(config),
      deviations: deviations(config),
      comparisons: paperNumbers(rows),
    }),
  );
  return claims;
}

const noteOf = (name: string) => tableNotes[name] ? { note: tableNotes[name] } : {};

/** What all trainings of a detector or method cost together. */
function costs(rows: readonly Row[]): Row[] {
  const groups = Map.groupBy(rows.filter(({ kind }) => kind === "cost"), ({ method }) => method as string);
  return [...groups].map(([method, own]) => {
    const sum = (key: string) => own.reduce((total, row) => total + (row[key] as number), 0);
    return {
      ...{ title: method.replace(/\w+$/, titleOf), method, trainings: own.length, parameters: own[0]!["parameters"] },
      ...{ steps: sum("steps") / own.length, seconds: sum("seconds") },
    };
  });
}

async function missed({ path, samples }: Run, rows: readonly Row[]): Promise<ReportGrid[]> {
  const grid = await missedGrid(findMissed(rows, DECIDES), pictureReader(path, DECIDES));
  if (!grid) return [];
  const provenance = { synthetic: "true", generator: "several", grid: "missed" };
  await writePicture(join(samples, MISSED), grid, { provenance });
  return [{
    image: await encodePicture(grid, { format: "jpeg", quality: 80, provenance }),
    alt: "Real and forged pictures of the photographs that were told apart worst, a row a domain",
    caption:
      "What detectors miss: the test photographs of each domain whose real picture (left) and forgery (right) were " +
      "told apart worst, over all detectors, sources and seeds; the worst first. Real pictures are those of matched resolution.",
  }];
}
