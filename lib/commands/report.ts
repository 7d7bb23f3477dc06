/**
 * `task report`: makes the tables, charts and the report of a finished run again, from its measurements.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { type Environment, exportRun, openRun, readJson, readResults, writeResults } from "../experiment/mod.ts";
import { command, main, say } from "./mod.ts";
import { findExperiment } from "./run/registry.ts";

/** The command. */
export const report = command({
  name: "report",
  summary: "Make a run's tables, charts and report again",
  positionals: [{ name: "run", summary: "The run's folder" }],
  options: {
    export: { type: "text", summary: "Copy what is worth keeping (no checkpoints) to a folder", value: "DIR" },
  },
  examples: ["report runs/mine", "report runs/mine --export experiments/df_vs_liae/results"],
  async run({ run: path }, { export: folder }) {
    const run = await openRun(resolve(path));
    const experiment = await findExperiment(run.experiment);
    const results = await readResults(run.results);
    const environment = await readJson(join(run.path, "environment.json"), "environment") as Environment;
    const claims = await experiment.present({ run, config: run.config, rows: results.rows, environment });
    await writeResults(run.results, { ...results, claims });
    say(`Report: ${run.report}`);
    if (folder === undefined) return;
    const sampleName = (file: string) => experiment.sampleName?.(file, run.config);
    say(`Exported: ${await exportRun(run, resolve(folder), { sampleName })} files to ${resolve(folder)}`);
  },
});

if (import.meta.main) await main(report);
