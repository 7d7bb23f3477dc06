/**
 * Charts of detectors that were brought to another forgery.
 *
 * @module
 */

import type { Row } from "doppel/evaluation/mod.ts";
import { type Chart, palette, vegaLiteChart } from "doppel/report/mod.ts";
import { aucAxis, lowest, panelsBy } from "./charts.ts";
import { startsFrom, titleOf } from "./families.ts";
import { type AdaptationName, adaptationNames } from "./methods.ts";

const startingFrom = (isTgd: boolean): readonly AdaptationName[] =>
  adaptationNames.filter((name) => (startsFrom(name) === "efficient_net") === isTgd);

/** Methods in groups that a reader can tell apart by colour: those of ForensicTransfer's paper, and those on T-GD's network. */
export const methodGroups = { forensic_transfer: startingFrom(false), tgd: startingFrom(true) };

/** Name of a group of methods. */
export type MethodGroup = keyof typeof methodGroups;

/** What decides stands in the charts; `raw` where nothing else was run. */
function select(rows: readonly Row[], group: MethodGroup): Row[] {
  const own = rows.filter(({ method }) => methodGroups[group].some((name) => name === method));
  const matched = own.filter(({ variant }) => variant === "matched");
  return matched.length > 0 ? matched : own;
}

function colourOf(rows: readonly Row[], group: MethodGroup) {
  const ran = methodGroups[group].filter((name) => rows.some(({ method }) => method === name));
  return {
    field: "title",
    type: "nominal",
    title: null,
    scale: {
      domain: ran.map(titleOf),
      range: ran.map((name) => palette[methodGroups[group].indexOf(name)]),
    },
    legend: { orient: "top", columns: 2 },
  };
}

/**
 * AUC on the target by the number of forged pictures of it, a panel a pair.
 *
 * @param shots What `byShots` gave.
 * @param group Which methods.
 * @returns The chart, nothing where none of them ran.
 */
export function fewShotChart(shots: readonly Row[], group: MethodGroup): Promise<Chart> | undefined {
  const own = select(shots, group);
  if (own.length === 0) return undefined;
  const counts = [...new Set(own.map((row) => row["shots"] as number))].sort((a, b) => a - b);
  const methods = [...new Set(own.map(({ method }) => method))];
  // Beside each other, so that intervals do not hide one another.
  const aside = (method: unknown) => 0.1 * (methods.indexOf(method) - (methods.length - 1) / 2);
  const points = own.map((row) => {
    const [low, high] = row["target_interval"] as [number, number];
    const x = counts.indexOf(row["shots"] as number) + aside(row["method"]);
    return { pair: row["pair_title"], title: row["title"], x, auc: row["target"], low, high };
  });
  const low = lowest(points.flatMap((point) => [point.low, point.auc]));
  const y = aucAxis("auc", "target AUC", low);
  const { axis, scale } = aucAxis("low", "target AUC", low) as { axis: unknown; scale: unknown };
  return vegaLiteChart({
    title: {
      text: "A few pictures of the other forgery",
      subtitle:
        "AUC on the target with 95 % interval over seeds and photographs; each forged picture comes with its real one.",
    },
    facet: panelsBy("pair", [...new Set(points.map(({ pair }) => pair))]),
    columns: 2,
    bounds: "flush",
    spacing: { column: 40, row: 48 },
    spec: {
      width: 380,
      height: 220,
      encoding: {
        x: {
          field: "x",
          type: "quantitative",
          title: "forged pictures of the target",
          scale: { domain: [-0.4, counts.length - 0.6], nice: false, zero: false },
          axis: {
            grid: false,
            values: counts.map((_, i) => i),
            labelExpr: `${JSON.stringify(counts.map(String))}[datum.value]`,
          },
        },
        color: colourOf(own, group),
      },
      layer: [
        {
          mark: { type: "rule", strokeWidth: 2, opacity: 0.45 },
          encoding: {
            y: { field: "low", type: "quantitative", title: "target AUC", axis, scale },
            y2: { field: "high" },
          },
        },
        { mark: { type: "line", strokeWidth: 1.5 }, encoding: { y } },
        { mark: { type: "point", filled: true, size: 36, opacity: 1 }, encoding: { y } },
      ],
    },
  }, points);
}

/**
 * From before to after adaptation in the plane of target and source AUC, an arrow a method and a panel a pair.
 *
 * @param forgetting What `byForgetting` gave.
 * @param group Which methods.
 * @returns The chart, nothing where none of them ran.
 */
export function forgettingChart(forgetting: readonly Row[], group: MethodGroup): Promise<Chart> | undefined {
  const own = select(forgetting, group);
  if (own.length === 0) return undefined;
  const keys = ["target_before", "target_last", "source_before", "source_last"];
  const low = lowest(own.flatMap((row) => keys.map((key) => row[key])));
  const arrows = own.flatMap((row) => {
    const [x1, x2, y1, y2] = keys.map((key) => row[key]);
    if (![x1, x2, y1, y2].every((value) => typeof value === "number")) return [];
    const [dx, dy] = [(x2 as number) - (x1 as number), (y2 as number) - (y1 as number)];
    // Clockwise from upwards; both axes have the same scale.
    const angle = Math.atan2(dx, dy) * 180 / Math.PI;
    return [{ pair: row["pair_title"], title: row["title"], x1, x2, y1, y2, angle }];
  });
  if (arrows.length === 0) return undefined;
  const [x, y] = [aucAxis("x1", "target AUC", low), aucAxis("y1", "source AUC", low)];
  const colour = colourOf(own, group);
  const shots = own[0]!["shots"];
  return vegaLiteChart({
    title: {
      text: "What is won on the target and lost on the source",
      subtitle: `From before (ring) to the last step (head) with ${shots} forged pictures, mean over seeds.`,
    },
    facet: panelsBy("pair", [...new Set(arrows.map(({ pair }) => pair))]),
    columns: 2,
    bounds: "flush",
    spacing: { column: 40, row: 48 },
    spec: {
      width: 320,
      height: 320,
      layer: [
        {
          mark: { type: "rule", strokeWidth: 2, opacity: 0.8 },
          encoding: { x, y, x2: { field: "x2" }, y2: { field: "y2" }, color: colour },
        },
        { mark: { type: "point", size: 60, strokeWidth: 2, opacity: 1 }, encoding: { x, y, color: colour } },
        {
          mark: { type: "point", shape: "triangle", filled: true, size: 120, opacity: 1 },
          encoding: {
            x: { ...x, field: "x2" },
            y: { ...y, field: "y2" },
            angle: { field: "angle", type: "quantitative", scale: null },
            color: colour,
          },
        },
      ],
    },
  }, arrows);
}
