import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import { join } from "node:path";
import * as Plot from "@observablehq/plot";
import sharp from "sharp";
import {
  curveChart,
  intervalChart,
  type IntervalRow,
  plotChart,
  summariseCurves,
  svgToPng,
  vegaLiteChart,
  writeChart,
} from "doppel/report/mod.ts";

const rows: IntervalRow[] = [
  { group: "DF", estimate: 0.4, interval: [0.35, 0.45], dots: [0.3, 0.42, 0.5] },
  { group: "LIAE, equal parameter count", estimate: 0.05, interval: [-0.02, 0.1], colour: "#D55E00" },
];
const options = { title: "DF carries more", axis: "identity gain (cosine)" };
const metrics = ["DF", "LIAE"].flatMap((arm) =>
  [1, 2, 3].flatMap((seed) => [0, 100, 200].map((step) => ({ arm, seed, step, loss: 3 - step / 100 + 0.1 * seed })))
);

/** Share of dark pixels in a part of a PNG. */
async function ink(
  png: Uint8Array,
  part?: { left: number; top: number; width: number; height: number },
): Promise<number> {
  const picture = part ? sharp(png).extract(part) : sharp(png);
  const data = await picture.flatten({ background: "white" }).greyscale().raw().toBuffer();
  return data.filter((value) => value < 128).length / data.length;
}

