/**
 * Tables, charts, verdicts and the report, all from the measured rows.
 *
 * @module
 */

import { join } from "node:path";
import { decideClaim, hierarchicalBootstrap, nestRows } from "doppel/evaluation/mod.ts";
import { type PresentContext, readMetrics, type Results } from "doppel/experiment/mod.ts";
import { encodePicture, readPicture, writeFileWhole } from "doppel/image/mod.ts";
import {
  type Column,
  curveChart,
  htmlReport,
  intervalChart,
  markdownTable,
  palette,
  plotChart,
  writeChart,
  writeTable,
} from "doppel/report/mod.ts";
import * as Plot from "@observablehq/plot";
import type { Config } from "./presets.ts";

type Rows = readonly Record<string, unknown>[];

const columns: Column[] = [
  { key: "arm", title: "model" },
  { key: "pair", title: "pair" },
  { key: "person", title: "whose face" },
  { key: "seeds", title: "seeds", decimals: 0 },
  { key: "photographs", title: "photographs", decimals: 0 },
  { key: "gain", title: "identity gain", unit: "cosine", interval: "gain_interval", decimals: 3 },
  { key: "similarity_before", title: "similarity before", unit: "cosine", decimals: 3 },
  { key: "similarity", title: "after", unit: "cosine", decimals: 3 },
  { key: "gain_second", title: "gain, second encoder", unit: "cosine", decimals: 3 },
  { key: "drift", title: "drift to others", unit: "cosine", decimals: 3 },
  { key: "top1", title: "top-1", unit: "share", decimals: 2 },
  { key: "landmark_error", title: "landmark error", unit: "eye distances", decimals: 3 },
  { key: "ssim", title: "SSIM to photograph", decimals: 3 },
];

/** What fits on a page; the files have all. */
const shown = columns.filter(({ key }) => !/^(similarity|ssim|arm$)/.test(key));

const rule = "Identity gain: centred cosine of the swap to the source person's mean embedding minus that of the " +
  "untouched photograph, by the judge (the `human` package's encoder, which has no part in training). Held-out " +
  "photographs only; the interval is the 95 % percentile interval of a hierarchical bootstrap over seeds and " +
  "photographs. No model was selected: the last step of every run counts.";

/** Writes tables, charts and report of a run, and decides what can be decided. */
export async function present({ run, config, rows, environment }: PresentContext<Config>): Promise<Results["claims"]> {
  const summary = summarise(rows);
  await writeTable(run.tables, "swaps", rows, Object.keys(rows[0] ?? {}).map((key) => ({ key })));
  await writeTable(run.tables, "identity_gain", summary, columns);
  await writeFileWhole(join(run.tables, "identity_gain.md"), markdownTable(summary, shown));
  const claims = [nearerClaim(rows)];

  const gain = await intervalChart(
    summary.map(({ arm, pair, person, gain, gain_interval: interval }, i) => ({
      group: `${String(arm).toUpperCase()}, ${pair.replace("+", " and ")}, to ${person}`,
      estimate: gain,
      interval,
      dots: rows.filter((row) => row["arm"] === arm && row["pair"] === pair && row["person"] === person)
        .map((row) => row["gain"] as number),
      colour: palette[i % palette.length]!,
    })),
    {
      title: "How much nearer to the source person a swap comes",
      subtitle: "Line: estimate and 95 % interval; dots: held-out photographs. Above 0 is nearer.",
      axis: "Identity gain by the judge (centred cosine)",
    },
  );
  await writeChart(run.charts, "identity_gain", gain);

  const ends = summary.flatMap((row) => [
    { group: labelOf(row), similarity: row.similarity_before, picture: "photograph" },
    { group: labelOf(row), similarity: row.similarity, picture: "swap" },
  ]);
  const before = plotChart({
    width: 640,
    height: 90 + 40 * summary.length,
    marginLeft: 240,
    marginRight: 40,
    marginBottom: 46,
    x: { label: "Centred cosine to the source person →", labelOffset: 40, grid: true },
    y: { label: null, domain: summary.map(labelOf) },
    color: { domain: ["photograph", "swap"], range: ["#888888", palette[0]], legend: true },
    marks: [
      Plot.ruleX([0]),
      Plot.link(summary, {
        x1: "similarity_before",
        x2: "similarity",
        y1: labelOf,
        y2: labelOf,
        stroke: "#BBBBBB",
        strokeWidth: 2,
      }),
      Plot.dot(ends, { x: "similarity", y: "group", fill: "picture", r: 6 }),
    ],
  });
  await writeChart(run.charts, "before_and_after", before);

  const history = (await readMetrics(run.metrics)).map((record) => ({
    ...record,
    loss: (record["source"] as number) + (record["destination"] as number),
    series: `DF, ${String(record["pair"]).replace("+", " and ")}`,
  }));
  const loss = history.length > 0
    ? await curveChart(history, {
      x: "step",
      y: "loss",
      series: "series",
      title: "Training loss",
      xTitle: "Step",
      yTitle: "Loss of both persons",
    })
    : undefined;
  if (loss) await writeChart(run.charts, "loss", loss);

  const grids = await sampleGrids(run.samples, config.seeds[0]!);
  await writeFileWhole(
    run.report,
    htmlReport({
      title: "DF against LIAE: the DF arm",
      question: "Does a swap by DF come nearer to the source person than the untouched photograph was?",
      run: { ...run, seeds: config.seeds, environment, config },
      claims,
      tables: [{ title: "Identity of the swaps", rows: summary, columns: shown, note: rule }],
      charts: [
        { chart: gain, alt: "Identity gain by direction with intervals", caption: "Identity gain of the swaps." },
        { chart: before, alt: "Similarity before and after", caption: "Similarity to the source person." },
        ...(loss ? [{ chart: loss, alt: "Training loss by step", caption: "Training loss." }] : []),
      ],
      grids,
      notes: [
        `Data: photographs of two persons at a time; every fourth photograph of a person is held out and never trained on. ` +
        `The judge's gallery has ${config.gallery || "all"} photographs of each person of the set.`,
        "Drift: the mean gain towards persons who have no part in the pair, a control.",
        "LIAE, the conversion variants and claims 1 to 7 are not part of the experiment yet.",
      ],
      deviations: deviations(config),
    }),
  );
  return claims;
}

