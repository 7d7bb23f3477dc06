/**
 * The experiment's charts.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { DecidedClaim, Row } from "doppel/evaluation/mod.ts";
import {
  type Chart,
  curveChart,
  intervalChart,
  type NumberedDot,
  numberedDotsChart,
  palette,
  plotChart,
} from "doppel/report/mod.ts";
import { armOf } from "./arms.ts";
import { swapsOf } from "./summary.ts";

const pairName = (pair: unknown) => String(pair).replaceAll("person", "").replace("+", " and ");
const labelOf = (row: Row) =>
  `${row["title"]}, ${pairName(row["pair"])}, to ${String(row["person"]).replace("person", "")}`;

/** Identity gain of each direction, one line a model. */
export function directionsChart(directions: readonly Row[], rows: readonly Row[]): Promise<Chart> {
  const titles = [...new Set(directions.map(({ title }) => title))];
  const ordered = directions.toSorted((a, b) =>
    `${a["pair"]} ${a["person"]}`.localeCompare(`${b["pair"]} ${b["person"]}`) ||
    titles.indexOf(a["title"]) - titles.indexOf(b["title"])
  );
  return intervalChart(
    ordered.map((row) => ({
      group: labelOf(row),
      estimate: row["gain"] as number,
      interval: row["gain_interval"] as [number, number],
      dots: swapsOf(rows).filter(({ arm, pair, person, variant }) =>
        arm === row["arm"] && pair === row["pair"] && person === row["person"] &&
        variant === armOf(arm as string).variants[0]!.name
      ).map(({ gain }) => gain as number),
      colour: palette[titles.indexOf(row["title"]) % palette.length]!,
    })),
    {
      title: "How much nearer to the source person a swap comes",
      subtitle: "Line: estimate and 95 % interval; dots: held-out photographs of all seeds. Above 0 is nearer.",
      axis: "Identity gain by the judge (centred cosine)",
    },
  );
}

/** Identity against attributes, one dot an arm. */
export function armsChart(arms: readonly Row[]): Chart {
  const best = arms.filter(({ arm, variant }) => variant === armOf(arm as string).variants[0]!.name).toSorted((a, b) =>
    (b["gain"] as number) - (a["gain"] as number)
  );
  return numberedDotsChart(best.map(dotOf), {
    ...dotLabels,
    // A plain square pasted in loses several times as much as any other arm.
    logTicks: [0.5, 1, 2, 5],
  });
}

/** An arm's identity gain and attr. */
export const dotOf = (row: Row): NumberedDot => ({
  title: row["title"] as string,
  x: row["gain"] as number,
  y: row["attr"] as number,
  xInterval: row["gain_interval"] as [number, number],
  yInterval: row["attr_interval"] as [number, number],
});

/** Axes of identity gain and attr. */
export const dotLabels = {
  xLabel: "Identity gain (centred cosine) →",
  yLabel: "↑ attr, error of landmarks and expression (of random pairs)",
} as const;

/** Similarity to the source person before and after, one line a direction. */
export function beforeAndAfterChart(directions: readonly Row[]): Chart {
  const ends = directions.flatMap((row) => [
    { group: labelOf(row), similarity: row["similarity_before"], picture: "photograph" },
    { group: labelOf(row), similarity: row["similarity"], picture: "swap" },
  ]);
  return plotChart({
    width: 640,
    height: 90 + 28 * directions.length,
    marginLeft: 190,
    marginRight: 40,
    marginBottom: 46,
    x: { label: "Centred cosine to the source person →", labelOffset: 40, grid: true },
    y: { label: null, domain: directions.map(labelOf) },
    color: { domain: ["photograph", "swap"], range: ["#888888", palette[0]], legend: true },
    marks: [
      Plot.ruleX([0]),
      Plot.link(directions, {
        x1: "similarity_before",
        x2: "similarity",
        y1: labelOf,
        y2: labelOf,
        stroke: "#BBBBBB",
        strokeWidth: 2,
      }),
      Plot.dot(ends, { x: "similarity", y: "group", fill: "picture", r: 5 }),
    ],
  });
}

