import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createRun, exportRun } from "doppel/experiment/mod.ts";
import { createPicture, readProvenance, writePicture } from "doppel/image/mod.ts";
import { environment } from "./fixtures.ts";

async function finishedRun() {
  const root = Deno.makeTempDirSync();
  const run = await createRun({ root, experiment: "try", preset: "smoke", config: {}, environment });
  Deno.writeTextFileSync(join(run.tables, "a.csv"), "x\n1\n");
  Deno.writeTextFileSync(join(run.checkpoints, "last.safetensors"), "large");
  const provenance = { synthetic: "true", generator: "try" };
  for (const name of ["keep", "drop"]) {
    await writePicture(join(run.samples, `${name}.png`), createPicture(8, 8, 3, 0.5), { provenance });
  }
  return { root, run };
}
const sampleName = (file: string) => file === "keep.png" ? "kept" : undefined;

Deno.test("exportRun() copies results, tables and the grids asked for, and no checkpoint", async () => {
  const { root, run } = await finishedRun();
  const out = join(root, "out");
  await assert.rejects(exportRun(run, out), /Cannot export run: expected a finished run, got one without results/);
  Deno.writeTextFileSync(run.results, "{}");
  assert.equal(await exportRun(run, out, { sampleName }), 5);
  for (const file of ["config.json", "environment.json", "results.json", "tables/a.csv"]) {
    assert.ok(existsSync(join(out, file)), file);
  }
  assert.deepEqual([...Deno.readDirSync(join(out, "samples"))].map(({ name }) => name), ["kept.jpg"]);
  assert.equal((await readProvenance(join(out, "samples", "kept.jpg")))?.["synthetic"], "true");
  assert.ok(!existsSync(join(out, "checkpoints")));

  // Where git keeps an empty folder, nothing is lost.
  const empty = join(root, "empty");
  Deno.mkdirSync(empty);
  Deno.writeTextFileSync(join(empty, ".gitkeep"), "");
  assert.equal(await exportRun(run, empty), 4);
  assert.ok(!existsSync(join(empty, ".gitkeep")));

  // A second export replaces the first; a folder of something else is left alone.
  Deno.removeSync(join(run.tables, "a.csv"));
  await exportRun(run, out);
  assert.ok(!existsSync(join(out, "tables", "a.csv")));
  const other = join(root, "other");
  Deno.mkdirSync(other);
  Deno.writeTextFileSync(join(other, "thesis.md"), "mine");
  await assert.rejects(exportRun(run, other), /expected a new folder or that of an earlier export/);
  assert.ok(existsSync(join(other, "thesis.md")));
  assert.deepEqual([...Deno.readDirSync(root)].filter(({ name }) => name.endsWith(".part")), []);
});
