/**
 * The sample grids of a run: photographs, real pictures of each variant and forgeries, one grid a domain, and what was missed.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { encodePicture, readPicture } from "doppel/image/mod.ts";
import { titleOf } from "./families.ts";
import { type DomainName, domainNames } from "./sets.ts";

/** The file of what detectors miss. */
export const MISSED = "missed.png";

/** A grid of the report. */
export interface ReportGrid {
  readonly image: Uint8Array;
  readonly alt: string;
  readonly caption: string;
}

/**
 * The name under which a grid is kept with exported results.
 *
 * @param file Name of the grid's file in the run.
 * @returns Such as `domain_df`, or `missed`; nothing for other files.
 */
export function sampleName(file: string): string | undefined {
  if (file === MISSED) return "missed";
  const name = /^domain_(\w+)\.png$/.exec(file)?.[1];
  return (domainNames as readonly string[]).includes(name ?? "") ? `domain_${name}` : undefined;
}

/**
 * Reads the grids of a run, as JPEG: the report is to stay small enough to be sent.
 *
 * @param folder The run's samples.
 * @param domains Which domains.
 * @returns The grids that are there; forged pictures in them are labelled.
 */
export async function domainGrids(folder: string, domains: readonly DomainName[]): Promise<ReportGrid[]> {
  const files = domains.map((name) => ({ name, file: join(folder, `domain_${name}.png`) }));
  return await Promise.all(
    files.filter(({ file }) => existsSync(file)).map(async ({ name, file }) => {
      const provenance = { synthetic: "true", generator: titleOf(name), grid: `domain_${name}` };
      return {
        image: await encodePicture(await readPicture(file), { format: "jpeg", quality: 75, provenance }),
        alt: `Real and forged pictures of the domain ${titleOf(name)}`,
        caption: `${titleOf(name)}: the real pictures that detectors see above, the forged ones below.`,
      };
    }),
  );
}