/** The parts of the claims, each in half widths of its interval, so that figures of several units share an axis. */
export function claimsChart(claims: readonly DecidedClaim[]): Chart {
  const parts = claims.flatMap(({ id, parts }) =>
    parts.map((part) => {
      const half = Math.max(1e-12, (part.interval[1] - part.interval[0]) / 2);
      const scaled = (value: number) => Math.max(-8, Math.min(8, (value - (part.margin ?? 0)) / half));
      const [low, high] = part.interval.map(scaled) as [number, number];
      const name = part.name.length > 44 ? `${part.name.slice(0, 43)}…` : part.name;
      return { group: `${id}: ${name}`, low, high, at: scaled(part.estimate), verdict: part.verdict };
    })
  );
  return plotChart({
    width: 760,
    height: 90 + 26 * parts.length,
    marginLeft: 320,
    marginRight: 30,
    marginBottom: 46,
    x: { label: "D above its margin, in half widths of the interval →", labelOffset: 40, domain: [-8.5, 8.5] },
    y: { label: null, domain: parts.map(({ group }) => group) },
    color: {
      domain: ["supported", "inconclusive", "contradicted"],
      range: [palette[0], "#999999", palette[1]],
      legend: true,
    },
    marks: [
      Plot.ruleX([0], { stroke: "#444444" }),
      Plot.link(parts, { x1: "low", x2: "high", y1: "group", y2: "group", stroke: "verdict", strokeWidth: 3 }),
      Plot.dot(parts, { x: "at", y: "group", fill: "verdict", r: 5 }),
    ],
  });
}

/** How far each way of putting back lies from the default one, in one figure. */
export function conversionsChart(conversions: readonly Row[], figure: "seam" | "sharp" | "gain"): Promise<Chart> {
  const titles = {
    gain: ["Identity gain", "Identity gain above DF's default (centred cosine)"],
    seam: ["Seam", "Seam above DF's default (LAB)"],
    sharp: ["Sharpness", "Sharpness above DF's default (share of the real photographs')"],
  } as const;
  const [title, axis] = titles[figure];
  const own = conversions.filter((row) => row[`${figure}_interval`]);
  return intervalChart(
    own.map((row) => ({
      group: `${row["title"]}, ${row["variant"]}`,
      estimate: row[figure] as number,
      interval: row[`${figure}_interval`] as [number, number],
      colour: row["arm"] === "df" ? palette[0] : palette[1],
    })),
    {
      title: `${title} of every way of putting back, against DF put back by overlay`,
      subtitle: "Paired on the same held-out photographs of all seeds; lines are 95 % intervals.",
      axis,
    },
  );
}

/** Error inside and outside of occluders, one line for each model, mask (or way of putting back) and task. */
export function occlusionChart(occlusion: readonly Row[]): Promise<Chart> {
  const lines = occlusion.flatMap((row) =>
    (["inside", "outside"] as const).map((where) => ({
      group: `${row["title"]}, ${row["mask"]}, ${row["task"]}: ${where}`,
      estimate: row[where] as number,
      interval: row[`${where}_interval`] as [number, number],
      colour: where === "inside" ? palette[1]! : palette[0]!,
    }))
  );
  return intervalChart(lines, {
    title: "What becomes of things before the face",
    subtitle: "Inside: change of the occluder. Outside: change of the rest of the face. 0 is untouched.",
    axis: "Mean absolute difference",
  });
}

/** Loss of both sides by step, one curve a model, averaged over pairs; none before the first step. */
export function lossChart(metrics: readonly Row[]): Promise<Chart> | undefined {
  const own = metrics.filter(({ pair, arm }) => pair !== undefined && (arm === "df" || arm === "liae"));
  if (own.length === 0) return undefined;
  const groups = Map.groupBy(own, ({ arm, seed, step }) => `${arm}|${seed}|${step}`);
  const history = [...groups.values()].map((group) => {
    const { arm, seed, step } = group[0]!;
    const losses = group.map((row) => (row["source"] as number) + (row["destination"] as number));
    const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
    return { series: armOf(arm as string).title, seed, step, loss };
  });
  return curveChart(history, {
    x: "step",
    y: "loss",
    series: "series",
    title: "Training loss",
    xTitle: "Step",
    yTitle: "Loss of both persons, mean of all pairs",
  });
}
