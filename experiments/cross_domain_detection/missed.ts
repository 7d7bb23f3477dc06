/**
 * Pictures that detectors take for what they are not: the photographs whose real picture and forgery they tell apart worst.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { mean, type Row } from "doppel/evaluation/mod.ts";
import { labelPicture, type Picture, pictureGrid, readPicture, resizePicture } from "doppel/image/mod.ts";
import { setFolder } from "./domains/read_sets.ts";
import { readSet } from "./domains/set_files.ts";
import { byOrder, titleOf } from "./families.ts";
import { aucRows, openMeasurements } from "./measurements.ts";
import type { DomainName, Variant } from "./sets.ts";

/** Photographs shown of each domain. */
const SHOWN = 4;
/** Side of a picture in the grid. */
const SIDE = 128;

/** A photograph and how it was told apart. */
export interface Missed {
  readonly test: DomainName;
  readonly photo: string;
  /**
   * Mean placement over detectors and seeds: 1 where the forgery scored above all real pictures and the real picture below all
   * forgeries, around 0.5 where nothing was told.
   */
  readonly placement: number;
}

/** A photograph's two pictures. */
export interface PicturePair {
  readonly real: Picture;
  readonly forged: Picture;
}

/**
 * Finds the photographs that were told apart worst.
 *
 * @param rows All rows of a run.
 * @param variant Which real pictures.
 * @returns A few of each domain, the worst first; over all detectors, seeds and sources.
 */
export function findMissed(rows: readonly Row[], variant: Variant): Missed[] {
  const measured = openMeasurements(rows, variant);
  const own = aucRows(rows).filter((row) =>
    row.phase === "source" && row.variant === variant && row.degradation === null
  );
  const places = Map.groupBy(
    own.flatMap(({ method, source, test, seed }) =>
      [...measured.placements({ method, source, test }, seed) ?? []].map(([photo, placement]) => ({
        ...{ test, photo, placement },
      }))
    ),
    ({ test }) => test,
  );
  return byOrder(places.keys()).flatMap((test) => {
    const photos = Map.groupBy(places.get(test)!, ({ photo }) => photo);
    return [...photos].map(([photo, all]) => ({ test, photo, placement: mean(all.map(({ placement }) => placement)) }))
      .sort((a, b) => a.placement - b.placement).slice(0, SHOWN);
  });
}

/**
 * The grid of what was missed: a row a domain, each photograph's real picture and forgery beside each other.
 *
 * @param missed What {@linkcode findMissed} gave.
 * @param read Reads the pictures of a photograph; nothing where they are not there.
 * @returns The grid, every forged picture in it labelled; nothing where no picture is there.
 */
export async function missedGrid(
  missed: readonly Missed[],
  read: (which: Missed) => Promise<PicturePair | undefined>,
): Promise<Picture | undefined> {
  const rows = await Promise.all(
    [...Map.groupBy(missed, ({ test }) => test)].map(async ([test, worst]) => {
      const pairs = await Promise.all(worst.map(read));
      const pictures = pairs.flatMap((pair) => pair ? [enlarged(pair.real), labelPicture(enlarged(pair.forged))] : []);
      return { label: titleOf(test), pictures };
    }),
  );
  const shown = rows.filter(({ pictures }) => pictures.length > 0);
  if (shown.length === 0) return undefined;
  const columns = Math.max(...shown.map(({ pictures }) => pictures.length));
  return pictureGrid(shown.map(({ pictures }) => pictures), {
    rowLabels: shown.map(({ label }) => label),
    columnLabels: Array.from({ length: columns }, (_, i) => i % 2 === 0 ? "real" : "forged"),
    textSize: 10,
  });
}

const enlarged = (picture: Picture) => picture.width === SIDE ? picture : resizePicture(picture, SIDE, SIDE);

/**
 * Reads the test pictures of photographs from the forged sets of a run, `domains/<domain>/<variant>/test/pictures.json`.
 *
 * @param run Folder of the run.
 * @param variant Which real pictures.
 * @returns A reader for {@linkcode missedGrid}; it finds nothing where the sets are not kept.
 */
export function pictureReader(run: string, variant: Variant): (which: Missed) => Promise<PicturePair | undefined> {
  return async ({ test, photo }) => {
    const folder = setFolder(join(run, "domains"), test, variant, "test");
    if (!existsSync(folder)) return undefined;
    const own = (await readSet(folder)).filter((entry) => entry.photo === photo);
    const [real, forged] = [false, true].map((is) => own.find((entry) => entry.forged === is)?.file);
    if (real === undefined || forged === undefined) return undefined;
    return { real: await readPicture(join(folder, real)), forged: await readPicture(join(folder, forged)) };
  };
}
