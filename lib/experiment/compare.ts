/**
 * What differs between runs.
 *
 * @module
 */

import { join } from "node:path";
import { type Difference, differences } from "./flatten.ts";
import { readJson } from "./records.ts";
import { readResults, type Results } from "./results.ts";
import { openRun } from "./run_folder.ts";

/** What differs between runs, each list in the order of the runs given. */
export interface RunComparison {
  /** Names of the runs. */
  readonly runs: readonly string[];
  /** Experiment, preset and settings. */
  readonly config: readonly Difference[];
  /** Commit, uncommitted changes, lock file. */
  readonly code: readonly Difference[];
  /** Data manifest. */
  readonly data: readonly Difference[];
  /** Versions, device and machine. */
  readonly environment: readonly Difference[];
  /** Verdicts, estimates and intervals of claims, keys like `claim 3.verdict`; runs without results have none. */
  readonly claims: readonly Difference[];
  /** Means of the numeric columns of each arm, keys like `df.id`. */
  readonly results: readonly Difference[];
}

/**
 * Compares runs by what they were asked, what they ran on and what they found.
 *
 * @param paths Folders of two or more runs.
 * @returns The differences.
 * @throws {Problem} When a folder is no run or its results break the contract.
 */
export async function compareRuns(...paths: readonly string[]): Promise<RunComparison> {
  const runs = await Promise.all(paths.map(async (path) => {
    const run = await openRun(path);
    const environment = await readJson(join(path, "environment.json"), "environment") as Record<string, unknown>;
    const finished = await Deno.stat(run.results).then(() => true, () => false);
    return { run, environment, results: finished ? await readResults(run.results) : undefined };
  }));
  const facts = (...keys: string[]) =>
    differences(runs.map(({ environment }) => Object.fromEntries(keys.map((key) => [key, environment[key]]))));
  return {
    runs: runs.map(({ run }) => run.name),
    config: differences(runs.map(({ run: { experiment, preset, config } }) => ({ experiment, preset, config }))),
    code: facts("code"),
    data: facts("data"),
    environment: facts("versions", "device", "machine", "command"),
    claims: differences(runs.map(({ results }) => claimFacts(results))),
    results: differences(runs.map(({ results }) => armMeans(results))),
  };
}

function claimFacts(results: Results | undefined) {
  return Object.fromEntries(
    (results?.claims ?? []).map((
      { id, verdict, estimate, interval },
    ) => [`claim ${id}`, { verdict, estimate, interval }]),
  );
}

/** Mean of every numeric column but the seed, by arm; rows without an arm are taken together. */
function armMeans(results: Results | undefined): Record<string, Record<string, number>> {
  const arms = Map.groupBy(results?.rows ?? [], (row) => String(row.arm ?? "all"));
  return Object.fromEntries([...arms].map(([arm, rows]) => {
    const columns = new Set(rows.flatMap((row) => Object.keys(row)).filter((column) => column !== "seed"));
    const means = [...columns].flatMap((column) => {
      const values = rows.map((row) => row[column]).filter((value) => typeof value === "number");
      return values.length ? [[column, values.reduce((sum, value) => sum + value, 0) / values.length] as const] : [];
    });
    return [arm, Object.fromEntries(means)];
  }));
}
