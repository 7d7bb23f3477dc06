/**
 * Runs an experiment from settings to report.
 *
 * @module
 */

import { basename, join, relative } from "node:path";
import { BUNDLED_FACES } from "../../data/mod.ts";
import {
  createRun,
  describeEnvironment,
  type Environment,
  type Experiment,
  exportMetrics,
  fileHash,
  type Findings,
  openRun,
  type PresetName,
  readJson,
  removeClaims,
  resolveConfig,
  type Run,
  writeResults,
} from "../../experiment/mod.ts";
import { facePackages } from "../../faces/mod.ts";
import { cannot } from "../../problem.ts";
import { projectRoot } from "../../notebook/mod.ts";
import { bfloat16Features, device, useTensorFlow } from "../../runtime/mod.ts";
import { say } from "../_terminal.ts";
import { startJobs, threadsOf } from "./jobs.ts";
import { performHere } from "./perform_here.ts";

/** What to run, and where. */
export interface RunExperimentOptions {
  readonly preset: PresetName;
  /** Changed settings, `key=value`. */
  readonly overrides?: readonly string[];
  /** Folder of photographs; the bundled ones by default. */
  readonly data?: string;
  /** Folder that run folders are made in. */
  readonly out: string;
  /** A run to go on with. */
  readonly resume?: string;
  /** An earlier run of the same experiment whose trained parts are taken over where settings agree. */
  readonly reuse?: string;
  /** Processes that work on it side by side, this one included. Default 1. */
  readonly jobs?: number;
  readonly signal: AbortSignal;
}

/**
 * Runs an experiment, or goes on with a stopped run of it.
 *
 * @param experiment The experiment.
 * @param options Preset, changed settings, data, folders.
 * @returns The run; its report is written unless the run was stopped.
 * @throws Problem when settings, data or the run to resume do not fit.
 */
export async function runExperiment(experiment: Experiment, options: RunExperimentOptions): Promise<Run> {
  const { preset, overrides = [], data = BUNDLED_FACES, out, resume, reuse, jobs = 1, signal } = options;
  const start = performance.now();
  const config = resume && overrides.length === 0
    ? (await openRun(resume, { experiment: experiment.name })).config
    : resolveConfig(experiment.schema, experiment.presets[preset], overrides);
  if (reuse) await openRun(reuse, { experiment: experiment.name });
  const threads = threadsOf(jobs);
  await useTensorFlow(jobs > 1 ? { threads } : {});
  const used = device();
  if (jobs > 1 && used.device === "gpu") {
    throw cannot("work side by side", "the processor, whose cores can be shared", "the GPU", "--jobs");
  }
  const run = resume ? await openRun(resume, { experiment: experiment.name, config }) : await createRun({
    root: out,
    experiment: experiment.name,
    preset,
    config,
    environment: await describeEnvironment({
      device: { ...used, bfloat16: bfloat16Features() },
      data: { folder: relative(projectRoot, data), manifest: await fileHash(join(data, "manifest.json")) },
      versions: { tensorflow: used.tensorflow, tfjs: used.tfjs, ...await facePackages() },
      command: [
        ...["deno task run", experiment.name, "--preset", preset, ...overrides.flatMap((set) => ["--set", set])],
        ...(reuse ? ["--reuse", basename(reuse)] : []),
        ...(jobs > 1 ? ["--jobs", String(jobs)] : []),
      ].join(" "),
      root: projectRoot,
    }),
  });
  say(
    `${experiment.title}, preset ${run.preset}, on ${
      used.device === "gpu" ? "the GPU" : `the processor, ${used.threads} ${used.threads === 1 ? "thread" : "threads"}`
    }${jobs > 1 ? ` in each of ${jobs} processes` : ""}`,
  );
  say(`Run folder: ${run.path}`);

  const beside = startJobs(run, { jobs, threads, data, reuse });
  let complete = false;
  let rows: Findings<Record<string, unknown>>["rows"] = [];
  try {
    ({ rows, complete } = await performHere(experiment, { run, config, data, signal, reuse }));
  } finally {
    await beside.end(complete);
  }
  if (!complete) {
    say(`Stopped with all work saved. Go on with: deno task run ${experiment.name} --resume ${run.path}`);
    return run;
  }
  await removeClaims(run);
  await exportMetrics(run);
  const environment = await readJson(join(run.path, "environment.json"), "environment") as Environment;
  const claims = await experiment.present({ run, config, rows, environment });
  await writeResults(run.results, {
    experiment: experiment.name,
    preset: run.preset,
    seeds: config.seeds,
    environment,
    rows,
    claims,
  });
  for (const { statement, verdict } of claims) say(`${verdict}: ${statement}`);
  say(`Done in ${((performance.now() - start) / 1000).toFixed(0)} s. Report: ${run.report}`);
  return run;
}
