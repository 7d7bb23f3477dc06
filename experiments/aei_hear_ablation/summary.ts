/**
 * Rows put together into tables: by arm, by who is seen, and beside the field.
 *
 * @module
 */

import { meanWithInterval, namePictures, type Row } from "doppel/evaluation/mod.ts";
import type { Column } from "doppel/report/mod.ts";
import { type ArmName, armNames, armOf } from "./arms.ts";

/** Models of df_vs_liae by the names that its tables have for them. */
const fieldTitles: Readonly<Record<string, string>> = {
  df: "DF",
  liae: "LIAE",
  merged: "DF and LIAE merged",
  graphics: "graphics swap",
};

/** Groups in words. */
export const groupTitles: Readonly<Record<string, string>> = {
  seen: "both trained on",
  unseen_source: "source unseen",
  both_unseen: "both unseen",
  field: "pairs of df_vs_liae",
  occluded: "the same, occluded",
};

const identity: Column[] = [
  { key: "gain", title: "identity gain", unit: "cosine", interval: "gain_interval", decimals: 3 },
  { key: "gain_second", title: "by the encoder that trains", unit: "cosine", decimals: 3 },
  { key: "top1", title: "top-1", unit: "share", decimals: 2 },
  { key: "drift", title: "drift to others", unit: "cosine", decimals: 3 },
];
const attributes: Column[] = [
  { key: "attr", title: "attr", unit: "of random pairs", interval: "attr_interval", decimals: 3 },
  { key: "landmark_error", title: "landmarks", unit: "eye distances", decimals: 3 },
  { key: "expression_error", title: "expression", decimals: 3 },
  { key: "pose_error", title: "pose", unit: "degrees", decimals: 2 },
  { key: "attribute_top1", title: "attribute retrieval", unit: "share", decimals: 2 },
  { key: "sharp", title: "sharpness", unit: "of real", decimals: 2 },
];

/** Columns of {@linkcode byArm}. */
export const armColumns: Column[] = [
  { key: "title", title: "arm" },
  { key: "seeds", title: "seeds", decimals: 0 },
  { key: "parameters", title: "parameters", unit: "M", decimals: 2 },
  { key: "steps", title: "steps", decimals: 0 },
  { key: "seconds", title: "training", unit: "s", decimals: 0 },
  ...identity,
  ...attributes,
  { key: "reconstruction", title: "reconstruction error", interval: "reconstruction_interval", decimals: 4 },
];

/** Columns of {@linkcode byGroup}. */
export const groupColumns: Column[] = [
  { key: "title", title: "arm" },
  { key: "who", title: "who is trained on" },
  { key: "pairs", title: "pairs", decimals: 0 },
  { key: "photographs", title: "photographs", decimals: 0 },
  ...identity,
  { key: "nearer", title: "nearer than before", unit: "share", decimals: 2 },
  ...attributes,
];

/** Columns of {@linkcode byModel}. */
export const modelColumns: Column[] = [
  { key: "title", title: "model" },
  { key: "networks", title: "networks for all pairs", decimals: 0 },
  ...identity,
  { key: "found", title: "found", unit: "share", decimals: 2 },
  ...attributes.filter(({ key }) => key !== "attribute_top1"),
  { key: "perceptual", title: "perceptual distance", decimals: 3 },
  { key: "seam", title: "seam", unit: "LAB", decimals: 2 },
];

const levels = ["seed", "pair", "picture"];

/** One row for each arm: its swaps of persons who are trained on, and how it gives held-out faces of them back. */
export function byArm(rows: readonly Row[]): Row[] {
  return armsOf(rows).flatMap((arm) => {
    const own = (kind: string) => rows.filter((row) => row["kind"] === kind && row["arm"] === arm);
    const swaps = namePictures(own("swap").filter(({ group }) => group === "seen"));
    if (swaps.length === 0) return [];
    const costs = own("cost");
    const again = namePictures(own("reconstruction").filter(({ group }) => group === "seen"));
    const back = again.length > 0 ? meanWithInterval(again, { levels, value: "error" }) : undefined;
    return [{
      title: titleOf(arm),
      arm,
      seeds: distinct(swaps, "seed"),
      parameters: costs.length > 0 ? average(costs, "parameters")! / 1e6 : null,
      steps: average(costs, "steps"),
      seconds: average(costs, "seconds"),
      ...figuresOf(swaps),
      ...(back && { reconstruction: back.estimate, reconstruction_interval: back.interval }),
    }];
  });
}

