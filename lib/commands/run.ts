/**
 * `task run`: runs an experiment.
 *
 * @module
 */

import { resolve } from "node:path";
import { runExperiment } from "./run/run_experiment.ts";
import { command, main } from "./mod.ts";
import { jobsOption } from "./run/jobs.ts";
import { presetNames } from "../experiment/mod.ts";
import { experimentNames, findExperiment } from "./run/registry.ts";

/** The command. */
export const run = command({
  name: "run",
  summary: "Run an experiment and write its report",
  description:
    `Experiments: ${experimentNames.join(", ")}. A run gets a folder of its own under runs/ and can be stopped ` +
    "with Ctrl-C and gone on with by --resume.",
  positionals: [{ name: "experiment", summary: `One of ${experimentNames.join(", ")}` }],
  options: {
    preset: { type: "choice", summary: "Size of the run", choices: presetNames, default: "quick" },
    data: { type: "text", summary: "Folder of photographs, default the bundled ones", value: "DIR" },
    seeds: { type: "integer", summary: "Number of seeds, from 1 up", min: 1, max: 100 },
    out: { type: "text", summary: "Folder that the run's folder is made in", value: "DIR", default: "runs" },
    set: { type: "text", summary: "Change a setting, such as steps=1000", value: "KEY=VALUE", many: true },
    resume: { type: "text", summary: "Go on with a stopped run", value: "RUN" },
    reuse: {
      type: "text",
      summary: "Take over pretrained models of an earlier run where settings agree",
      value: "RUN",
    },
    jobs: jobsOption,
  },
  examples: ["run df_vs_liae --preset quick", "run df_vs_liae --preset standard --set steps=8000"],
  async run({ experiment: name }, { preset, data, seeds, out, set, resume, reuse, jobs }, { signal }) {
    const experiment = await findExperiment(name);
    const overrides = [
      ...(set ?? []),
      ...(seeds ? [`seeds=${JSON.stringify(Array.from({ length: seeds }, (_, i) => i + 1))}`] : []),
    ];
    await runExperiment(experiment, {
      preset,
      overrides,
      out: resolve(out),
      jobs,
      signal,
      ...(data ? { data: resolve(data) } : {}),
      ...(resume ? { resume: resolve(resume) } : {}),
      ...(reuse ? { reuse: resolve(reuse) } : {}),
    });
  },
});

if (import.meta.main) await main(run);
