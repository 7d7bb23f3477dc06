/**
 * Two figures against each other, one dot a group, the groups numbered: names beside the dots would collide.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Row } from "doppel/evaluation/mod.ts";
import type { Chart } from "./chart.ts";
import { plotChart } from "./plot_chart.ts";
import { fontSize, palette, textWidth } from "./theme.ts";

/** A dot with the intervals of its two figures. */
export interface NumberedDot {
  /** Name in the list beside the chart. */
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly xInterval: readonly [low: number, high: number];
  readonly yInterval: readonly [low: number, high: number];
  /** Dots of a kind have one colour. */
  readonly kind?: string;
}

/** What stands round the dots. */
export interface NumberedDotsOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  /** Ticks of a logarithmic y axis; without them it is linear. */
  readonly logTicks?: readonly number[];
  /** The kinds, in the order of the legend. */
  readonly kinds?: readonly string[];
}

/** Radius of a number's disc in pixels. */
const RADIUS = 8;
/** Width of the plot itself. */
const WIDTH = 520;

/**
 * Draws the dots; a number that would lie on another stands beside its dot, with a line to it.
 *
 * @param dots The groups, in the order of their numbers.
 * @param options Labels of the axes, kinds.
 * @returns The chart.
 */
export function numberedDotsChart(
  dots: readonly NumberedDot[],
  { xLabel, yLabel, logTicks, kinds }: NumberedDotsOptions,
): Chart {
  const rows: Row[] = dots.map(({ title, x, y, xInterval, yInterval, kind }, i) => ({
    ...{ title, x, y, kind: kind ?? "", number: String(i + 1) },
    ...{ left: xInterval[0], right: xInterval[1], low: yInterval[0], high: yInterval[1] },
  }));
  const titles = rows.map(({ number, title }) => `${number}  ${title}`);
  const fill = kinds ? "kind" : palette[0];
  const marginRight = 24 + Math.ceil(Math.max(...titles.map((title) => textWidth(title, fontSize.axis))));
  return plotChart({
    width: 60 + WIDTH + marginRight,
    height: 460,
    ...{ marginLeft: 60, marginRight, marginBottom: 46 },
    x: { label: xLabel, labelOffset: 40, labelAnchor: "center", grid: true, nice: true },
    y: {
      ...{ label: yLabel, grid: true },
      ...(logTicks ? { type: "log", ticks: [...logTicks], tickFormat: String } : { nice: true }),
    },
    ...(kinds && { color: { domain: [...kinds], range: palette.slice(0, kinds.length).reverse(), legend: true } }),
    marks: [
      Plot.link(rows, { x1: "left", x2: "right", y1: "y", y2: "y", stroke: "#BBBBBB" }),
      Plot.link(rows, { x1: "x", x2: "x", y1: "low", y2: "high", stroke: "#BBBBBB" }),
      Plot.link(rows, apart({ x1: "x", y1: "y", x2: "x", y2: "y", stroke: "#555555" }, ["x2", "y2"])),
      Plot.dot(rows, { x: "x", y: "y", r: 3.5, fill, stroke: "white", strokeWidth: 0.5 }),
      Plot.dot(rows, apart({ x: "x", y: "y", r: RADIUS, fill, stroke: "white", strokeWidth: 0.5 }, ["x", "y"])),
      Plot.text(
        rows,
        apart({ x: "x", y: "y", text: "number", fill: "white", fontSize: 10, fontWeight: 600 }, ["x", "y"]),
      ),
      Plot.text([titles.join("\n")], {
        ...{ frameAnchor: "top-right", textAnchor: "start", lineAnchor: "top" },
        ...{ dx: 14, fontSize: fontSize.axis, lineHeight: 1.6 },
      }),
    ],
  });
}

/**
 * Places for discs round points: on its point, or else on the nearest ring round it where there is room.
 *
 * @param points Where the dots are, in pixels.
 * @param radius Of a disc.
 * @returns The discs' centres. A disc that does not stand on its dot covers no other dot and no disc.
 */
export function placeDiscs(
  points: readonly (readonly [x: number, y: number])[],
  radius: number,
): [x: number, y: number][] {
  const placed: [number, number][] = [];
  const near = (a: readonly [number, number], b: readonly [number, number], gap: number) =>
    Math.hypot(a[0] - b[0], a[1] - b[1]) < gap;
  points.forEach((point) => {
    // A dot at the same place is not to be seen anyhow.
    const others = points.filter((other) => !near(point, other, 1));
    const isFree = (place: [number, number], own: boolean) =>
      placed.every((disc) => !near(place, disc, 2 * radius + 1)) &&
      others.every((other) => !near(place, other, radius + 3)) && (own || !near(place, point, radius + 3));
    const rings = [2.2, 3.2, 4.2, 5.2, 6.2].flatMap((ring) =>
      Array.from({ length: 16 }, (_, k): [number, number] => {
        const angle = (k * 2 * Math.PI) / 16 - Math.PI / 2;
        return [point[0] + ring * radius * Math.cos(angle), point[1] + ring * radius * Math.sin(angle)];
      })
    );
    const own: [number, number] = [point[0], point[1]];
    placed.push(isFree(own, true) ? own : rings.find((place) => isFree(place, false)) ?? own);
  });
  return placed;
}

/** Marks whose channels `moved` are where {@linkcode placeDiscs} puts the discs. */
function apart<T>(options: T, [x, y]: readonly [string, string]): T {
  return Plot.initializer(
    options as Plot.InitializerFunction & T,
    ((
      data: unknown,
      facets: unknown,
      channels: Record<string, { value: Float64Array }>,
      scales: Record<string, (value: number) => number>,
    ) => {
      const inPixels = (name: string) => Array.from(channels[name]!.value, (value) => scales[name[0]!]!(value));
      const [xs, ys] = [inPixels(x), inPixels(y)];
      const places = placeDiscs(xs.map((value, i) => [value, ys[i]!] as const), RADIUS);
      const moved = {
        [x]: { value: places.map((place) => place[0]) },
        [y]: { value: places.map((place) => place[1]) },
      };
      return { data, facets, channels: moved };
    }) as unknown as Plot.InitializerFunction,
  ) as T;
}
