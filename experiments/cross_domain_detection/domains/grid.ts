/**
 * The sample grid of a domain: photographs, the real pictures of each variant, and the forgeries, with labels.
 *
 * @module
 */

import { join } from "node:path";
import { labelPicture, type Picture, pictureGrid, resizePicture, writePicture } from "doppel/image/mod.ts";
import type { Run } from "doppel/experiment/mod.ts";
import type { DomainName, DomainSets, Split, Variant } from "../sets.ts";
import type { Domain } from "./domain.ts";

/** Columns of each split: persons that detectors learn from, and persons that they are tested on. */
const COLUMNS: readonly (readonly [Split, number])[] = [["train", 4], ["test", 4]];
/** Labels cannot be read on smaller pictures. */
const LEAST = 128;

/**
 * Writes the grid of a domain into the run's samples.
 *
 * @param run The run.
 * @param sets The forged sets.
 * @param name Which domain.
 * @param domain The domain.
 * @param variants The variants that there are.
 */
export async function writeDomainGrid(
  run: Run,
  sets: DomainSets,
  name: DomainName,
  { title }: Domain,
  variants: readonly Variant[],
): Promise<void> {
  const rows: Picture[][] = [...variants, "forged"].map(() => []);
  const columnLabels: string[] = [];
  for (const [split, most] of COLUMNS) {
    const read = await Promise.all(variants.map((variant) => sets.read({ domain: name, variant, split })));
    const persons = [...Map.groupBy(read[0]!, ({ person }) => person).entries()].slice(0, most);
    for (const [person, own] of persons) {
      const { photo } = own[0]!;
      const find = (pictures: typeof own, forged: boolean) =>
        pictures.find((picture) => picture.photo === photo && picture.forged === forged)!.picture;
      read.forEach((pictures, i) => rows[i]!.push(shown(find([...pictures], false))));
      rows[variants.length]!.push(labelPicture(shown(find(own, true))));
      columnLabels.push(`${split} ${person.replace(/^person/, "")}`);
    }
  }
  const grid = pictureGrid(rows, {
    rowLabels: [...variants.map((variant) => `real, ${variant}`), "forged"],
    columnLabels,
    textSize: 10,
  });
  await writePicture(join(run.samples, `domain_${name}.png`), grid, {
    provenance: { synthetic: "true", generator: title, run: run.name, config: run.hash, experiment: run.experiment },
  });
}

function shown(picture: Picture): Picture {
  return picture.width >= LEAST ? picture : resizePicture(picture, LEAST, LEAST);
}
