import { deepEqual } from "node:assert/strict";
import { compareRuns, createRun, writeResults } from "doppel/experiment/mod.ts";
import { environment, results, withRun } from "./fixtures.ts";

Deno.test("compareRuns() finds what differs in settings, code, data, environment and findings, and nothing else", () =>
  withRun(async (run, root) => {
    const other = await createRun({
      root,
      experiment: "df_vs_liae",
      preset: "quick",
      config: { steps: 4, mask: true },
      environment: {
        ...environment,
        device: { ...environment.device, device: "GPU" },
        code: { ...environment.code, dirty: true },
      },
    });
    await writeResults(run.results, results);
    await writeResults(other.results, {
      ...results,
      rows: [{ arm: "df", seed: 1, id: 0.75 }, { arm: "liae", seed: 1, id: 0.25 }],
      claims: [{ ...results.claims[0]!, verdict: "inconclusive" }],
    });
    deepEqual(await compareRuns(run.path, other.path), {
      runs: [run.name, other.name],
      config: [{ key: "config.steps", values: [3, 4] }, { key: "config.mask", values: [undefined, true] }],
      code: [{ key: "code.dirty", values: [false, true] }],
      data: [],
      environment: [{ key: "device.device", values: ["CPU", "GPU"] }],
      claims: [{ key: "claim 3.verdict", values: ["supported", "inconclusive"] }],
      results: [{ key: "df.id", values: [0.5, 0.75] }],
    });
    const same = await compareRuns(run.path, run.path);
    deepEqual(Object.values(same).slice(1).flat(), []);
  }));

Deno.test("compareRuns() shows a run without results as having none", () =>
  withRun(async (run, root) => {
    const other = await createRun({
      root,
      experiment: "df_vs_liae",
      preset: "quick",
      config: { steps: 3 },
      environment,
    });
    await writeResults(other.results, results);
    const { claims } = await compareRuns(run.path, other.path);
    deepEqual(claims.map(({ values }) => values[0]), [undefined, undefined, undefined]);
  }));
