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
  openRun,
  type PresetName,
  readJson,
  resolveConfig,
  type Run,
  writeResults,
} from "../../experiment/mod.ts";
import { facePackages } from "../../faces/mod.ts";
import { projectRoot } from "../../notebook/mod.ts";
import { bfloat16Features, device, useTensorFlow } from "../../runtime/mod.ts";
import { progress, type ProgressLine, say } from "../_terminal.ts";

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
  const { preset, overrides = [], data = BUNDLED_FACES, out, resume, reuse, signal } = options;
  const start = performance.now();
  const config = resume && overrides.length === 0
    ? (await openRun(resume, { experiment: experiment.name })).config
    : resolveConfig(experiment.schema, experiment.presets[preset], overrides);
  if (reuse) await openRun(reuse, { experiment: experiment.name });
  await useTensorFlow();
  const used = device();
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
      ].join(" "),
      root: projectRoot,
    }),
  });
  say(
    `${experiment.title}, preset ${run.preset}, on ${
      used.device === "gpu" ? "the GPU" : `the processor, ${used.threads} threads`
    }`,
  );
  say(`Run folder: ${run.path}`);

  let line: { title: string; bar: ProgressLine } | undefined;
  const endLine = () => {
    line?.bar.finish();
    line = undefined;
  };
  const { rows, complete } = await experiment.perform({
    run,
    config,
    data,
    signal,
    reuse,
    say: (text) => {
      endLine();
      say(text);
    },
    progress: (title, done, total, detail) => {
      if (line?.title !== title) {
        endLine();
        line = { title, bar: progress(title, { total }) };
      }
      line.bar.update(done, detail ? { detail } : {});
    },
  }).finally(() => line?.bar.clear());
  line = undefined;
  if (!complete) {
    say(`Stopped with all work saved. Go on with: deno task run ${experiment.name} --resume ${run.path}`);
    return run;
  }
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
