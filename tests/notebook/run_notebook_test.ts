import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jupyterPlaces, type NotebookRun, runNotebook, type RunNotebookOptions } from "doppel/notebook/mod.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Jupyter is made by set-up, which `deno task test` runs first. */
const ignore = !existsSync(jupyterPlaces().python);

/** Writes a notebook of code cells into a folder inside the project and runs it there. */
async function runCells(cells: string[], options: RunNotebookOptions = {}): Promise<NotebookRun & { written: string }> {
  const folder = mkdtempSync(join(here, ".run_"));
  try {
    const path = join(folder, "cells.ipynb");
    writeFileSync(path, JSON.stringify(notebookOf(cells)));
    const out = join(folder, "executed.ipynb");
    const run = await runNotebook(path, { timeout: 30, out, ...options });
    return { ...run, written: readFileSync(out, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The least notebook that nbformat accepts. */
function notebookOf(cells: string[]): unknown {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "deno", display_name: "Deno", language: "typescript" } },
    cells: cells.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
  };
}

const shown = [
  'import { inKernel, liveProgress, show } from "doppel/notebook/mod.ts"; console.log(inKernel());',
  `await show({ svg: "<svg/>", png: new Uint8Array([137, 80, 78, 71]), vegaLite: { mark: "bar" } });`,
  'import pl from "nodejs-polars"; await show(pl.DataFrame({ auc: [0.5, 0.97] }));',
  'await show({ markdown: "**26** persons" }); await show({ html: "<b>26</b>" });',
  "await show(new Uint8Array([137, 80, 78, 71]));",
  `const live = liveProgress("Train", { total: 300, every: 10 });
for (let i = 1; i <= 300; i++) await live.update(i);
await live.finish({ detail: "loss 0.1" });`,
];
const late = Array.from({ length: 8 }, (_, i) => `${i} + 0.5`);
const failing = ['throw new TypeError("no face");', 'console.log("never");'];

/** One run for three tests: starting a kernel takes seconds. */
let run: ReturnType<typeof runCells> | undefined;
const runOnce = () => run ??= runCells([...shown, ...late, ...failing]);

Deno.test({ name: "runNotebook() gives the MIME types that show() sent (needs set-up)", ignore }, async () => {
  const { cells, written } = await runOnce();
  deepEqual(cells.slice(0, shown.length).map((cell) => cell.outputs.map((output) => output.mimeTypes)), [
    [["stream/stdout"]],
    [["application/vnd.vegalite.v5+json", "image/png", "image/svg+xml", "text/plain"]],
    [["application/vnd.dataresource+json", "text/html", "text/plain"]],
    [["text/markdown", "text/plain"], ["text/html", "text/plain"]],
    [["image/png", "text/plain"]],
    [["text/html", "text/plain"]],
  ]);
  equal(cells[0]!.outputs[0]!.text, "true\n");
  match(cells[2]!.outputs[0]!.text, /0\.97/);
  match(cells[5]!.outputs[0]!.text, /^Train: 300 steps in \d.* \(loss 0\.1\)$/);
  equal(JSON.parse(written).cells[5].outputs.length, 1);
});

Deno.test({ name: "runNotebook() loses no output that comes late (needs set-up)", ignore }, async () => {
  const cells = (await runOnce()).cells.slice(shown.length, shown.length + late.length);
  deepEqual(cells.map((cell) => cell.outputs.map((output) => output.text)), late.map((_, i) => [`${i + 0.5}`]));
});

Deno.test({ name: "runNotebook() ends at a cell that throws and names its error (needs set-up)", ignore }, async () => {
  const { cells, end } = await runOnce();
  equal(end, "error");
  equal(cells.length, shown.length + late.length + 1);
  deepEqual(cells.slice(0, -1).filter((cell) => cell.error), []);
  equal(cells.at(-1)!.error?.name, "TypeError");
  match(cells.at(-1)!.error!.message, /no face/);
});

Deno.test(
  { name: "stopButton() ends a loop on SIGINT and keeps the kernel's variables (needs set-up)", ignore },
  async () => {
    const { cells, end } = await runCells([
      'import { stopButton } from "doppel/notebook/mod.ts"; let steps = 0;',
      'setTimeout(() => Deno.kill(Deno.pid, "SIGINT"), 150); using stop = stopButton(); while (true) { steps++; await stop.breathe(); }',
      "console.log(steps > 0);",
      'Deno.kill(Deno.pid, "SIGINT"); await new Promise((resolve) => setTimeout(resolve, 100)); console.log("alive");',
      'using again = stopButton(); await again.breathe(); console.log("not stopped by an earlier press");',
    ], { allowErrors: true });
    equal(end, "done");
    equal(cells[1]!.error?.name, "Stopped");
    ok(cells[1]!.seconds < 5);
    deepEqual(cells.slice(2).map((cell) => cell.outputs[0]?.text), [
      "true\n",
      "alive\n",
      "not stopped by an earlier press\n",
    ]);
  },
);

Deno.test(
  { name: "runNotebook() tells a cell that takes too long and a kernel that dies (needs set-up)", ignore },
  async () => {
    const slow = await runCells(["await new Promise((resolve) => setTimeout(resolve, 60_000));"], { timeout: 1 });
    equal(slow.end, "timeout");
    const dead = await runCells(["Deno.exit(3);"]);
    equal(dead.end, "dead");
  },
);

Deno.test("runNotebook() refuses a notebook that is not there", async () => {
  await rejects(runNotebook("nowhere.ipynb"), {
    message: "Cannot run notebook: expected a notebook, got no file (nowhere.ipynb)",
  });
});
