/**
 * Charts of detectors as they were trained.
 *
 * @module
 */

import type { Row } from "doppel/evaluation/mod.ts";
import { type Chart, heatMap, palette, vegaLiteChart } from "doppel/report/mod.ts";
import { byOrder, titleOf } from "./families.ts";
import type { Variant } from "./sets.ts";
import { detectorsOf } from "./summary.ts";

/** Quantitative axis of an AUC. */
export const aucAxis = (field: string, title: string, low: number): Record<string, unknown> => ({
  field,
  type: "quantitative",
  title,
  // A little beyond 1, so that what is drawn there stays inside of its panel.
  scale: { domain: [low, 1.02], nice: false, zero: false },
  axis: { tickCount: 6, domain: false, labelFlush: false },
});

/** The lowest of some AUCs, rounded down, so that an axis has room for it. */
export const lowest = (aucs: readonly unknown[]): number =>
  Math.floor(20 * Math.min(0.5, ...aucs.filter((auc) => typeof auc === "number"))) / 20;

/** A column of several panels with one name over each. */
export const panelsBy = (field: string, order: readonly unknown[]): Record<string, unknown> => ({
  field,
  type: "nominal",
  title: null,
  sort: order,
  header: { labelAnchor: "start", labelFontWeight: "bold", labelPadding: 6 },
});

const words: Readonly<Record<Variant, string>> = {
  matched: "Real pictures of matched resolution",
  raw: "Real pictures as they are",
};

/**
 * Trained on one forgery and tested on another, a map a detector.
 *
 * @param matrix What `matrixOf` gave.
 * @param variant Which real pictures.
 * @returns The chart, nothing where that variant was not run.
 */
export function matrixChart(matrix: readonly Row[], variant: Variant): Promise<Chart> | undefined {
  const own = matrix.filter((row) => row["variant"] === variant);
  if (own.length === 0) return undefined;
  const sources = [...byOrder(own.map(({ source }) => source as string)), "real"];
  const tests = byOrder(own.map(({ test }) => test as string));
  const cells = [...new Set(own.map(({ detector }) => detector as string))].flatMap((detector) =>
    sources.flatMap((source) =>
      tests.flatMap((test) => {
        const cell = own.find((row) =>
          row["detector"] === detector && row["source"] === source && row["test"] === test
        );
        return cell
          ? [{
            ...{ panel: titleOf(detector), row: titleOf(source), column: titleOf(test) },
            ...{ value: cell["auc"] as number, marked: source === test },
          }]
          : [];
      })
    )
  );
  return heatMap(cells, {
    title: "Trained on one forgery, tested on another",
    subtitle: `AUC on test persons, mean over seeds. ${words[variant]}. Framed: the forgery that it was trained on.`,
    rowTitle: "trained on",
    columnTitle: "tested on",
    valueTitle: "AUC",
    domain: [0, 0.5, 1],
  });
}

/** Real pictures as they are against real pictures of matched resolution, for each detector. */
export function variantsChart(detectors: readonly Row[]): Promise<Chart> | undefined {
  const where = { own: "in-domain", cross: "cross-domain" };
  const dots = Object.entries(where).flatMap(([key, panel]) =>
    detectors.filter((row) => typeof row[key] === "number").map(({ title, variant, [key]: auc }) => ({
      ...{ title, variant, panel, auc },
    }))
  );
  if (new Set(dots.map(({ variant }) => variant)).size < 2) return undefined;
  const titles = [...new Set(detectors.map(({ title }) => title))];
  const y = { field: "title", type: "nominal", sort: titles, title: null, axis: { ticks: false, domain: false } };
  const low = lowest(dots.map(({ auc }) => auc));
  return vegaLiteChart({
    title: {
      text: "What sharpness alone gives away",
      subtitle: "AUC, mean over seeds and domains, with the real pictures as they are and of matched resolution.",
    },
    facet: { column: panelsBy("panel", Object.values(where)) },
    spec: {
      width: 300,
      height: { step: 26 },
      layer: [
        {
          mark: { type: "line", color: "#BBBBBB", strokeWidth: 2 },
          encoding: { x: aucAxis("auc", "AUC", low), y, detail: { field: "title" } },
        },
        {
          mark: { type: "point", filled: true, size: 80, opacity: 1 },
          encoding: {
            x: aucAxis("auc", "AUC", low),
            y,
            color: {
              ...{ field: "variant", type: "nominal", title: null, legend: { orient: "top" } },
              scale: { domain: ["matched", "raw"], range: [palette[0], palette[1]] },
            },
          },
        },
      ],
    },
  }, dots);
}

/** AUC on worsened test pictures, a panel a detector. */
export function robustnessChart(degradations: readonly Row[], rows: readonly Row[]): Promise<Chart> | undefined {
  const own = degradations.filter(({ variant }) => variant === "matched");
  const shown = own.length > 0 ? own : degradations;
  const series = { own: "own domain", aei_trained: "AEI, trained on it", aei_other: "AEI, trained on another" };
  const points = shown.flatMap((row) =>
    Object.entries(series).filter(([key]) => typeof row[key] === "number").map(([key, name]) => ({
      ...{ detector: row["title"], degradation: row["degradation"], series: name, auc: row[key] },
    }))
  );
  if (points.length === 0) return undefined;
  const order = [...new Set(points.map(({ degradation }) => degradation))];
  const x = { field: "degradation", type: "ordinal", sort: order, title: null, axis: { labelAngle: -45, grid: false } };
  const y = aucAxis("auc", "AUC", lowest(points.map(({ auc }) => auc)));
  return vegaLiteChart({
    title: {
      text: "Worse test pictures",
      subtitle: "AUC, mean over seeds and domains; JPEG by quality, blur by its sigma in pixels, size by its factor.",
    },
    facet: panelsBy("detector", detectorsOf(rows).map(titleOf)),
    columns: 4,
    bounds: "flush",
    spacing: { column: 36, row: 44 },
    spec: {
      width: 190,
      height: 140,
      encoding: {
        x,
        y,
        color: {
          ...{ field: "series", type: "nominal", title: null, legend: { orient: "top" } },
          scale: { domain: Object.values(series), range: palette.slice(0, 3) },
        },
      },
      layer: [
        { mark: { type: "line", strokeWidth: 2 } },
        { mark: { type: "point", filled: true, size: 40, opacity: 1 } },
      ],
    },
  }, points);
}
