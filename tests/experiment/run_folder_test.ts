import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { configHash, createRun, describeEnvironment, exportMetrics, openRun } from "doppel/experiment/mod.ts";
import { environment, now, withRun } from "./fixtures.ts";

const listing = async (path: string) => (await Array.fromAsync(Deno.readDir(path), (entry) => entry.name)).sort();

Deno.test("createRun() makes the whole folder, named by time, experiment, preset and settings", () =>
  withRun(async (run, root) => {
    equal(run.name, `2026-11-22-102030_df_vs_liae_quick_${configHash({ steps: 3 })}`);
    deepEqual(await listing(root), [run.name]);
    deepEqual(await listing(run.path), [
      "cells",
      "charts",
      "checkpoints",
      "config.json",
      "environment.json",
      "samples",
      "tables",
    ]);
    deepEqual(JSON.parse(await Deno.readTextFile(join(run.path, "environment.json"))), environment);
    deepEqual(await openRun(run.path, { experiment: "df_vs_liae", config: { steps: 3 } }), run);
  }));

Deno.test("createRun() never touches a run that exists, also when several start in the same second", () =>
  withRun(async (run, root) => {
    await Deno.writeTextFile(join(run.checkpoints, "last"), "weights");
    const again = () =>
      createRun({ root, experiment: "df_vs_liae", preset: "quick", config: { steps: 3 }, environment, now });
    const others = await Promise.all([again(), again(), again()]);
    deepEqual(others.map((other) => other.name.slice(run.name.length)).sort(), ["-2", "-3", "-4"]);
    equal(await Deno.readTextFile(join(run.checkpoints, "last")), "weights");
    equal((await listing(root)).length, 4);
  }));

Deno.test("createRun() leaves nothing behind when the settings cannot be written", () =>
  withRun(async (run, root) => {
    const failing = createRun({ root, experiment: "x", preset: "quick", config: { rate: NaN }, environment, now });
    await rejects(failing, /expected finite numbers, got NaN \(rate\)/);
    await rejects(
      createRun({ root, experiment: "../x", preset: "quick", config: {}, environment, now }),
      /Cannot name a run: expected letters, digits, _ and -, got "\.\.\/x"/,
    );
    deepEqual(await listing(root), [run.name]);
  }));

Deno.test("openRun() refuses another experiment, other settings and folders that are no run, in one sentence", () =>
  withRun(async (run, root) => {
    await rejects(openRun(run.path, { experiment: "aei" }), {
      message: `Cannot resume run: expected experiment aei, got df_vs_liae (${run.path})`,
    });
    await rejects(openRun(run.path, { config: { steps: 4 } }), {
      message: `Cannot resume run: expected steps 4, got 3 in the run (${run.path})`,
    });
    await rejects(openRun(root), /Cannot read run: expected a file, got none/);
    await Deno.writeTextFile(join(root, "config.json"), '{"experi');
    await rejects(openRun(root), /Cannot read run: expected JSON, got /);
    await Deno.writeTextFile(join(root, "config.json"), '{"a":1}');
    await rejects(openRun(root), /Cannot read run: expected a run's settings/);
  }));

Deno.test("configHash() does not depend on the order of keys, but on every value", () => {
  equal(configHash({ a: 1, b: { c: 2, d: [1, 2] } }), configHash({ b: { d: [1, 2], c: 2 }, a: 1 }));
  match(configHash({ a: 1 }), /^[0-9a-f]{6}$/);
  equal(new Set([{ a: 1 }, { a: 2 }, { a: [1, 2] }, { a: [2, 1] }].map(configHash)).size, 4);
});

Deno.test("exportMetrics() turns the lines into Parquet, with empty places where a record lacks a column", () =>
  withRun(async (run) => {
    equal(await exportMetrics(run), 0);
    await Deno.writeTextFile(
      run.metrics,
      '{"step":1,"loss":0.5}\n{"step":2,"note":"saved"}\n{"step":3,"loss":"NaN"}\n{"st',
    );
    equal(await exportMetrics(run), 3);
    const frame = pl.readParquet(join(run.path, "metrics.parquet"));
    deepEqual(frame.columns, ["step", "loss", "note"]);
    deepEqual(frame.toRecords().map((row) => [row.step, row.loss, row.note]), [
      [1, 0.5, null],
      [2, null, "saved"],
      [3, NaN, null],
    ]);
  }));

Deno.test("describeEnvironment() reports this machine and this commit, and null outside of a repository", async () => {
  const root = new URL("../../", import.meta.url).pathname;
  const facts = { device: { backend: "tensorflow" }, data: { manifest: "x" }, command: "deno task run" };
  const found = await describeEnvironment({ ...facts, root, versions: { tfjs: "4.22.0" } });
  equal(found.versions.deno, Deno.version.deno);
  equal(found.versions.tfjs, "4.22.0");
  equal(found.machine.cores, navigator.hardwareConcurrency);
  match(String(found.code.lock), /^[0-9a-f]{64}$/);
  const folder = await Deno.makeTempDir();
  deepEqual((await describeEnvironment({ ...facts, root: folder })).code, { commit: null, dirty: null, lock: null });
  await Deno.remove(folder);
});
