/**
 * `task report`: makes the tables, charts and the report of a finished run again, from its measurements, or one report of
 * several runs.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { type Environment, exportRun, openRun, readJson, readResults, writeResults } from "../experiment/mod.ts";
import { cannot } from "../problem.ts";
import { command, main, say } from "./mod.ts";
import { writeOverview } from "./run/overview.ts";
import { findExperiment } from "./run/registry.ts";

/** The command. */
export const report = command({
  name: "report",
  summary: "Make a run's tables, charts and report again",
  description: "With --out one page over all the runs that are named: questions, verdicts, main charts and tables.",
  positionals: [{ name: "runs", summary: "The run's folder, or with --out several", many: true }],
  options: {
    out: { type: "text", summary: "Write one page over the runs to a file", value: "FILE" },
    export: { type: "text", summary: "Copy what is worth keeping (no checkpoints) to a folder", value: "DIR" },
  },
  examples: [
    "report runs/one runs/two --out runs/all.html",
    "report runs/mine",
    "report runs/mine --export experiments/df_vs_liae/results",
  ],
  async run({ runs: paths }, { export: folder, out }) {
    if (out !== undefined) {
      if (folder !== undefined) throw cannot("report", "either --out or --export", "both", "see --help");
      const runs = await Promise.all(paths.map((path) => openRun(resolve(path))));
      await writeOverview(runs, resolve(out));
      say(`Report: ${resolve(out)}`);
      return;
    }
    const [path] = paths as [string, ...string[]];
    if (paths.length > 1) throw cannot("report", "--out FILE with several runs", "none", "see --help");
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
