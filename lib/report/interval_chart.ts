/**
 * Estimates with their intervals, one line a group.
 *
 * @module
 */

import type { Row } from "doppel/evaluation/mod.ts";
import type { Chart } from "./chart.ts";
import { decimalsFor, formatEstimate } from "./numbers.ts";
import { colours, fontSize, palette } from "./theme.ts";
import { vegaLiteChart } from "./vega_chart.ts";

/** One line of the chart. */
export interface IntervalRow {
  /** Name of the arm or group. */
  readonly group: string;
  /** The estimate. */
  readonly estimate: number;
  /** Its 95 % interval. */
  readonly interval: readonly [low: number, high: number];
  /** Single measurements (pictures, pairs, seeds) that are shown as dots. */
  readonly dots?: readonly number[];
  /** Colour of the line; by default all groups have the first of the palette. */
  readonly colour?: string;
}

/** Width of the plot itself, in pixels. */
const WIDTH = 420;
/** Height of a line. */
const STEP = 44;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Draws each group's estimate and interval, the single measurements as dots behind them, and the numbers beside them.
 *
 * @param rows The groups, from top to bottom.
 * @param options What stands round them.
 * @param options.title What the chart says.
 * @param options.subtitle What the dots and the lines are.
 * @param options.axis Name of the figure with its unit ("identity gain (cosine)").
 * @param options.zero The value that means "no difference", drawn as a line, or `null` for none.
 * @param options.band A band of values that count as equal.
 * @returns The chart.
 */
export function intervalChart(
  rows: readonly IntervalRow[],
  { title, subtitle, axis, zero = 0, band }: {
    title?: string;
    subtitle?: string;
    axis: string;
    zero?: number | null;
    band?: readonly [low: number, high: number];
  },
): Promise<Chart> {
  const decimals = decimalsFor(rows);
  const groups = rows.map(({ group }) => group);
  const values: Row[] = rows.map(({ group, estimate, interval, colour = palette[0] }) => {
    const [low, high] = interval;
    return { group, estimate, low, high, colour, label: formatEstimate(estimate, interval, decimals) };
  });
  const dots: Row[] = rows.flatMap(({ group, dots = [], colour = palette[0] }) =>
    // Multiples of the golden ratio spread any number of dots evenly, and the same way each time.
    dots.map((value, i) => ({ group, value, colour, jitter: (i + 1) * GOLDEN % 1 - 0.5 }))
  );
  const y = { field: "group", type: "nominal", sort: groups, scale: { domain: groups }, title: null };
  const quantitative = { type: "quantitative", scale: { zero: false, nice: true } };
  const x = { ...quantitative, title: axis, axis: { tickCount: 6, domain: false } };
  const colour = { field: "colour", type: "nominal", scale: null };
  const layer = [
    ...(band
      ? [
        mark({ type: "rect", color: colours.grid }, [{ from: band[0], to: band[1] }], {
          x: at("from"),
          x2: { field: "to" },
        }),
      ]
      : []),
    ...(zero === null
      ? []
      : [mark({ type: "rule", color: colours.muted, strokeDash: [4, 3] }, [{ zero }], { x: at("zero") })]),
    ...(dots.length
      ? [mark({ type: "circle", size: 22, opacity: 0.35, clip: true }, dots, {
        x: at("value"),
        y,
        yOffset: { field: "jitter", type: "quantitative", scale: { domain: [-0.75, 0.75] } },
        color: colour,
      })]
      : []),
    mark({ type: "rule", strokeWidth: 3, strokeCap: "round" }, values, {
      x: at("low"),
      x2: { field: "high" },
      y,
      color: colour,
    }),
    mark({ type: "point", filled: true, size: 80, opacity: 1, stroke: "white", strokeWidth: 1.5 }, values, {
      x: at("estimate"),
      y,
      color: colour,
    }),
    // Beside the plot and not beside the points, where the labels would lie on dots and intervals.
    mark({ type: "text", align: "left", fontSize: fontSize.axis, color: colours.text }, values, {
      x: { value: WIDTH + 14 },
      y,
      text: { field: "label" },
    }),
  ];
  return vegaLiteChart({
    ...(title ? { title: { text: title, ...(subtitle ? { subtitle } : {}) } } : {}),
    width: WIDTH,
    height: { step: STEP },
    layer,
    config: { axisY: { grid: false, ticks: false, domain: false, labelFontSize: fontSize.title, labelPadding: 12 } },
  });

  function at(field: string) {
    return { ...x, field };
  }
  function mark(style: Record<string, unknown>, data: readonly Row[], encoding: Record<string, unknown>) {
    return { data: { values: data }, mark: { tooltip: false, ...style }, encoding };
  }
}
