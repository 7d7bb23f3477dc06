/**
 * The folder of a run: everything that a run makes, never overwritten.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import * as v from "valibot";
import { cannot } from "doppel/problem.ts";
import type { Environment } from "./environment.ts";
import { differences } from "./flatten.ts";
import { readMetrics } from "./metrics_log.ts";
import { frameOf, readJson, writeJson, writeParquet } from "./records.ts";

/** A run and where it keeps what. */
export interface Run {
  /** Name of the folder, which is the run's id. */
  readonly name: string;
  /** The folder. */
  readonly path: string;
  /** Which experiment. */
  readonly experiment: string;
  /** Which preset it started from. */
  readonly preset: string;
  /** The resolved settings. */
  readonly config: unknown;
  /** Six digits of the hash of the settings. */
  readonly hash: string;
  /** When the run was made, ISO 8601. */
  readonly created: string;
  /** Model and optimiser state. */
  readonly checkpoints: string;
  /** Sample grids. */
  readonly samples: string;
  /** CSV and Parquet. */
  readonly tables: string;
  /** Vega-Lite JSON, SVG and PNG. */
  readonly charts: string;
  /** Finished cells, one file each. */
  readonly cells: string;
  /** `metrics.jsonl`. */
  readonly metrics: string;
  /** `results.json`. */
  readonly results: string;
  /** `report.html`. */
  readonly report: string;
}

const FOLDERS = ["checkpoints", "samples", "tables", "charts", "cells"] as const;

const configFile = v.object({
  experiment: v.string(),
  preset: v.string(),
  created: v.string(),
  hash: v.string(),
  config: v.unknown(),
});

/**
 * Makes the folder of a new run, `<root>/<date-time>_<experiment>_<preset>_<hash6>`, with `config.json` and
 * `environment.json` in it. It appears under its name only when it is complete.
 *
 * @param options The run.
 * @param options.root Folder of all runs.
 * @param options.experiment Name of the experiment.
 * @param options.preset Name of the preset.
 * @param options.config Resolved settings; must be JSON.
 * @param options.environment See `describeEnvironment`.
 * @param options.now The time of the run.
 * @returns The run.
 * @throws {Problem} When the names cannot be part of a folder's name or the settings hold numbers that are not finite.
 */
export async function createRun(
  { root, experiment, preset, config, environment, now = new Date() }: {
    root: string;
    experiment: string;
    preset: string;
    config: unknown;
    environment: Environment;
    now?: Date;
  },
): Promise<Run> {
  for (const name of [experiment, preset]) {
    if (!/^[A-Za-z0-9][\w-]*$/.test(name)) throw cannot("name a run", "letters, digits, _ and -", JSON.stringify(name));
  }
  const created = now.toISOString();
  const hash = configHash(config);
  const stem = `${created.slice(0, 19).replaceAll(":", "").replace("T", "-")}_${experiment}_${preset}_${hash}`;
  const temporary = join(root, `.${stem}.${crypto.randomUUID()}.part`);
  await Deno.mkdir(root, { recursive: true });
  try {
    for (const folder of FOLDERS) await Deno.mkdir(join(temporary, folder), { recursive: true });
    await writeJson(join(temporary, "config.json"), { experiment, preset, created, hash, config });
    await writeJson(join(temporary, "environment.json"), environment);
    const name = await settle(root, stem, temporary);
    return runAt(join(root, name), { experiment, preset, created, hash, config });
  } catch (error) {
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
    throw error;
  }
}

/** Gives a finished folder its name, or the next free one: a rename cannot replace a folder that has files in it. */
async function settle(root: string, stem: string, temporary: string): Promise<string> {
  for (let copy = 1;; copy++) {
    const name = copy === 1 ? stem : `${stem}-${copy}`;
    try {
      await Deno.rename(temporary, join(root, name));
      return name;
    } catch (error) {
      const taken = await Deno.stat(join(root, name)).then(() => true, () => false);
      if (!taken) throw error;
    }
  }
}

/**
 * Opens the folder of a run that exists, to go on with it or to read it.
 *
 * @param path The folder.
 * @param expected What it must be, for a run that is to go on; what is left out is not checked.
 * @param expected.experiment Name of the experiment.
 * @param expected.config Resolved settings.
 * @returns The run.
 * @throws {Problem} When the folder is no run, or a run of another experiment or with other settings.
 */
export async function openRun(path: string, expected: { experiment?: string; config?: unknown } = {}): Promise<Run> {
  const file = join(path, "config.json");
  const parsed = v.safeParse(configFile, await readJson(file, "run"));
  if (!parsed.success) throw cannot("read run", "a run's settings", parsed.issues[0].message, file);
  const run = parsed.output;
  const { experiment = run.experiment } = expected;
  if (run.experiment !== experiment) throw cannot("resume run", `experiment ${experiment}`, run.experiment, path);
  if ("config" in expected && configHash(expected.config) !== run.hash) {
    const [first] = differences([expected.config, run.config]);
    const [wanted, found] = (first?.values ?? []).map((value) => JSON.stringify(value) ?? "unset");
    throw cannot("resume run", `${first?.key || "settings"} ${wanted}`, `${found} in the run`, path);
  }
  for (const folder of FOLDERS) await Deno.mkdir(join(path, folder), { recursive: true });
  return runAt(path, run);
}

/**
 * Writes `metrics.parquet` beside `metrics.jsonl`, at the end of a run.
 *
 * @param run The run.
 * @returns How many records it holds.
 */
export async function exportMetrics(run: Run): Promise<number> {
  const records = await readMetrics(run.metrics);
  if (records.length) await writeParquet(join(run.path, "metrics.parquet"), frameOf(records));
  return records.length;
}

/**
 * Six hexadecimal digits that stand for a run's settings; the order of keys does not matter.
 *
 * @param config JSON.
 * @returns The digits.
 */
export function configHash(config: unknown): string {
  const sorted = JSON.stringify(
    config,
    (_, value: unknown) =>
      value && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1))
        : value,
  );
  return createHash("sha256").update(sorted ?? "undefined").digest("hex").slice(0, 6);
}

function runAt(path: string, facts: v.InferOutput<typeof configFile>): Run {
  const [checkpoints, samples, tables, charts, cells] = FOLDERS.map((folder) => join(path, folder)) as [
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    ...facts,
    name: basename(path),
    path,
    checkpoints,
    samples,
    tables,
    charts,
    cells,
    metrics: join(path, "metrics.jsonl"),
    results: join(path, "results.json"),
    report: join(path, "report.html"),
  };
}
