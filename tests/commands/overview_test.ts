import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { createTerminal, execute } from "doppel/commands/mod.ts";
import { report } from "doppel/commands/report.ts";
import { overviewPath } from "doppel/commands/run/overview.ts";
import { experimentNames } from "doppel/commands/run/registry.ts";
import { createRun, writeResults } from "doppel/experiment/mod.ts";
import { markdownTable, plotChart, writeChart } from "doppel/report/mod.ts";
import { environment, now, results } from "../experiment/fixtures.ts";

const root = Deno.makeTempDirSync({ prefix: "doppel-overview-" });
addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));

/** Runs the command and keeps what it complains of. */
async function run(...args: string[]): Promise<{ code: number; err: string }> {
  let err = "";
  const terminal = createTerminal({
    out: { write: () => {}, interactive: false },
    err: { write: (text) => err += text, interactive: false },
  });
  return { code: await execute(report, args, { terminal }), err };
}

/** A finished run with results; of the first experiment also with a chart and a table. */
async function finishedRun(experiment: string, full: boolean) {
  const made = await createRun({ root, experiment, preset: "quick", config: { steps: 3 }, environment, now });
  await writeResults(made.results, { ...results, experiment });
  if (!full) return made;
  const chart = plotChart({ marks: [] });
  for (const name of ["another", "identity_gain"]) await writeChart(made.charts, name, chart);
  const rows = [{ arm: "DF <a|b>", gain: 0.5 }, { arm: "LIAE", gain: null }];
  const text = markdownTable(rows, [{ key: "arm" }, { key: "gain", unit: "cosine" }]);
  for (const name of ["another", "arms"]) Deno.writeTextFileSync(join(made.tables, `${name}.md`), text);
  return made;
}

Deno.test("report() of several runs makes one page that stands by itself, for all experiments that there are", async () => {
  const runs = await Promise.all(experimentNames.map((name, i) => finishedRun(name, i === 0)));
  const page = join(root, "all", "report.html");
  assert.deepEqual(await run(...runs.map(({ path }) => path), "--out", page), { code: 0, err: "" });
  const html = Deno.readTextFileSync(page);
  const { document } = parseHTML(html);
  assert.ok(html.length < 1e6 && !/(?:src|href)="https?:/.test(html) && !html.includes("<script"));
  assert.equal(document.querySelectorAll("table.claims").length, runs.length);
  assert.equal(document.querySelectorAll(".verdict.supported").length, runs.length);
  const links = [...document.querySelectorAll('a[href$="report.html"]')].map((link) => link.getAttribute("href"));
  assert.deepEqual(links, runs.map(({ name }) => `../${name}/report.html`));
  // Each row of the list at the top leads to its part of the page.
  const anchors = [...document.querySelectorAll('a[href^="#"]')].map((link) => link.getAttribute("href")!.slice(1));
  assert.ok(anchors.length === runs.length && anchors.every((id) => document.getElementById(id) !== null));
  // The experiment's own choice, not the first by name.
  assert.equal(document.querySelector("figcaption")!.textContent, "Chart identity_gain");
  assert.equal(document.querySelectorAll("figure").length, 1);
  const cells = [...document.querySelectorAll("details td")].map((cell) => cell.textContent);
  assert.deepEqual(cells, ["DF <a|b>", "0.500", "LIAE", "–"]);
});

Deno.test("report() of several runs says what is wrong, and writes nothing", async () => {
  const made = await finishedRun(experimentNames[0]!, false);
  const page = join(root, "none.html");
  const cases: [string[], RegExp][] = [
    [[made.path, made.path], /^Cannot report: expected --out FILE with several runs, got none/],
    [[made.path, "--out", page, "--export", root], /^Cannot report: expected either --out or --export, got both/],
    [[made.path, join(root, "nowhere"), "--out", page], /^Cannot read run: expected a file, got none/],
    [[], /^Cannot run report: expected <runs>/],
  ];
  for (const [args, expected] of cases) assert.match((await run(...args)).err, expected);
  Deno.removeSync(made.results);
  assert.match((await run(made.path, "--out", page)).err, /^Cannot read results: expected a file, got none/);
  assert.ok(!existsSync(page));
});

Deno.test("overviewPath() names a folder that there is not yet", async () => {
  const first = await overviewPath(root, "quick", now);
  assert.equal(first, join(root, "2026-11-22-102030_reproduce_quick", "report.html"));
  Deno.mkdirSync(join(root, "2026-11-22-102030_reproduce_quick"));
  assert.match(await overviewPath(root, "quick", now), /_reproduce_quick-2\/report\.html$/);
});
