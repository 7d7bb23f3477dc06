import assert from "node:assert/strict";
import { join } from "node:path";
import { byChain, byForgetting, byShots } from "../../experiments/cross_domain_detection/adaptation_summary.ts";
import { findMissed } from "../../experiments/cross_domain_detection/missed.ts";
import { paperNumbers } from "../../experiments/cross_domain_detection/paper_numbers.ts";
import { writeSet } from "../../experiments/cross_domain_detection/domains/set_files.ts";
import type { Target } from "../../experiments/cross_domain_detection/domains/targets.ts";
import { presets } from "../../experiments/cross_domain_detection/presets.ts";
import { sampleName } from "../../experiments/cross_domain_detection/samples.ts";
import { present } from "../../experiments/cross_domain_detection/report.ts";
import { byDegradation, byDetector, matrixOf, matrixTable } from "../../experiments/cross_domain_detection/summary.ts";
import type { Environment, Run } from "doppel/experiment/mod.ts";
import { createPicture, encodePicture, readProvenance } from "doppel/image/mod.ts";
import { type Plan, rowsOf } from "./cross_domain_detection_rows.ts";

const plan: Plan = {
  variants: ["raw", "matched"],
  domains: ["graphics", "df", "aei"],
  detectors: ["ft", "efficient_net", "sbi"],
  adaptations: ["ft", "tgd", "fine_tuned"],
  pairs: [["df", "aei"]],
  chains: ["df>graphics>aei"],
  shots: [0, 5],
  rates: [1e-3],
  degradations: ["jpeg 50"],
  photographs: 5,
};

const rows = rowsOf(plan, ({ phase, method, variant, source, test, target, shots, degradation }) => {
  if (phase === "chain") return test === "df" ? 0.6 : 0.9;
  const lift = variant === "raw" ? 0.04 : 0;
  if (phase === "adapted" && shots !== 0) return test === target ? 0.8 : method === "tgd" ? 0.9 : 0.7;
  if (source === "real") return 0.65;
  return (source === test ? 0.95 : 0.6) + lift - (degradation ? 0.1 : 0);
});
const close = (got: unknown, want: number) => assert.ok(Math.abs(got as number - want) < 1e-9, `${got} for ${want}`);

Deno.test("tables() of cross_domain_detection have a row a detector and variant, and raw beside matched", () => {
  const detectors = byDetector(rows);
  assert.deepEqual(detectors.map(({ detector, variant }) => `${detector} ${variant}`), [
    ...["ft matched", "ft raw", "efficient_net matched", "efficient_net raw", "sbi matched", "sbi raw"],
  ]);
  const [matched, raw] = detectors;
  close(matched!["own"], 0.95);
  close(raw!["own"], 0.99);
  close(matched!["cross"], 0.6);
  assert.equal(matched!["near"], null, "no two of these domains are of one family");
  close(matched!["unlike"], 0.6);
  assert.equal(matched!["seeds"], 3);
  assert.equal(detectors[4]!["own"], null, "self-blending has no forgery of its own");
  close(detectors[4]!["cross"], 0.65);

  const matrix = matrixOf(rows);
  assert.equal(matrix.length, 2 * (9 + 9 + 3));
  const { rows: cells, columns } = matrixTable(matrix, "ft");
  assert.deepEqual(columns.map(({ key }) => key), ["source", "graphics", "df", "aei"]);
  assert.deepEqual(cells[1], { source: "DF", graphics: "0.60 / 0.64", df: "0.95 / 0.99", aei: "0.60 / 0.64" });
  assert.deepEqual(matrixTable(matrix, "sbi").rows.map(({ source }) => source), ["real faces"]);

  const worse = byDegradation(rows).filter(({ detector, variant }) => detector === "ft" && variant === "matched");
  assert.deepEqual(worse.map(({ degradation }) => degradation), ["as they are", "jpeg 50"]);
  close(worse[1]!["own"], 0.85);
  close(worse[1]!["aei_trained"], 0.85);
  close(worse[1]!["aei_other"], 0.5);
});

Deno.test("tables() of cross_domain_detection say what was won and lost, and where a chain ended", () => {
  const shots = byShots(rows).filter(({ variant }) => variant === "matched");
  assert.deepEqual(shots.map(({ method, shots }) => `${method} ${shots}`), [
    ...["ft 0", "ft 5", "fine_tuned 0", "fine_tuned 5", "tgd 0", "tgd 5"],
  ]);
  close(shots[0]!["target"], 0.6);
  close(shots[1]!["target"], 0.8);
  assert.equal(shots[1]!["settings"], "rate 0.001");
  const [ft, , tgd] = byForgetting(rows).filter(({ variant }) => variant === "matched");
  close(ft!["source_before"], 0.95);
  close(ft!["source"], 0.7);
  close(tgd!["sum"], 1.7);
  const [chain] = byChain(rows);
  close(chain!["all"], 0.8);
  assert.match(chain!["each"] as string, /^DF 0\.600, graphics 0\.900, AEI 0\.900$/);
});

