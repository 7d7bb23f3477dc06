/**
 * Pictures of a run: each with its label and its provenance.
 *
 * @module
 */

import { basename, join } from "node:path";
import type { Run } from "doppel/experiment/mod.ts";
import { alignFace } from "doppel/faces/mod.ts";
import type { FacePhoto } from "doppel/generators/mod.ts";
import { labelPicture, type Picture, pictureGrid, writePicture } from "doppel/image/mod.ts";

import type { Config } from "./presets.ts";

/**
 * Saves swapped photographs at full size, labelled, with what made them written into the files.
 *
 * @param folder Where to.
 * @param run The run.
 * @param generator What made them.
 * @param name What the files are called.
 * @param swaps The swaps, without labels.
 */
export async function saveSwaps(
  folder: string,
  run: Run,
  generator: string,
  name: string,
  swaps: readonly { readonly picture: Picture }[],
): Promise<void> {
  for (const [i, { picture }] of swaps.entries()) {
    await writePicture(join(folder, `${name}_${i + 1}.png`), labelPicture(picture), {
      provenance: { synthetic: "true", generator, run: run.name, config: run.hash, experiment: run.experiment },
    });
  }
}

/**
 * The sample grid of one direction: held-out photographs, their swaps, and the source person to compare with.
 *
 * @param person The source person.
 * @param photos The untouched photographs.
 * @param swaps The swaps, without labels.
 * @param source Photographs of the source person.
 * @returns The grid; every swap in it is labelled.
 */
export function gridOf(
  person: string,
  photos: readonly FacePhoto[],
  swaps: readonly { readonly picture: Picture }[],
  source: readonly FacePhoto[],
): Picture {
  const columns = Math.min(6, photos.length);
  const cut = (picture: Picture, landmarks: Float32Array) =>
    alignFace(picture, landmarks, { size: 160, faceType: "whole" }).picture;
  const sources = Array.from({ length: columns }, (_, i) => {
    const { photo, landmarks } = source[Math.floor(i * source.length / columns)]!;
    return cut(photo, landmarks);
  });
  const rows = [
    photos.slice(0, columns).map(({ photo, landmarks }) => cut(photo, landmarks)),
    photos.slice(0, columns).map(({ landmarks }, i) => labelPicture(cut(swaps[i]!.picture, landmarks))),
    sources,
  ];
  return pictureGrid(rows, { rowLabels: ["photograph", "swap", person], textSize: 10 });
}

/**
 * Writes the sample grid of one direction, with its provenance.
 *
 * @param path Where to.
 * @param grid What {@linkcode gridOf} made.
 * @param generator What made the swaps.
 */
export async function writeGrid(path: string, grid: Picture, generator: string): Promise<void> {
  await writePicture(path, grid, { provenance: { synthetic: "true", generator, grid: basename(path) } });
}

/** Of the main arms, what is kept beside the results: the default way, and of DF what improves on it. */
const KEPT = /^(df|liae|merged|graphics)_overlay$|^df_(poisson|xseg|super-resolution|occluded-overlay|occluded-xseg)$/;

/**
 * The name under which a grid is kept with exported results.
 *
 * @param file Name of the grid's file in the run.
 * @param config The run's settings.
 * @returns Such as `df_xseg_person14_person16_to_person14`; nothing for most grids and for all seeds but the first.
 */
export function sampleName(file: string, { seeds }: Pick<Config, "seeds">): string | undefined {
  const found = /^(\w+)_seed(\d+)_(\w+)-(\w+)_[0-9a-f]{6}_(.+)_to_(\w+)\.png$/.exec(file);
  if (!found) return undefined;
  const [, arm, seed, source, destination, variant, person] = found;
  if (Number(seed) !== seeds[0] || !KEPT.test(`${arm}_${variant}`)) return undefined;
  return `${arm}${variant === "overlay" ? "" : `_${variant}`}_${source}_${destination}_to_${person}`;
}
