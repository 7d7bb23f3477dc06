/**
 * Tables of what is inside of AEI-Net and of what HEAR-Net does: masks by level, and things before the face.
 *
 * @module
 */

import { meanWithInterval, namePictures, type Row } from "doppel/evaluation/mod.ts";
import type { Column } from "doppel/report/mod.ts";
import { armsOf, titleOf } from "./summary.ts";

const levels = ["seed", "pair", "picture"];

/** Columns of {@linkcode byLevel}. */
export const levelColumns: Column[] = [
  { key: "title", title: "arm" },
  { key: "level", title: "level", decimals: 0 },
  { key: "side", title: "side", unit: "px", decimals: 0 },
  { key: "mask", title: "mean of M", interval: "mask_interval", decimals: 3 },
];

/** Columns of {@linkcode byOcclusion}. */
export const occlusionColumns: Column[] = [
  { key: "title", title: "model" },
  { key: "mask", title: "put back by" },
  { key: "task", title: "whose face" },
  { key: "photographs", title: "photographs", decimals: 0 },
  { key: "inside", title: "error inside the occluder", interval: "inside_interval", decimals: 4 },
  { key: "outside", title: "outside", interval: "outside_interval", decimals: 4 },
  { key: "gain", title: "identity gain", unit: "cosine", interval: "gain_interval", decimals: 3 },
];

/**
 * The mean of the masks by arm and level, over the swaps of persons who are trained on.
 *
 * @param rows All rows of a run.
 * @returns One row for each arm that has masks and each of its levels, from the lowest resolution up.
 */
export function byLevel(rows: readonly Row[]): Row[] {
  const own = namePictures(rows.filter(({ kind }) => kind === "mask"));
  return armsOf(own).flatMap((arm) => {
    const groups = Map.groupBy(own.filter((row) => row["arm"] === arm), ({ level }) => level as number);
    return [...groups].sort(([a], [b]) => a - b).map(([level, group]) => {
      const { estimate, interval } = meanWithInterval(group, { levels, value: "mask" });
      return { title: titleOf(arm), arm, level, side: group[0]!["side"], mask: estimate, mask_interval: interval };
    });
  });
}

/**
 * Errors inside and outside of occluders by model and whose face was put in, with the identity gain of the occluded swaps.
 *
 * @param rows All rows of a run, those of df_vs_liae that were joined among them.
 * @returns One row for each; none where nothing was measured.
 */
export function byOcclusion(rows: readonly Row[]): Row[] {
  const own = namePictures(rows.filter(({ kind }) => kind === "occlusion"));
  const occluded = namePictures(rows.filter(({ kind, group }) => kind === "swap" && group === "occluded"));
  const groups = Map.groupBy(own, (row) => `${row["task"]}|${row["arm"]}|${row["mask"]}`);
  return [...groups.values()].map((group) => {
    const { arm, mask, task } = group[0]!;
    const swaps = task === "swap" ? occluded.filter((row) => row["arm"] === arm) : [];
    const figures = [["inside", group], ["outside", group], ["gain", swaps]] as const;
    const intervals = figures.filter(([, of]) => of.length > 0).flatMap(([value, of]) => {
      const { estimate, interval } = meanWithInterval(of, { levels, value });
      return [[value, estimate], [`${value}_interval`, interval]] as const;
    });
    const photographs = new Set(group.map(({ pair, picture }) => `${pair} ${picture}`)).size;
    return { title: titleOf(arm as string), arm, mask, task, photographs, ...Object.fromEntries(intervals) };
  });
}
