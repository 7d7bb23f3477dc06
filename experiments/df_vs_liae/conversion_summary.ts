/**
 * Tables of what conversion does: every way of putting back against the default one, and things before the face.
 *
 * @module
 */

import {
  compareShared,
  hierarchicalBootstrap,
  meanWithInterval,
  namePictures,
  type Row,
} from "doppel/evaluation/mod.ts";
import type { Column } from "doppel/report/mod.ts";
import { armOf, overlay } from "./arms.ts";
import { swapsOf } from "./summary.ts";

const levels = ["seed", "pair", "picture"] as const;

/** What ways of putting back are compared by. */
const figures = [
  { key: "gain", title: "identity gain", unit: "cosine", decimals: 3 },
  { key: "seam", title: "seam", unit: "LAB", decimals: 2 },
  { key: "sharp", title: "sharpness", unit: "of real", decimals: 3 },
  { key: "perceptual", title: "perceptual distance", decimals: 3 },
  { key: "attr", title: "attr", unit: "of random pairs", decimals: 3 },
] as const;

/** Columns of {@linkcode byConversion}: differences from DF put back in the default way. */
export const conversionColumns: Column[] = [
  { key: "title", title: "model" },
  { key: "variant", title: "put back by" },
  ...figures.map(({ key, ...column }) => ({ key, ...column, interval: `${key}_interval` })),
];

/** Columns of {@linkcode byOcclusion}. */
export const occlusionColumns: Column[] = [
  { key: "title", title: "model" },
  { key: "mask", title: "mask" },
  { key: "task", title: "whose face" },
  { key: "photographs", title: "photographs", decimals: 0 },
  { key: "inside", title: "error inside the occluder", interval: "inside_interval", decimals: 4 },
  { key: "outside", title: "outside", interval: "outside_interval", decimals: 4 },
  { key: "excess", title: "inside minus outside", interval: "excess_interval", decimals: 4 },
];

/**
 * Every way of putting back, of the main models on all pairs: mean difference from DF put back by learned masks and
 * Reinhard's colours, on the same photographs, with its interval.
 *
 * @param rows All rows of a run.
 * @returns One row for each arm and way; none where DF did not run.
 */
export function byConversion(rows: readonly Row[]): Row[] {
  const swaps = namePictures(swapsOf(rows).filter(({ arm }) => armOf(arm as string).size === "main"));
  const base = swaps.filter(({ arm, variant }) => arm === "df" && variant === overlay.name);
  if (base.length === 0) return [];
  const groups = Map.groupBy(swaps, ({ arm, variant }) => `${arm}|${variant}`);
  return [...groups.values()].filter((group) => group[0] !== base[0]).map((group) => {
    const { arm, variant } = group[0]!;
    const differences = figures.flatMap(({ key }) => {
      const compared = compareShared(group, base, { value: key, levels });
      if (!compared) return [];
      const { estimate, interval } = hierarchicalBootstrap(compared.samples, { crossed: compared.crossed });
      return [[key, estimate], [`${key}_interval`, interval]] as const;
    });
    return { title: armOf(arm as string).title, arm, variant, ...Object.fromEntries(differences) };
  });
}

/**
 * Errors inside and outside of occluders, by arm, mask and whose face was put in.
 *
 * @param rows All rows of a run.
 * @returns One row for each; none where nothing was measured.
 */
export function byOcclusion(rows: readonly Row[]): Row[] {
  const own = namePictures(rows.filter(({ kind }) => kind === "occlusion")).map((row) => ({
    ...row,
    excess: (row["inside"] as number) - (row["outside"] as number),
  }));
  const groups = Map.groupBy(own, (row: Row) => `${row["task"]}|${row["arm"]}|${row["mask"]}`);
  return [...groups.values()].map((group: Row[]) => {
    const { arm, mask, task } = group[0]!;
    const intervals = ["inside", "outside", "excess"].flatMap((value) => {
      const { estimate, interval } = meanWithInterval(group, { value, levels });
      return [[value, estimate], [`${value}_interval`, interval]] as const;
    });
    const photographs = new Set(group.map(({ picture }) => picture)).size;
    return { title: armOf(arm as string).title, arm, mask, task, photographs, ...Object.fromEntries(intervals) };
  });
}
