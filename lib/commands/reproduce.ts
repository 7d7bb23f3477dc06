/**
 * `task reproduce`: every experiment, on the bundled photographs, from pictures to verdicts.
 *
 * @module
 */

import { resolve } from "node:path";
import { presetNames, type Run } from "../experiment/mod.ts";
import { command, main, say } from "./mod.ts";
import { jobsOption } from "./run/jobs.ts";
import { overviewPath, writeOverview } from "./run/overview.ts";
import { experimentNames, findExperiment } from "./run/registry.ts";
import { runExperiment } from "./run/run_experiment.ts";

/** The command. */
export const reproduce = command({
  name: "reproduce",
  summary: "Run the experiments on the bundled faces and write their reports",
  description:
    "Sets up what is needed, trains, swaps, measures, and ends with the path of one report of all experiments.",
  options: {
    preset: { type: "choice", summary: "Size of the runs", choices: presetNames, default: "quick" },
    out: { type: "text", summary: "Folder that the runs' folders are made in", value: "DIR", default: "runs" },
    jobs: jobsOption,
  },
  async run(_, { preset, out, jobs }, { signal }) {
    const runs: Run[] = [];
    for (const name of experimentNames) {
      const run = await runExperiment(await findExperiment(name), { preset, out: resolve(out), jobs, signal });
      if (signal.aborted) return;
      runs.push(run);
    }
    const path = await overviewPath(resolve(out), preset);
    await writeOverview(runs, path);
    say(`Open the report in a browser: ${path}`);
  },
});

if (import.meta.main) await main(reproduce);
