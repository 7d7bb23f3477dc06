/**
 * Rows put together into tables: by direction, by arm, and what the claims rest on.
 *
 * @module
 */

import { meanWithInterval, namePictures, type Row } from "doppel/evaluation/mod.ts";
import type { Column } from "doppel/report/mod.ts";
import { armOf, hull, overlay, poisson } from "./arms.ts";

/** Columns of the table by direction. */
export const directionColumns: Column[] = [
  { key: "title", title: "model" },
  { key: "pair", title: "pair" },
  { key: "person", title: "whose face" },
  { key: "seeds", title: "seeds", decimals: 0 },
  { key: "photographs", title: "photographs", decimals: 0 },
  { key: "gain", title: "identity gain", unit: "cosine", interval: "gain_interval", decimals: 3 },
  { key: "similarity_before", title: "similarity before", unit: "cosine", decimals: 3 },
  { key: "similarity", title: "after", unit: "cosine", decimals: 3 },
  { key: "gain_second", title: "gain, second encoder", unit: "cosine", decimals: 3 },
  { key: "drift", title: "drift to others", unit: "cosine", decimals: 3 },
  { key: "top1", title: "top-1", unit: "share", decimals: 2 },
  { key: "attr", title: "attr", unit: "of random pairs", decimals: 3 },
];

/** Columns of the table by arm and way of putting back. */
export const armColumns: Column[] = [
  { key: "title", title: "model" },
  { key: "variant", title: "put back by" },
  { key: "pairs", title: "pairs", decimals: 0 },
  { key: "parameters", title: "parameters", unit: "M", decimals: 2 },
  { key: "steps", title: "steps", decimals: 0 },
  { key: "seconds", title: "training", unit: "s", decimals: 0 },
  { key: "gain", title: "identity gain", unit: "cosine", interval: "gain_interval", decimals: 3 },
  { key: "top1", title: "top-1", unit: "share", decimals: 2 },
  { key: "found", title: "found", unit: "share", decimals: 2 },
  { key: "attr", title: "attr", unit: "of random pairs", interval: "attr_interval", decimals: 3 },
  { key: "landmark_error", title: "landmarks", unit: "eye distances", decimals: 3 },
  { key: "expression_error", title: "expression", decimals: 3 },
  { key: "pose_error", title: "pose", unit: "degrees", decimals: 2 },
  { key: "perceptual", title: "perceptual distance", decimals: 3 },
  { key: "ssim", title: "SSIM to photograph", decimals: 3 },
  { key: "seam", title: "seam", unit: "LAB", decimals: 2 },
  { key: "sharp", title: "sharpness", unit: "of real", decimals: 2 },
  { key: "reconstruction", title: "held-out SSIM", decimals: 3 },
];

/** One row for each arm, pair and direction, put back in the way that models are compared by. */
export function byDirection(rows: readonly Row[], arms: readonly string[]): Row[] {
  const swaps = swapsOf(rows).filter(({ arm, variant }) => arms.includes(arm as string) && variant === first(arm));
  return grouped(swaps, ["arm", "pair", "person"]).map((group) => {
    const { arm, pair, person } = group[0]!;
    const { estimate, interval } = meanWithInterval(group, { levels: ["seed", "photo"], value: "gain" });
    return {
      title: armOf(arm as string).title,
      ...{ arm, pair, person },
      seeds: distinct(group, "seed"),
      photographs: distinct(group, "photo"),
      gain: estimate,
      gain_interval: interval,
      ...means(group, ["similarity_before", "similarity", "gain_second", "drift", "attr"]),
      top1: share(group),
    };
  });
}

/** One row for each arm, put back in its first way and in those that a claim is about, over all of its pairs. */
export function byArm(rows: readonly Row[]): Row[] {
  const shown = swapsOf(rows).filter(({ arm, variant }) =>
    variant === first(arm) || claimed.includes(variant as string)
  );
  return grouped(shown, ["arm", "variant"]).map((group) => {
    const { arm, variant } = group[0]!;
    const named = namePictures(group);
    const own = (kind: string) => rows.filter((row) => row["kind"] === kind && row["arm"] === arm);
    const costs = own("cost");
    const ends = own("reconstruction").filter(({ stage }) => stage === "end");
    const levels = ["seed", "pair", "picture"];
    const gain = meanWithInterval(named, { levels, value: "gain" });
    const attr = meanWithInterval(named, { levels, value: "attr" });
    return {
      title: armOf(arm as string).title,
      ...{ arm, variant },
      pairs: distinct(group, "pair"),
      parameters: costs.length > 0 ? (costs[0]!["parameters"] as number) / 1e6 : null,
      steps: costs.length > 0 ? average(costs, "steps") : null,
      seconds: costs.length > 0 ? average(costs, "seconds") : null,
      gain: gain.estimate,
      gain_interval: gain.interval,
      top1: share(group),
      attr: attr.estimate,
      attr_interval: attr.interval,
      found: group.filter(({ found }) => found).length / group.length,
      ...means(group, ["landmark_error", "expression_error", "pose_error", "perceptual", "ssim", "seam", "sharp"]),
      reconstruction: ends.length > 0 ? average(ends, "ssim") : null,
    };
  });
}

/** The swaps among the rows. */
export const swapsOf = (rows: readonly Row[]): Row[] => rows.filter(({ kind }) => kind === "swap");

/** Ways of putting back that claims compare; the others stand in the table of conversions. */
const claimed = [poisson.name, hull.name];
const first = (arm: unknown) => armOf(arm as string).variants[0]?.name ?? overlay.name;

function grouped(rows: readonly Row[], keys: readonly string[]): Row[][] {
  return [...Map.groupBy(rows, (row) => keys.map((key) => row[key]).join("|")).values()];
}

const distinct = (rows: readonly Row[], key: string) => new Set(rows.map((row) => row[key])).size;
const share = (rows: readonly Row[]) => rows.filter(({ rank }) => rank === 1).length / rows.length;

function average(rows: readonly Row[], key: string): number | null {
  const values = rows.map((row) => row[key]).filter((value) => typeof value === "number") as number[];
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

const means = (rows: readonly Row[], keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [key, average(rows, key)]));
