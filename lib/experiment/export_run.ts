/**
 * Copies out of a run's folder what is worth keeping beside the code: everything but checkpoints, full-size swaps and logs.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readPicture, readProvenance, writePicture } from "doppel/image/mod.ts";
import { cannot } from "doppel/problem.ts";
import type { Run } from "./run_folder.ts";

const FILES = ["config.json", "environment.json", "metrics.parquet", "results.json", "report.html"] as const;
const FOLDERS = ["tables", "charts"] as const;

/**
 * Exports a finished run: settings, environment, results, metrics, report, tables, charts, and some of the sample grids as
 * JPEG with their provenance.
 *
 * @param run The run.
 * @param folder Where to; an earlier export there is replaced.
 * @param options `sampleName`: the name, without ending, under which a grid of the run is kept, or nothing; default none are.
 * @returns How many files were written.
 * @throws {Problem} When the run has no results yet, or the folder holds something that is no export.
 */
export async function exportRun(
  run: Run,
  folder: string,
  { sampleName = () => undefined }: { readonly sampleName?: (file: string) => string | undefined } = {},
): Promise<number> {
  if (!existsSync(run.results)) throw cannot("export run", "a finished run", "one without results.json", run.path);
  if (existsSync(folder) && !existsSync(join(folder, "results.json")) && holdsFiles(folder)) {
    throw cannot("export run", "a new folder or that of an earlier export", "one with other files", folder);
  }
  const fresh = `${folder}.${crypto.randomUUID()}.part`;
  let written = 0;
  try {
    await Deno.mkdir(join(fresh, "samples"), { recursive: true });
    for (const file of FILES) {
      if (!existsSync(join(run.path, file))) continue;
      await Deno.copyFile(join(run.path, file), join(fresh, file));
      written++;
    }
    for (const name of FOLDERS) {
      await Deno.mkdir(join(fresh, name));
      for await (const { name: file, isFile } of Deno.readDir(join(run.path, name))) {
        if (!isFile) continue;
        await Deno.copyFile(join(run.path, name, file), join(fresh, name, file));
        written++;
      }
    }
    for await (const { name: file, isFile } of Deno.readDir(run.samples)) {
      const kept = isFile ? sampleName(file) : undefined;
      if (kept === undefined) continue;
      const from = join(run.samples, file);
      const provenance = await readProvenance(from);
      if (!provenance) throw cannot("export run", "sample grids with their provenance", "one without", from);
      const picture = await readPicture(from);
      await writePicture(join(fresh, "samples", `${kept}.jpg`), picture, { format: "jpeg", quality: 88, provenance });
      written++;
    }
    if (existsSync(folder)) await Deno.remove(folder, { recursive: true });
    await Deno.rename(fresh, folder);
  } catch (error) {
    await Deno.remove(fresh, { recursive: true }).catch(() => {});
    throw error;
  }
  return written;
}

/** Whether a folder holds more than what git needs to keep an empty one. */
function holdsFiles(folder: string): boolean {
  return [...Deno.readDirSync(folder)].some(({ name }) => name !== ".gitkeep");
}
