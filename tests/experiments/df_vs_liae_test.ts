import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { experiment } from "../../experiments/df_vs_liae/experiment.ts";
import { armOf } from "../../experiments/df_vs_liae/arms.ts";
import { schema } from "../../experiments/df_vs_liae/presets.ts";
import { BUNDLED_FACES, readManifest } from "doppel/data/mod.ts";
import { presetNames, readResults, resolveConfig } from "doppel/experiment/mod.ts";
import { readPicture, readProvenance } from "doppel/image/mod.ts";

const root = join(import.meta.dirname!, "..", "..");

async function task(name: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `lib/commands/${name}.ts`, ...args],
    cwd: root,
  }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

Deno.test("df_vs_liae presets() name persons of the bundled set and are valid", async () => {
  const { photographs } = await readManifest(BUNDLED_FACES);
  const persons = new Set(photographs.map(({ person }) => person));
  for (const name of presetNames) {
    const { config } = experiment.presets[name];
    for (const pair of config.pairs) pair.split("+").forEach((person) => assert.ok(persons.has(person), person));
    // Persons set aside for validation and test must stay unseen by every generator that is later tested on them.
    const aside = photographs.filter(({ identity_split: split }) => split !== "train").map(({ person }) => person);
    assert.ok(!config.pairs.some((pair) => aside.some((person) => pair.includes(person))), name);
  }
  assert.throws(() => resolveConfig(schema, experiment.presets.quick, ["step=3"]), /perhaps steps/);
  assert.throws(() => resolveConfig(schema, experiment.presets.quick, ["pairs=person14"]), /two persons/);
});

Deno.test("run() of df_vs_liae at smoke size, stopped and resumed, leaves a whole run folder", async () => {
  const out = Deno.makeTempDirSync();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "lib/commands/run.ts", "df_vs_liae", "--preset", "smoke", "--out", out],
    cwd: root,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines: string[] = [];
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    lines.push(chunk);
    if (chunk.includes("Cell 2 of 4")) child.kill("SIGINT");
  }
  assert.equal((await child.status).code, 130);
  assert.match(lines.join(""), /Stopped with all work saved\. Go on with: .+--resume/);
  const [{ name }] = [...Deno.readDirSync(out)] as [Deno.DirEntry];
  const folder = join(out, name);
  assert.ok(!existsSync(join(folder, "results.json")));

  const { code, out: said } = await task("run", "df_vs_liae", "--preset", "smoke", "--out", out, "--resume", folder);
  assert.equal(code, 0, said);
  assert.match(said, /Report: .+report\.html/);
  const results = await readResults(join(folder, "results.json"));
  const { arms: main, ablations } = experiment.presets.smoke.config;
  const swaps = results.rows.filter(({ kind }) => kind === "swap");
  for (const name of [...main, ...ablations]) {
    for (const { name: variant } of armOf(name).variants) {
      const own = swaps.filter((row) => row["arm"] === name && row["variant"] === variant);
      assert.equal(own.length, 4, `${name}, ${variant}: two held-out photographs in both directions`);
      for (const key of ["gain", "attr", "perceptual", "sharp"]) {
        assert.ok(own.every((row) => Number.isFinite(row[key])), `${key} of ${name}`);
      }
    }
  }
  const occluded = Map.groupBy(
    results.rows.filter(({ kind }) => kind === "occlusion"),
    ({ arm, mask, task }) => `${arm} ${mask} ${task}`,
  );
  assert.deepEqual([...occluded.keys()].sort(), [
    ...["df overlay itself", "df overlay swap", "df xseg itself", "df xseg swap", "graphics overlay swap"],
    ...["liae overlay itself", "liae overlay swap", "liae xseg itself", "liae xseg swap", "merged overlay swap"],
  ]);
  // One seed decides nothing, and an arm that did not run is named.
  assert.deepEqual(results.claims.map(({ id, verdict }) => [id, verdict]), [
    ...["df", "1", "2", "3", "4", "5", "6", "7"].map((id) => [id, "inconclusive"]),
  ]);
  assert.match(results.claims.find(({ id }) => id === "4")!.reason!, /the arm df_mse did not run/);
  for (
    const file of [
      "config.json",
      "environment.json",
      "metrics.jsonl",
      "metrics.parquet",
      "tables/identity_gain.csv",
      "tables/identity_gain.parquet",
      "charts/identity_gain.vl.json",
      "charts/identity_gain.svg",
      "charts/before_and_after.svg",
      "charts/arms.svg",
      "charts/claims.svg",
      "tables/arms.csv",
      "tables/arms.md",
      "tables/reconstructions.parquet",
      "tables/costs.csv",
      "tables/conversions.md",
      "tables/occlusion.csv",
      "charts/conversions_gain.svg",
      "charts/occlusion.svg",
    ]
  ) assert.ok(existsSync(join(folder, file)), file);
  const report = Deno.readTextFileSync(join(folder, "report.html"));
  assert.match(report, /Smoke run: not a result/);
  assert.ok(!/(src|href)="https?:/.test(report), "the report needs no network");

  const samples = [...Deno.readDirSync(join(folder, "samples"))].filter(({ isFile }) => isFile);
  const variants = [...main, ...ablations].reduce((sum, name) => sum + armOf(name).variants.length, 0);
  const ofOccluded = samples.filter(({ name }) => name.includes("_occluded-")).length;
  assert.equal(ofOccluded, 2 * 6, "one for each main arm, mask and direction");
  assert.equal(samples.length - ofOccluded, 2 * variants, "one for each arm, way of putting back, and direction");
  const [cell] = [...Deno.readDirSync(join(folder, "samples"))].filter((entry) =>
    entry.isDirectory && entry.name.startsWith("df_seed1")
  );
  const swap = join(folder, "samples", cell!.name, "person14_1.png");
  assert.equal((await readProvenance(swap))?.["synthetic"], "true");
  assert.ok((await readPicture(swap)).width > 200, "full resolution");

  const again = await task("report", folder);
  assert.equal(again.code, 0, again.err);
  Deno.removeSync(out, { recursive: true });
});

const mistakes: Record<string, [args: string[], message: RegExp]> = {
  "an unknown experiment": [["df_vs_lia"], /^Cannot find experiment: expected a known name, perhaps df_vs_liae/],
  "an unknown option": [["df_vs_liae", "--prest", "quick"], /^Cannot .+--preset/],
  "an unknown preset": [["df_vs_liae", "--preset", "fast"], /^Cannot .+smoke.+quick.+"fast"/],
  "an unknown setting": [["df_vs_liae", "--set", "stepz=3"], /^Cannot set stepz: expected a known key, perhaps steps/],
  "a setting of the wrong kind": [
    ["df_vs_liae", "--set", "steps=many"],
    /^Cannot set steps: expected a (whole )?number/,
  ],
  "a missing folder of photographs": [["df_vs_liae", "--preset", "smoke", "--data", "/nowhere"], /^Cannot .+\/nowhere/],
  "a missing run": [["df_vs_liae", "--resume", "/nowhere"], /^Cannot read run: expected a file, got none/],
};
for (const [what, [args, message]] of Object.entries(mistakes)) {
  Deno.test(`run() answers ${what} with one sentence`, async () => {
    const out = Deno.makeTempDirSync();
    const { code, err } = await task("run", ...args, "--out", out);
    assert.ok(code === 1 || code === 2);
    assert.match(err, message);
    assert.equal(err.trim().split("\n").length, 1, err);
    Deno.removeSync(out, { recursive: true });
  });
}