/** One row for each arm and group of photographs. */
export function byGroup(
  rows: readonly Row[],
  groups: readonly string[] = ["seen", "unseen_source", "both_unseen"],
): Row[] {
  const swaps = namePictures(rows.filter(({ kind }) => kind === "swap"));
  return armsOf(rows).flatMap((arm) =>
    groups.flatMap((group) => {
      const own = swaps.filter((row) => row["arm"] === arm && row["group"] === group);
      if (own.length === 0) return [];
      return [{
        title: titleOf(arm),
        ...{ arm, group },
        who: groupTitles[group],
        pairs: distinct(own, "pair"),
        photographs: distinct(own.map((row) => ({ ...row, place: `${row["pair"]} ${row["picture"]}` })), "place"),
        ...figuresOf(own),
        nearer: own.filter(({ gain }) => (gain as number) > 0).length / own.length,
      }];
    })
  );
}

/** One row for each model on the pairs of df_vs_liae: AEI-Net, with HEAR-Net, and what was joined. */
export function byModel(rows: readonly Row[]): Row[] {
  const swaps = namePictures(rows.filter(({ kind, group }) => kind === "swap" && group === "field"));
  const models = [...new Set(swaps.map(({ arm }) => arm as string))];
  return models.map((arm) => {
    const own = swaps.filter((row) => row["arm"] === arm);
    return {
      title: titleOf(arm),
      arm,
      networks: networksOf(arm, distinct(own, "pair")),
      found: own.filter(({ found }) => found).length / own.length,
      ...figuresOf(own),
      perceptual: average(own, "perceptual"),
      seam: average(own, "seam"),
    };
  });
}

/** The title of an arm of this experiment or of df_vs_liae. */
export const titleOf = (arm: string): string => fieldTitles[arm] ?? armOf(arm).title;

/** The arms of this experiment that have rows, in their order. */
export function armsOf(rows: readonly Row[]): ArmName[] {
  const ran = new Set(rows.map(({ arm }) => arm));
  return armNames.filter((name) => ran.has(name));
}

/** How many networks are trained for so many pairs. */
function networksOf(arm: string, pairs: number): number {
  if (arm === "graphics") return 0;
  return arm === "merged" ? 2 * pairs : arm in fieldTitles ? pairs : stagesOf(arm as ArmName);
}

function stagesOf(name: ArmName): number {
  const arm = armOf(name);
  return arm.kind === "aei" ? 1 : arm.kind === "hear" ? 2 : stagesOf(arm.on);
}

function figuresOf(swaps: readonly Row[]): Row {
  const gain = meanWithInterval(swaps, { levels, value: "gain" });
  const attr = meanWithInterval(swaps, { levels, value: "attr" });
  const searched = swaps.filter(({ attribute_rank }) => typeof attribute_rank === "number");
  const plain = ["gain_second", "top1", "drift", "landmark_error", "expression_error", "pose_error", "sharp"];
  return {
    gain: gain.estimate,
    gain_interval: gain.interval,
    attr: attr.estimate,
    attr_interval: attr.interval,
    ...Object.fromEntries(plain.map((key) => [key, average(swaps, key)])),
    attribute_top1: searched.length > 0
      ? searched.filter(({ attribute_rank }) => attribute_rank === 1).length / searched.length
      : null,
  };
}

const distinct = (rows: readonly Row[], key: string) => new Set(rows.map((row) => row[key])).size;

function average(rows: readonly Row[], key: string): number | null {
  const values = rows.map((row) => row[key]).filter((value) => typeof value === "number") as number[];
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}