Deno.test("svgToPng() draws text with the font that comes along, at twice the size", async () => {
  const svg = (text: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="20"><text x="4" y="15" font-family="Nowhere, sans-serif">${text}</text></svg>`;
  const png = svgToPng(svg("identity −0.105"));
  const { width, height } = await sharp(png).metadata();
  deepEqual([width, height], [200, 40]);
  ok(await ink(png) > 0.05);
  equal(await ink(svgToPng(svg(""))), 0);
});

Deno.test("intervalChart() draws the same as before", async (t) => {
  const { svg, vegaLite } = await intervalChart(rows, options);
  match(svg, />0\.400 \[0\.350, 0\.450\]</);
  match(svg, />0\.050 \[−0\.020, 0\.100\]</);
  equal(vegaLite!.$schema, "https://vega.github.io/schema/vega-lite/v6.json");
  await t.assertSnapshot(svg);
});

Deno.test("intervalChart() keeps long names and labels inside the picture and apart from the plot", async () => {
  const { png, svg } = await intervalChart(rows, options);
  const { width, height } = await sharp(png).metadata();
  const edge = (left: number, top: number, w: number, h: number) => ink(png, { left, top, width: w, height: h });
  equal(await edge(0, 0, 6, height!), 0);
  equal(await edge(width! - 6, 0, 6, height!), 0);
  equal(await edge(0, 0, width!, 6), 0);
  equal(await edge(0, height! - 6, width!, 6), 0);
  // Two lines of text a group, each at its group's height: no two labels share a place.
  const places = [...svg.matchAll(/<text [^>]*transform="translate\(([^)]+)\)"[^>]*>([^<]+)</g)].map(([, place]) =>
    place
  );
  equal(new Set(places).size, places.length);
});

Deno.test("intervalChart() gives the same file each time, its jittered dots too", async () => {
  const [once, again] = await Promise.all([intervalChart(rows, options), intervalChart(rows, options)]);
  equal(once.svg, again.svg);
});

Deno.test("summariseCurves() gives mean and range over seeds and passes over what was not measured", () => {
  const points = summariseCurves([...metrics, { arm: "DF", seed: 1, step: 300, loss: NaN }, { arm: "DF", step: 400 }], {
    x: "step",
    y: "loss",
    series: "arm",
  });
  equal(points.length, 6);
  const { series, x, mean, low, high, seeds } = points[1]!;
  deepEqual([series, x, mean.toFixed(9), low.toFixed(9), high.toFixed(9), seeds], [
    "DF",
    100,
    "2.200000000",
    "2.100000000",
    "2.300000000",
    3,
  ]);
});

Deno.test("curveChart() draws the same as before, and refuses what cannot be drawn", async (t) => {
  const { svg } = await curveChart(metrics, {
    x: "step",
    y: "loss",
    series: "arm",
    title: "Loss",
    yTitle: "DSSIM + MSE",
  });
  match(svg, /mean of 3 seeds; the band reaches from the lowest to the highest/);
  await t.assertSnapshot(svg);
  throws(
    () => curveChart(metrics, { x: "step", y: "psnr" }),
    /expected rows with the columns "step" and "psnr", got none/,
  );
  throws(
    () => curveChart([{ step: 1, loss: 0 }], { x: "step", y: "loss", logarithmic: true }),
    /values above 0, got 0/,
  );
});

Deno.test("curveChart() dashes curves behind the palette's colours and keeps the legend as wide as the plot", async () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, i) => `adversarial weight 0.${i}`).flatMap((arm, i) =>
      [0, 1, 2].map((step) => ({ arm, step, loss: i + step }))
    );
  const draw = (count: number) => curveChart(rows(count), { x: "step", y: "loss", series: "arm" });
  const [few, many] = [await draw(7), await draw(10)];
  equal(few.svg.includes('stroke-dasharray="5,3"'), false);
  equal(many.svg.split('stroke-dasharray="5,3"').length - 1, 6, "three curves and their three symbols");
  ok(Number(/width="(\d+)/.exec(many.svg)![1]) < 800);
});

Deno.test("vegaLiteChart() refuses a specification that is wrong", async () => {
  await rejects(vegaLiteChart({ mark: "blob", encoding: {} }, []));
});

Deno.test("plotChart() makes one SVG of a plot with title, legend and caption", async (t) => {
  const { svg, png } = plotChart({
    title: "Loss & more",
    caption: "From metrics.parquet",
    width: 320,
    height: 160,
    color: { legend: true },
    marks: [Plot.line(metrics.filter(({ seed }) => seed === 1), { x: "step", y: "loss", stroke: "arm" })],
  });
  equal(svg.match(/<svg /g)!.length, 2);
  for (const text of ["Loss &amp; more", "From metrics.parquet", ">DF<", ">LIAE<"]) ok(svg.includes(text), text);
  ok(await ink(png) > 0.01);
  await t.assertSnapshot(svg);
});

Deno.test("plotChart() draws a colour ramp without a canvas, and a plot without a legend", async () => {
  const cells = [{ train: "a", test: "a", auc: 0.99 }, { train: "a", test: "b", auc: 0.6 }];
  const marks = [Plot.cell(cells, { x: "test", y: "train", fill: "auc" })];
  const ramp = plotChart({ color: { legend: true, scheme: "viridis", label: "AUC" }, marks });
  match(ramp.svg, /<image [^>]*data:image\/svg\+xml;base64,/);
  // The left end of viridis is dark, the right end light: the ramp really shows.
  const part = (left: number) => ink(ramp.png, { left, top: 40, width: 20, height: 10 });
  deepEqual([await part(44) > 0.9, await part(460) > 0.5], [true, false]);
  const plain = plotChart({ marks, width: 200, height: 100 });
  match(plain.svg, /width="200" height="100"/);
});

Deno.test("writeChart() writes drawing, pixels and specification", async () => {
  const dir = await Deno.makeTempDir();
  const chart = await intervalChart(rows, options);
  const paths = await writeChart(join(dir, "charts"), "id", chart);
  deepEqual(paths.map((path) => path.slice(dir.length)), ["/charts/id.svg", "/charts/id.png", "/charts/id.vl.json"]);
  const spec = JSON.parse(await Deno.readTextFile(paths[2]!));
  ok((await vegaLiteChart(spec)).svg.includes("DF carries more"));
  await Deno.remove(dir, { recursive: true });
});