Deno.test("byShots() of cross_domain_detection takes the detector itself where no pictures were not run apart", () => {
  const without = byShots(rows.filter(({ phase, shots }) => phase !== "adapted" || shots !== 0));
  const [zero] = without.filter(({ method, variant }) => method === "tgd" && variant === "matched");
  assert.equal(zero!["shots"], 0);
  close(zero!["target"], 0.6);
});

Deno.test("findMissed() of cross_domain_detection names the photographs that were told apart worst first", () => {
  const missed = findMissed(rows, "matched");
  assert.deepEqual(missed.slice(0, 4).map(({ test, photo }) => `${test} ${photo}`), [
    ...["graphics photo_0", "graphics photo_1", "graphics photo_2", "graphics photo_3"],
  ]);
  assert.equal(missed.length, 3 * 4);
});

Deno.test("sampleName() of cross_domain_detection keeps the grids of domains", () => {
  assert.deepEqual(["domain_aei_hear.png", "domain_x.png", "df.png"].map(sampleName), [
    ...["domain_aei_hear", undefined, undefined],
  ]);
});

Deno.test("paperNumbers() of cross_domain_detection stand beside what was measured alone", () => {
  const numbers = paperNumbers(rows);
  close(numbers.find(({ what }) => what === "ForensicTransfer, in-domain")!.ours, 0.95);
  close(numbers.find(({ what }) => what === "T-GD, source after transfer")!.ours, 0.9);
  assert.ok(!numbers.some(({ what }) => what.startsWith("Xception")));
  assert.deepEqual(paperNumbers([]), []);
});

Deno.test("present() of cross_domain_detection writes tables, charts and one page, with what was missed where it is kept", async () => {
  const path = await Deno.makeTempDir();
  try {
    const folders = Object.fromEntries(["tables", "charts", "samples"].map((name) => [name, join(path, name)]));
    for (const folder of Object.values(folders)) await Deno.mkdir(folder);
    const run = {
      ...{ name: "trial", path, experiment: "cross_domain_detection", preset: "quick", config: {}, hash: "0" },
      ...{ created: "2026-01-01T00:00:00Z", checkpoints: path, cells: path, metrics: join(path, "metrics.jsonl") },
      ...{ results: join(path, "results.json"), report: join(path, "report.html"), ...folders },
    } as unknown as Run;
    const context = { run, config: presets.quick.config, environment: { command: "none" } as unknown as Environment };

    const set = join(path, "domains", "df", "matched", "test");
    const grey = createPicture(64, 64, 3, 0.5);
    const pairs = [0, 1, 2, 3, 4].map((i) => {
      const target = { photo: `photo_${i}`, person: "a", source: "b", crop: { landmarks: new Float32Array(136) } };
      return { target: target as Target, real: grey, forged: grey };
    });
    await writeSet(set, pairs, 90, true);

    const grid = await encodePicture(createPicture(64, 64, 3, 0.5), { format: "png" });
    await Deno.writeFile(join(run.samples, "domain_df.png"), grid);

    const adapted = { ...rows.find(({ kind }) => kind === "cost"), method: "adapted tgd" };
    const claims = await present({ ...context, rows: [...rows, adapted] });
    assert.deepEqual(claims.map(({ id }) => id), Array.from({ length: 16 }, (_, i) => String(14 + i)));
    const page = await Deno.readTextFile(run.report);
    assert.match(page, /What detectors miss/);
    assert.equal((await readProvenance(join(run.samples, "missed.png")))?.["synthetic"], "true");
    assert.deepEqual(["missed.png", "domain_df.png", "other.png"].map(sampleName), ["missed", "domain_df", undefined]);
    assert.match(page, /DF: the real pictures that detectors see/);
    assert.match(page, /adapted T-GD/);
    assert.match(page, /0\.60 \/ 0\.64/);
    const charts = [...Deno.readDirSync(run.charts)].map(({ name }) => name).filter((name) => name.endsWith(".png"));
    assert.deepEqual(charts.sort(), [
      ...["claims.png", "few_shot_forensic_transfer.png", "few_shot_tgd.png", "forgetting_forensic_transfer.png"],
      ...["forgetting_tgd.png", "matrix.png", "matrix_raw.png", "robustness.png", "variants.png"],
    ]);
    const measurements = await Deno.readTextFile(join(run.tables, "measurements.csv"));
    assert.doesNotMatch(measurements.split("\n")[0]!, /placements/);

    // The least there can be: one detector, one variant, nothing adapted, no sets kept.
    await Deno.remove(join(path, "domains"), { recursive: true });
    await present({
      ...context,
      rows: rows.filter(({ kind, method, variant, degradation }) =>
        variant === "matched" && (kind !== "auc" || method === "sbi") && degradation !== "jpeg 50" && kind !== "cost"
      ),
    });
    assert.doesNotMatch(await Deno.readTextFile(run.report), /What detectors miss/);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
});
