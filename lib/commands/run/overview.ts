/**
 * One report of several runs.
 *
 * @module
 */

import { join } from "node:path";
import { type Environment, readJson, readResults, type Run } from "../../experiment/mod.ts";
import { writeFileWhole } from "../../image/mod.ts";
import { overviewPage, type OverviewRun } from "../../report/mod.ts";
import { findExperiment } from "./registry.ts";

/**
 * Writes one page over several runs, of however many experiments.
 *
 * @param runs Finished runs.
 * @param path Where to write it.
 * @throws {Problem} When a run has no results, or is of an unknown experiment.
 */
export async function writeOverview(runs: readonly Run[], path: string): Promise<void> {
  const shown = await Promise.all(runs.map(async (run): Promise<OverviewRun> => {
    const { title, question, main } = await findExperiment(run.experiment);
    const { seeds, claims } = await readResults(run.results);
    const environment = await readJson(join(run.path, "environment.json"), "environment") as Environment;
    return { run, title, question, seeds, claims, environment, ...(main && { main }) };
  }));
  await writeFileWhole(path, await overviewPage(shown, path));
}

/**
 * A folder's name for a page over runs that were made together, unlike any that there is.
 *
 * @param root Folder of all runs.
 * @param preset Their preset.
 * @param now The time.
 * @returns `<root>/<date-time>_reproduce_<preset>/report.html`.
 */
export async function overviewPath(root: string, preset: string, now = new Date()): Promise<string> {
  const stem = `${now.toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-")}_reproduce_${preset}`;
  for (let copy = 1;; copy++) {
    const folder = join(root, copy === 1 ? stem : `${stem}-${copy}`);
    if (!await Deno.stat(folder).then(() => true, () => false)) return join(folder, "report.html");
  }
}
