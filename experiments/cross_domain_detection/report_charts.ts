/**
 * Which charts the report has, with their captions.
 *
 * @module
 */

import type { DecidedClaim, Row } from "doppel/evaluation/mod.ts";
import type { Chart } from "doppel/report/mod.ts";
import { claimsChart } from "../df_vs_liae/charts.ts";
import { fewShotChart, forgettingChart, type MethodGroup } from "./adaptation_charts.ts";
import { matrixChart, robustnessChart, variantsChart } from "./charts.ts";

/** A chart of the report. */
export interface ReportChart {
  readonly name: string;
  readonly chart: Chart;
  readonly alt: string;
  readonly caption: string;
}

/** The tables that charts are drawn from. */
export type Tables = Readonly<
  Record<"detectors" | "matrix" | "shots" | "forgetting" | "chains" | "robustness", readonly Row[]>
>;

const groups: Readonly<Record<MethodGroup, string>> = {
  forensic_transfer: "ForensicTransfer, its variants and a classifier",
  tgd: "T-GD, L2-SP and fine-tuning of one network",
};

/**
 * Draws the charts.
 *
 * @param rows All rows of a run.
 * @param tables What was put together from them.
 * @param claims The decided claims.
 * @returns The charts that there is something for.
 */
export async function chartsOf(
  rows: readonly Row[],
  { detectors, matrix, shots, forgetting, robustness }: Tables,
  claims: readonly DecidedClaim[],
): Promise<ReportChart[]> {
  const decided = claims.filter(({ parts }) => parts.length > 0);
  const drawn: (Omit<ReportChart, "chart"> & { readonly chart: Promise<Chart> | Chart | undefined })[] = [
    {
      name: "matrix",
      chart: matrixChart(matrix, "matched"),
      alt: "Heat maps of AUC, trained on one domain and tested on another, one a detector",
      caption: "Train x test, real pictures of matched resolution: what claims are decided on.",
    },
    {
      name: "matrix_raw",
      chart: matrixChart(matrix, "raw"),
      alt: "The same heat maps with real pictures as they are",
      caption: "The same with real pictures as they are: sharper than a swap, and that alone gives forgeries away.",
    },
    {
      name: "variants",
      chart: variantsChart(detectors),
      alt: "AUC of each detector with both kinds of real pictures",
      caption: "What a detector loses when real pictures are as soft as forged ones.",
    },
    ...(Object.keys(groups) as MethodGroup[]).flatMap((group) => [
      {
        name: `few_shot_${group}`,
        chart: fewShotChart(shots, group),
        alt: "AUC on the target by the number of forged pictures",
        caption: `A few pictures of the target: ${groups[group]}.`,
      },
      {
        name: `forgetting_${group}`,
        chart: forgettingChart(forgetting, group),
        alt: "Arrows from before to after adaptation, target AUC against source AUC",
        caption: `Right is won, down is lost: ${groups[group]}.`,
      },
    ]),
    {
      name: "robustness",
      chart: robustnessChart(robustness, rows),
      alt: "AUC by degradation of the test pictures, one panel a detector",
      caption: "JPEG, blur and loss of size in test pictures alone.",
    },
    {
      name: "claims",
      chart: decided.length > 0 ? claimsChart(decided) : undefined,
      alt: "Each part of each claim with its interval",
      caption: "The parts of the claims, each over the width of its interval: right of the line supports.",
    },
  ];
  const charts: ReportChart[] = [];
  for (const { chart, ...rest } of drawn) {
    const done = await chart;
    if (done) charts.push({ ...rest, chart: done });
  }
  return charts;
}
