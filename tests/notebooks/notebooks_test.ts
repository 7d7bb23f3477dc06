import assert from "node:assert/strict";
import { join } from "node:path";
import { checkNotebook, runNotebook } from "doppel/notebook/mod.ts";

const folder = join(import.meta.dirname!, "..", "..", "notebooks");
const picture = "image/png";
const grid = "image/jpeg";
const table = "text/html";
const chart = "image/svg+xml";
const vegaLite = "application/vnd.vegalite.v5+json";

/** What each code cell of a notebook has to show, in order. */
const expected: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "01_first_swap.ipynb": [
    [], // imports
    ["text/markdown"], // preset and device
    [picture], // the persons
    [chart, picture], // the figure
    [table], // parameters
    [table], // pretraining
    [table], // training: progress with the picture inside
    [chart], // loss
    [picture, picture], // swaps in both directions
    [table], // measurements
    [vegaLite, chart, picture], // gain
  ],
  "02_df_vs_liae.ipynb": [
    [], // imports
    [chart, picture, chart, picture], // the figures
    [table], // parameters
    [vegaLite, chart, picture], // gain by direction
    [picture, picture, picture, picture], // swaps of both models
    [chart, picture, table], // all arms
    [...Array(3).fill([vegaLite, chart, picture]).flat(), table], // ways of putting back
    [picture, picture, picture], // of DF
    [vegaLite, chart, picture, table, picture, picture], // things before the face
    [chart, picture, table], // claims
    ["text/markdown", table], // a run of one's own
  ],
  "03_aei_hear_ablation.ipynb": [
    [], // imports
    [chart, picture], // the figure of AEI-Net
    [chart, picture], // the figure of HEAR-Net
    [table], // parameters
    ["text/markdown"], // a run of one's own
    ["text/markdown"], // whose results are shown
    [vegaLite, chart, picture, table], // persons who are trained on and others
    [grid], // swaps of three groups
    [chart, picture, table], // all arms
    [chart, picture, grid], // masks by level
    [vegaLite, chart, table, grid], // things before the face
    [vegaLite, chart, table], // beside DF and LIAE
    [table], // claims
  ],
  "04_cross_domain_detection.ipynb": [
    [], // imports
    [table], // parameters
    ["text/markdown"], // a run of one's own
    ["text/markdown"], // whose results are shown
    [vegaLite, chart, picture], // trained on one, tested on another
    [table, vegaLite, chart, picture], // means, and both kinds of real pictures
    [vegaLite, chart, picture], // a few pictures
    [vegaLite, chart, picture, table], // what is forgotten
    [table], // chains
    [vegaLite, chart, picture], // worse pictures
    [grid], // what is missed
    [table], // claims
  ],
};

Deno.test("every notebook() has its test", () => {
  const names = [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".ipynb")).map(({ name }) => name);
  assert.deepEqual(names.sort(), Object.keys(expected).sort());
});

for (const [name, cells] of Object.entries(expected)) {
  Deno.test(`${name} type-checks`, async () => {
    assert.deepEqual(await checkNotebook(join(folder, name)), []);
  });

  Deno.test(`${name} runs at smoke size and shows what it should`, async () => {
    const { cells: ran, end } = await runNotebook(join(folder, name), {
      timeout: 240,
      env: { DOPPEL_PRESET: "smoke" },
    });
    assert.deepEqual(ran.filter(({ error }) => error).map(({ cell, error }) => [cell, error]), []);
    assert.equal(end, "done");
    assert.equal(ran.length, cells.length);
    cells.forEach((types, i) => {
      const shown = JSON.stringify(ran[i]!.outputs);
      for (const type of types) assert.ok(shown.includes(type), `cell ${i + 1} shows ${type}: ${shown.slice(0, 300)}`);
    });
  });
}