const labelOf = (row: { person: string; pair: string }) => `${row.pair.replace("+", " and ")}, to ${row.person}`;

function deviations(config: Config) {
  return [
    {
      what:
        `Adam (0.5, 0.999) with rate ${config.rate} for ${config.steps} steps; SAEHD: AdaBelief or RMSprop, 5e-5, days.`,
      why: "What two cores reach in minutes.",
    },
    ...(config.size === "paper" ? [] : [{
      what: `64 px and ${
        config.size === "small" ? "3.05" : "11.9"
      } M parameters; SAEHD's default is 128 px, 57.5 M in DF.`,
      why: "The same.",
    }]),
    {
      what: "Overlay with a soft mask; DeepFaceLab offers Poisson blending too.",
      why: "The conversion variants are not part of the experiment yet.",
    },
  ];
}

/** One row for each arm, pair and direction. */
function summarise(rows: Rows) {
  const groups = Map.groupBy(rows, (row) => [row["arm"], row["pair"], row["person"]].join("|"));
  return [...groups.values()].map((group) => {
    const average = (key: string) => {
      const values = group.map((row) => row[key]).filter((value) => typeof value === "number") as number[];
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    const { estimate, interval } = hierarchicalBootstrap(
      nestRows(group, { levels: ["seed", "photo"], value: "gain" }),
      {
        crossed: true,
      },
    );
    const [first] = group;
    return {
      arm: first!["arm"] as string,
      pair: first!["pair"] as string,
      person: first!["person"] as string,
      seeds: new Set(group.map((row) => row["seed"])).size,
      photographs: new Set(group.map((row) => row["photo"])).size,
      gain: estimate,
      gain_interval: interval,
      similarity_before: average("similarity_before"),
      similarity: average("similarity"),
      gain_second: average("gain_second"),
      drift: average("drift"),
      top1: group.filter((row) => row["rank"] === 1).length / group.length,
      landmark_error: average("landmark_error"),
      ssim: average("ssim"),
    };
  });
}

/** The one statement that the DF arm alone can decide; the paper's claims 1 to 7 need the other arms. */
function nearerClaim(rows: Rows) {
  const keyed = rows.map((row) => ({ ...row, picture: `${row["person"]}/${row["photo"]}` }));
  return decideClaim({
    id: "df",
    statement: "A swap by DF is nearer to the source person than the untouched photograph.",
    source: "precondition of claims 2 and 3",
    unit: "centred cosine",
    samples: nestRows(keyed, { levels: ["seed", "pair", "picture"], value: "gain" }),
    margin: 0,
    crossed: true,
  });
}

/** The grids of the first seed, as JPEG: the report is to stay small enough to be sent. */
async function sampleGrids(folder: string, seed: number) {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && name.endsWith(".png") && name.includes(`_seed${seed}_`)) names.push(name);
  }
  return await Promise.all(
    names.sort().map(async (name) => {
      const [, pair, person] = /_seed\d+_(.+)_[0-9a-f]{6}_to_(.+)\.png$/.exec(name) ?? [];
      const provenance = { synthetic: "true", generator: "DF", grid: name };
      return {
        image: await encodePicture(await readPicture(join(folder, name)), { format: "jpeg", quality: 88, provenance }),
        alt: `Photographs, swaps and the source person: ${name}`,
        caption: `Pair ${pair}, seed ${seed}, face of ${person}: held-out photographs above, swaps in the middle, ` +
          "the source person below.",
      };
    }),
  );
}
