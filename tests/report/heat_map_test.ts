import { deepEqual, equal, ok, throws } from "node:assert/strict";
import sharp from "sharp";
import { type HeatCell, heatMap } from "doppel/report/mod.ts";

const names = ["DF", "LIAE", "pixel shuffle"];
const cells: HeatCell[] = ["ForensicTransfer, no selection", "classifier"].flatMap((panel) =>
  names.flatMap((row, i) => names.map((column, j) => ({ panel, row, column, value: (3 * i + j) / 8, marked: i === j })))
);
const options = { rowTitle: "trained on", columnTitle: "tested on", valueTitle: "AUC" } as const;
const scale = { ...options, domain: [0, 0.5, 1] } as const;

/** Texts of a chart with their places on the page. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]+)</g)].map(([, text]) => text!);
}

Deno.test("heatMap() writes every number into its cell, white on the darkest, and frames what is marked", async () => {
  const { svg, vegaLite } = await heatMap(cells, scale);
  const texts = textsOf(svg);
  for (const value of [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => (n / 8).toFixed(2))) {
    // Twice, in two maps; the ends and the middle of the scale stand in the legend besides.
    equal(texts.filter((text) => text === value).length, ["0.00", "0.50", "1.00"].includes(value) ? 3 : 2, value);
  }
  for (const name of names) equal(texts.filter((text) => text === name).length, 4, name);
  const panels = (vegaLite as unknown as { concat: { data: { values: { value: number; dark: boolean }[] } }[] }).concat;
  const dark = new Map(panels[0]!.data.values.map((cell) => [cell.value, cell.dark]));
  deepEqual([0, 0.125, 0.5, 0.875, 1].map((value) => dark.get(value)), [true, false, false, false, true]);
  equal([...svg.matchAll(/stroke-width="1\.5"/g)].length, 6);
});

Deno.test("heatMap() keeps all labels inside of the picture", async () => {
  const { png } = await heatMap(cells, { ...scale, title: "Trained on one, tested on another", across: 1 });
  const { width, height } = await sharp(png).metadata();
  for (
    const edge of [
      { left: 0, top: 0, width: 6, height: height! },
      { left: width! - 6, top: 0, width: 6, height: height! },
      { left: 0, top: 0, width: width!, height: 6 },
      { left: 0, top: height! - 6, width: width!, height: 6 },
    ]
  ) {
    const data = await sharp(png).extract(edge).greyscale().raw().toBuffer();
    ok(data.every((value) => value > 250), JSON.stringify(edge));
  }
});

Deno.test("heatMap() says that it was given nothing", () => {
  throws(() => heatMap([], scale), /Cannot draw heat maps: expected at least one cell, got none/);
});

Deno.test("heatMap() breaks its subtitle where the maps end", async () => {
  const subtitle = "AUC on test persons, mean over seeds. Real pictures of matched resolution. Framed: the diagonal.";
  const widthOf = async (more: { subtitle?: string }) => {
    const { png } = await heatMap(cells, { ...scale, title: "Trained", across: 1, ...more });
    return (await sharp(png).metadata()).width!;
  };
  equal(await widthOf({ subtitle }), await widthOf({}));
});
