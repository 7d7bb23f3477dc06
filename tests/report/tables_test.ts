import { deepEqual, equal, match } from "node:assert/strict";
import pl from "nodejs-polars";
import { type Column, htmlTable, markdownTable, writeTable } from "doppel/report/mod.ts";

const rows = [
  { arm: "DF", id: 0.41234, ci: [0.371, 0.455], cost_s: 480, params: 3050000, mask: true },
  { arm: "<LIAE> | b", id: 0.3, ci: [0.2, 0.41], cost_s: 75, params: null, mask: false },
  { arm: "no swap", id: null, ci: null, cost_s: 0.5, params: 12, mask: false },
];
const columns: Column[] = [
  { key: "arm", title: "Arm" },
  { key: "id", title: "ID", unit: "cosine", interval: "ci" },
  { key: "cost_s", title: "Cost", unit: "s" },
  { key: "params", title: "Parameters" },
  { key: "mask" },
];

Deno.test("markdownTable() aligns numbers at the right, with one number of digits a column", () => {
  equal(
    markdownTable(rows, columns),
    `
| Arm         |          ID (cosine) |       Cost | Parameters | mask |
| ----------- | -------------------: | ---------: | ---------: | ---- |
| DF          | 0.412 [0.371, 0.455] |      8 min |  3,050,000 | yes  |
| <LIAE> \\| b | 0.300 [0.200, 0.410] | 1 min 15 s |          – | no   |
| no swap     |                    – |      0.5 s |         12 | no   |
`.trimStart(),
  );
});

Deno.test("htmlTable() escapes what comes from the rows and puts the unit under the heading", () => {
  const html = htmlTable(rows, columns, "Swaps & more");
  match(html, /<caption>Swaps &amp; more<\/caption>/);
  match(html, /<th scope="col" class="number">ID<span class="unit">cosine<\/span><\/th>/);
  match(html, /<td>&lt;LIAE&gt; \| b<\/td><td class="number">0.300 \[0.200, 0.410\]<\/td>/);
  equal(html.match(/<tr>/g)!.length, 4);
});

Deno.test("writeTable() keeps all digits in CSV and Parquet, an interval as two columns", async () => {
  const dir = await Deno.makeTempDir();
  const { csv, parquet } = await writeTable(dir, "swaps", rows, columns);
  equal(
    await Deno.readTextFile(csv),
    "arm,id,id_low,id_high,cost_s,params,mask\n" +
      "DF,0.41234,0.371,0.455,480.0,3050000,true\n" +
      "<LIAE> | b,0.3,0.2,0.41,75.0,,false\n" +
      "no swap,,,,0.5,12,false\n",
  );
  const frame = pl.readParquet(parquet);
  deepEqual(frame.getColumn("id").toArray(), [0.41234, 0.3, null]);
  deepEqual(frame.getColumn("params").toArray(), [3050000, null, 12]);
  await Deno.remove(dir, { recursive: true });
});
