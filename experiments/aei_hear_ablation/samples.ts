/**
 * Pictures of a run: each with its label and its provenance.
 *
 * @module
 */

import { join } from "node:path";
import type { Run } from "doppel/experiment/mod.ts";
import { alignFace } from "doppel/faces/mod.ts";
import type { FacePhoto } from "doppel/generators/mod.ts";
import { createPicture, labelPicture, type Picture, pictureGrid, resizePicture } from "doppel/image/mod.ts";
import type { Swap } from "../df_vs_liae/measure.ts";
import { writeGrid } from "../df_vs_liae/samples.ts";
import type { FaceMasks } from "./masks.ts";
import type { Config } from "./presets.ts";

/** Most columns of a grid. */
const COLUMNS = 8;
/** Side of a picture in a grid. */
const SIDE = 160;

/** One column of a grid of swaps. */
export interface SwapColumn {
  /** Whose face it got. */
  readonly person: string;
  /** The untouched photograph. */
  readonly photo: FacePhoto;
  /** What became of it, without label; several where stages are to be compared. */
  readonly swaps: readonly Swap[];
  /** A photograph of the source person. */
  readonly source: FacePhoto;
}

/**
 * The grid of swaps of many persons: photographs, swaps, and the source persons to compare with.
 *
 * @param columns The swaps; the first few are shown.
 * @param names What the rows of swaps are called, from top to bottom.
 * @returns The grid; every swap in it is labelled.
 */
export function swapGrid(columns: readonly SwapColumn[], names: readonly string[]): Picture {
  const shown = columns.slice(0, COLUMNS);
  const cut = (picture: Picture, { landmarks }: FacePhoto) =>
    alignFace(picture, landmarks, { size: SIDE, faceType: "whole" }).picture;
  return pictureGrid(
    [
      shown.map(({ photo }) => cut(photo.photo, photo)),
      ...names.map((_, k) => shown.map(({ photo, swaps }) => labelPicture(cut(swaps[k]!.picture, photo)))),
      shown.map(({ source }) => cut(source.photo, source)),
    ],
    {
      rowLabels: ["photograph", ...names, "source"],
      columnLabels: shown.map(({ person }) => `face of ${person.replace(/^person/, "")}`),
      textSize: 10,
    },
  );
}

/**
 * The grid of masks: target, swap, and the mask of each level, white where the identity counts.
 *
 * @param targets Aligned faces.
 * @param made What was made of them, with the masks.
 * @returns The grid; every swap in it is labelled.
 */
export function maskGrid(targets: readonly Picture[], made: readonly FaceMasks[]): Picture {
  const rows = made.slice(0, 6).map(({ face, levels }, i) => [
    enlarged(targets[i]!),
    labelPicture(enlarged(face)),
    ...levels.map((level) => enlarged(level)),
  ]);
  const sides = made[0]?.levels.map(({ width }) => `${width} px`) ?? [];
  return pictureGrid(rows, { columnLabels: ["target", "swap", ...sides], textSize: 10 });
}

/** Masks are shown place by place, not smoothed: a place of the lowest level is a large square. */
function enlarged(picture: Picture): Picture {
  const { data, width, height, channels } = picture;
  if (channels === 3) return resizePicture(picture, SIDE, SIDE);
  const values = Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const x = Math.floor((pixel % SIDE) * width / SIDE);
    return data[Math.floor(Math.floor(pixel / SIDE) * height / SIDE) * width + x]!;
  });
  return createPicture(SIDE, SIDE, 3, values);
}

/**
 * Writes a grid of a cell into the run's samples, with its provenance.
 *
 * @param run The run.
 * @param cell Which arm and seed.
 * @param what What it shows: a group of swaps, "masks" or "occluded".
 * @param grid The grid.
 * @param generator What made the swaps in it.
 */
export async function saveGrid(
  run: Run,
  { arm, seed }: { readonly arm: string; readonly seed: number },
  what: string,
  grid: Picture,
  generator: string,
): Promise<void> {
  await writeGrid(join(run.samples, `${arm}_seed${seed}_${what}.png`), grid, generator);
}

/** What is kept beside the results: of the main arms all but the ablations of HEAR-Net, of the short ones the seen persons. */
const KEPT = /^(aei|hear)_\w+$|^(hear_no_error|hear_no_hard)_occluded$|^(aad|add|cat|three_levels|id_1|id_15)_seen$/;

/**
 * The name under which a grid is kept with exported results.
 *
 * @param file Name of the grid's file in the run.
 * @param config The run's settings.
 * @returns Such as `aei_both_unseen`; nothing for some grids and for all seeds but the first.
 */
export function sampleName(file: string, { seeds }: Pick<Config, "seeds">): string | undefined {
  const found = /^(\w+)_seed(\d+)_(\w+)\.png$/.exec(file);
  if (!found) return undefined;
  const [, arm, seed, what] = found;
  const name = `${arm}_${what}`;
  return Number(seed) === seeds[0] && KEPT.test(name) && !/^hear_no_\w+_(?!occluded$)/.test(name) ? name : undefined;
}
