/**
 * The experiment's charts.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Row } from "doppel/evaluation/mod.ts";
import { type Chart, curveChart, intervalChart, numberedDotsChart, palette, plotChart } from "doppel/report/mod.ts";
import { dotLabels, dotOf } from "../df_vs_liae/charts.ts";
import { armOf, isMain } from "./arms.ts";
import { FIELD_ARMS } from "./field.ts";
import { titleOf } from "./summary.ts";

const subtitle = "Line: estimate and 95 % interval over seeds, pairs and photographs.";

/** Identity against attributes, one dot an arm; long arms in another colour than the short ones. */
export function armsChart(arms: readonly Row[]): Chart {
  const best = arms.toSorted((a, b) => (b["gain"] as number) - (a["gain"] as number));
  const kindOf = ({ arm }: Row) => isMain(armOf(arm as string)) ? "long" : "short";
  return numberedDotsChart(best.map((row) => ({ ...dotOf(row), kind: kindOf(row) })), {
    ...dotLabels,
    kinds: ["long", "short"],
  });
}

/** For the arms behind the palette's seven: greys, so that no two lines have one colour. */
const moreColours = ["#8c8c8c", "#c4c4c4"];

/** Mean of M by level, one line an arm; the band is its interval. */
export function masksChart(levels: readonly Row[]): Chart {
  const titles = [...new Set(levels.map(({ title }) => title as string))];
  const sides = [...new Set(levels.map(({ side }) => side as number))].sort((a, b) => a - b);
  const edge = (which: 0 | 1) => (row: Row) => (row["mask_interval"] as [number, number])[which];
  return plotChart({
    width: 640,
    height: 340,
    marginLeft: 60,
    marginBottom: 46,
    x: { type: "point", label: "Side of the level (pixels) →", labelOffset: 40, domain: sides },
    y: { label: "↑ Mean of M: 0 attributes alone, 1 identity alone", domain: [0, 1], grid: true },
    color: { domain: titles, range: [...palette, ...moreColours], legend: true },
    marks: [
      Plot.ruleY([0.5], { stroke: "#999999", strokeDasharray: "4 3" }),
      Plot.areaY(levels, { x: "side", y1: edge(0), y2: edge(1), fill: "title", fillOpacity: 0.18 }),
      Plot.lineY(levels, { x: "side", y: "mask", stroke: "title", strokeWidth: 2 }),
      Plot.dot(levels, { x: "side", y: "mask", fill: "title", r: 4 }),
    ],
  });
}

/** Identity gain by who is trained on, of the arms given. */
export function groupsChart(groups: readonly Row[], rows: readonly Row[], arms: readonly string[]): Promise<Chart> {
  const own = groups.filter(({ arm }) => arms.includes(arm as string));
  const who = [...new Set(own.map(({ group }) => group))];
  return intervalChart(
    own.map((row) => ({
      group: `${row["title"]}: ${row["who"]}`,
      estimate: row["gain"] as number,
      interval: row["gain_interval"] as [number, number],
      dots: rows.filter(({ kind, arm, group }) => kind === "swap" && arm === row["arm"] && group === row["group"])
        .map(({ gain }) => gain as number),
      colour: palette[who.indexOf(row["group"]) % palette.length]!,
    })),
    {
      title: "Persons who are trained on, and persons who are not",
      subtitle: `${subtitle} Dots: swaps.`,
      axis: "Identity gain by the judge (centred cosine)",
    },
  );
}

/** Identity gain beside the field's models, on the same photographs. */
export function modelsChart(models: readonly Row[]): Promise<Chart> {
  const ours = models.map((row) => ({
    group: row["title"] as string,
    estimate: row["gain"] as number,
    interval: row["gain_interval"] as [number, number],
    colour: (FIELD_ARMS as readonly unknown[]).includes(row["arm"]) ? palette[0]! : palette[1]!,
  }));
  return intervalChart(ours, {
    title: "One network for all persons beside one for each pair",
    subtitle,
    axis: "Identity gain by the judge (centred cosine)",
  });
}

/** Loss of the identity by step, one curve a first stage; none before the first step. */
export function lossChart(metrics: readonly Row[]): Promise<Chart> | undefined {
  const history = metrics.filter(({ arm, identity }) => typeof arm === "string" && typeof identity === "number")
    .filter(({ arm }) => armOf(arm as string)?.kind === "aei")
    .map((row) => ({
      series: titleOf(row["arm"] as string),
      seed: row["seed"],
      step: row["step"],
      loss: row["identity"],
    }));
  if (history.length === 0) return undefined;
  return curveChart(history, {
    ...{ x: "step", y: "loss", series: "series" },
    title: "Identity loss of training",
    xTitle: "Step",
    yTitle: "1 - cosine, encoder that trains",
  });
}
