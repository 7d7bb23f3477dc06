import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { experiment } from "../../experiments/aei_hear_ablation/experiment.ts";
import { openShown } from "../../experiments/aei_hear_ablation/shown.ts";
import { openRun, readResults } from "doppel/experiment/mod.ts";
import { readProvenance } from "doppel/image/mod.ts";
import { runCommand } from "../run_command.ts";

const settings = ["arms=aei,hear,hear_extrapolated,add", "sources=1", "steps=3", "hear_steps=1", "ablation_steps=1"];

const task = (args: readonly string[], stopAt?: string) =>
  runCommand("run", ["aei_hear_ablation", ...args], stopAt === undefined ? {} : { stopAt });

Deno.test("run() of aei_hear_ablation at smoke size, stopped and resumed, leaves a whole run folder", async () => {
  const out = Deno.makeTempDirSync();
  const sets = settings.flatMap((set) => ["--set", set]);
  const stopped = await task(["--preset", "smoke", "--out", out, ...sets], "Cell 2 of 4");
  assert.equal(stopped.code, 130, stopped.error);
  assert.match(stopped.out, /Stopped with all work saved\. Go on with: .+--resume/);
  const [{ name }] = [...Deno.readDirSync(out)] as [Deno.DirEntry];
  const folder = join(out, name);
  assert.ok(!existsSync(join(folder, "results.json")));
  assert.ok([...Deno.readDirSync(join(folder, "cells"))].some(({ name }) => name.startsWith("aei_seed1")));

  const { code, out: said, error } = await task(["--resume", folder]);
  assert.equal(code, 0, error);
  assert.ok(!said.includes("Cell 1 of 4"), "what was finished is not done again");
  const { rows, claims } = await readResults(join(folder, "results.json"));
  const count = (kind: string, more: Record<string, unknown> = {}) =>
    rows.filter((row) => row["kind"] === kind && Object.entries(more).every(([key, value]) => row[key] === value))
      .length;
  for (const arm of ["aei", "hear", "hear_extrapolated", "add"]) {
    for (const group of ["seen", "unseen_source", "both_unseen"]) assert.equal(count("swap", { arm, group }), 1);
    const main = arm !== "add";
    assert.equal(count("swap", { arm, group: "field" }), main ? 2 : 0);
    assert.equal(count("swap", { arm, group: "occluded" }), main ? 2 : 0);
    assert.equal(count("occlusion", { arm, task: "swap" }), main ? 2 : 0);
    assert.equal(count("occlusion", { arm, task: "itself" }), main ? 2 : 0);
    assert.equal(count("mask", { arm }), arm === "aei" ? 4 : 0, "one a level");
    assert.equal(count("cost", { arm }), arm === "hear_extrapolated" ? 0 : 1);
    assert.ok(count("reconstruction", { arm, group: "seen" }) >= 21);
  }
  for (const row of rows.filter(({ kind }) => kind === "swap")) {
    for (const key of ["gain", "attr", "sharp", "rank"]) {
      assert.ok(Number.isFinite(row[key]), `${key} of ${row["arm"]}`);
    }
  }
  assert.equal(rows.at(-1)!["kind"], "field");
  // One seed decides nothing, and an arm that did not run is named.
  assert.deepEqual(claims.map(({ id, verdict }) => [id, verdict]), [
    ...["8", "9", "10", "11", "12", "13"].map((id) => [id, "inconclusive"]),
  ]);
  assert.match(claims.find(({ id }) => id === "12")!.reason!, /the arm aad did not run/);

  const tables = ["arms", "groups", "models", "mask_levels", "occlusion"].map((table) => `tables/${table}.md`);
  const charts = ["arms", "groups", "models", "mask_levels", "occlusion", "claims", "loss"].map((chart) =>
    `charts/${chart}.svg`
  );
  for (const file of [...tables, ...charts, "tables/swaps.csv", "metrics.parquet", "samples/add_seed1_seen.png"]) {
    assert.ok(existsSync(join(folder, file)), file);
  }
  const report = Deno.readTextFileSync(join(folder, "report.html"));
  assert.match(report, /Smoke run: not a result/);
  assert.ok(!/(src|href)="https?:/.test(report), "the report needs no network");
  const grids = ["aei_seed1_seen", "aei_seed1_masks", "hear_seed1_occluded"].map((grid) => `samples/${grid}.png`);
  for (const grid of grids) assert.equal((await readProvenance(join(folder, grid)))?.["synthetic"], "true", grid);

  const run = await openRun(folder);
  const own = await openShown(run, join(out, "nothing"));
  assert.match(own.sentence, /^No results are committed yet: .+preset \*\*smoke\*\*, 1 seed\./);
  assert.equal(own.rows.length, rows.length);
  assert.ok((await own.grid("aei", "masks"))!.length > 1000);
  assert.equal(await own.grid("aei", "nothing"), undefined);
  assert.match((await openShown(run, folder)).sentence, /^These are the committed results/);
  Deno.removeSync(out, { recursive: true });
});

Deno.test("perform() of aei_hear_ablation refuses a second stage without its first", async () => {
  const out = Deno.makeTempDirSync();
  const { code, error } = await task(["--preset", "smoke", "--out", out, "--set", "arms=hear"]);
  assert.equal(code, 1);
  assert.match(error, /^Cannot run aei_hear_ablation: expected the arm aei before hear, got hear \(arms\)\n$/);
  Deno.removeSync(out, { recursive: true });
});

Deno.test("experiment() of aei_hear_ablation has a question, and presets that say why", () => {
  assert.match(experiment.question, /FaceShifter/);
  for (const preset of Object.values(experiment.presets)) assert.ok(preset.why.length > 40);
});
