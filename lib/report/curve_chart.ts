/**
 * Training curves: the mean over seeds, inside a band from the lowest seed to the highest.
 *
 * @module
 */

import { mean, type Row } from "doppel/evaluation/mod.ts";
import { cannot } from "doppel/problem.ts";
import type { Chart } from "./chart.ts";
import { palette } from "./theme.ts";
import { vegaLiteChart } from "./vega_chart.ts";

/** A point of a curve over seeds. */
export interface CurvePoint {
  /** Which curve. */
  readonly series: string;
  /** Place on the horizontal axis. */
  readonly x: number;
  /** Mean over seeds. */
  readonly mean: number;
  /** Lowest seed. */
  readonly low: number;
  /** Highest seed. */
  readonly high: number;
  /** Seeds measured here. */
  readonly seeds: number;
}

/** Which columns make the curves. */
export interface CurveColumns {
  /** Column of the horizontal axis ("step"). */
  readonly x: string;
  /** Measured column ("loss"). */
  readonly y: string;
  /** Column that tells curves apart ("arm"); one curve without it. */
  readonly series?: string;
}

/**
 * Mean, lowest and highest value over seeds at every place where a curve was measured.
 *
 * @param rows One row for each measurement; rows without the measured column, or with a value that is not finite, are
 * passed over.
 * @param columns Which columns.
 * @returns Points by series in order of appearance, then by x.
 */
export function summariseCurves(rows: readonly Row[], { x, y, series }: CurveColumns): CurvePoint[] {
  const measured = rows.filter((row) => Number.isFinite(row[x]) && Number.isFinite(row[y]));
  const curves = Map.groupBy(measured, (row) => series ? String(row[series]) : "");
  return [...curves].flatMap(([name, curve]) => {
    const places = Map.groupBy(curve, (row) => row[x] as number);
    return [...places].sort(([a], [b]) => a - b).map(([place, rows]) => {
      const values = rows.map((row) => row[y] as number);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      return { series: name, x: place, mean: mean(values), low, high, seeds: values.length };
    });
  });
}

/**
 * Draws training curves.
 *
 * @param rows Metrics of all seeds and arms, as the metrics file holds them.
 * @param options Columns, and what stands round them.
 * @param options.x Column of the horizontal axis.
 * @param options.y Measured column.
 * @param options.series Column that tells curves apart.
 * @param options.title What the chart says.
 * @param options.subtitle A line below it; by default what the band is.
 * @param options.xTitle Name of the horizontal axis with its unit.
 * @param options.yTitle Name of the vertical axis with its unit.
 * @param options.logarithmic Whether the vertical axis is logarithmic.
 * @returns The chart.
 * @throws {Problem} When no row has both columns, or a logarithmic axis would hold a value that is not above 0.
 */
export function curveChart(
  rows: readonly Row[],
  { x, y, series, title, subtitle, xTitle = x, yTitle = y, logarithmic = false }: CurveColumns & {
    title?: string;
    subtitle?: string;
    xTitle?: string;
    yTitle?: string;
    logarithmic?: boolean;
  },
): Promise<Chart> {
  const points = summariseCurves(rows, { x, y, ...(series ? { series } : {}) });
  if (!points.length) throw cannot("draw curves", `rows with the columns "${x}" and "${y}"`, "none");
  const lowest = Math.min(...points.map(({ low }) => low));
  if (logarithmic && lowest <= 0) throw cannot("draw curves on a logarithmic axis", "values above 0", String(lowest));
  const names = [...new Set(points.map((point) => point.series))];
  const seeds = Math.max(...points.map((point) => point.seeds));
  const band = seeds > 1 ? `mean of ${seeds} seeds; the band reaches from the lowest to the highest` : undefined;
  const text = { ...(title ? { text: title } : {}), ...(subtitle ?? band ? { subtitle: subtitle ?? band } : {}) };
  const horizontal = { field: "x", type: "quantitative", title: xTitle, axis: { grid: false, tickCount: 6 } };
  const scale = { type: logarithmic ? "log" : "linear", zero: false };
  const vertical = { type: "quantitative", title: yTitle, scale, axis: { tickCount: 5, domain: false } };
  const colour = {
    field: "series",
    type: "nominal",
    scale: { domain: names },
    legend: names.length > 1 ? { orient: "top", title: null, offset: 4, columns: 3, labelLimit: 0 } : null,
  };
  // Curves behind the palette's colours are dashed, so that no two look the same.
  const dash = names.map((_, i) => i < palette.length ? [1, 0] : [5, 3]);
  const dashed = names.length > palette.length
    ? { strokeDash: { ...colour, scale: { domain: names, range: dash } } }
    : {};
  return vegaLiteChart({
    ...(Object.keys(text).length ? { title: { text: "", ...text } } : {}),
    width: 480,
    height: 260,
    encoding: { x: horizontal, color: colour },
    layer: [
      ...(seeds > 1
        ? [{
          mark: { type: "area", opacity: 0.18 },
          encoding: { y: { ...vertical, field: "low" }, y2: { field: "high" } },
        }]
        : []),
      { mark: { type: "line", strokeWidth: 2 }, encoding: { y: { ...vertical, field: "mean" }, ...dashed } },
    ],
  }, points as unknown as Row[]);
}
