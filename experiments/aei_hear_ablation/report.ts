/**
 * Tables, charts, verdicts and the report, all from the measured rows.
 *
 * @module
 */

import { join } from "node:path";
import type { Row } from "doppel/evaluation/mod.ts";
import { type PresentContext, readMetrics, type Results } from "doppel/experiment/mod.ts";
import { encodePicture, readPicture, writeFileWhole } from "doppel/image/mod.ts";
import { type Chart, htmlReport, writeChart, writeMeasurements, writeTables } from "doppel/report/mod.ts";
import { claimsChart, occlusionChart } from "../df_vs_liae/charts.ts";
import { armOf, isMain } from "./arms.ts";
import { armsChart, groupsChart, lossChart, masksChart, modelsChart } from "./charts.ts";
import { decideClaims } from "./claims.ts";
import type { Config } from "./presets.ts";
import { deviations, notes, tableNotes } from "./report_texts.ts";
import { sampleName } from "./samples.ts";
import { byLevel, byOcclusion, levelColumns, occlusionColumns } from "./stage_summary.ts";
import { armColumns, armsOf, byArm, byGroup, byModel, groupColumns, modelColumns } from "./summary.ts";

/** What the experiment asks. */
export const question =
  "What does each part of FaceShifter contribute: how identity and attributes are fused, how the losses are weighed, how " +
  "many pairs are of one person, the second stage? Whose face do its swaps show, of persons in training and of others?";

/** Tables of single measurements, by kind of row. */
const rowTables = {
  swap: "swaps",
  reconstruction: "reconstructions",
  mask: "masks",
  occlusion: "occlusions",
  cost: "costs",
};

/** Writes tables, charts and report of a run, and decides what can be decided. */
export async function present({ run, config, rows, environment }: PresentContext<Config>): Promise<Results["claims"]> {
  const arms = byArm(rows);
  const groups = byGroup(rows);
  const models = byModel(rows);
  const masks = byLevel(rows);
  const occlusion = byOcclusion(rows);
  await writeMeasurements(run.tables, rows, rowTables);
  const tables = [
    { name: "arms", title: "All arms, persons who are trained on", rows: arms, columns: armColumns },
    { name: "groups", title: "Persons in training and others", rows: groups, columns: groupColumns },
    { name: "models", title: "Beside the models of df_vs_liae", rows: models, columns: modelColumns },
    { name: "mask_levels", title: "The mask by level", rows: masks, columns: levelColumns },
    { name: "occlusion", title: "Things before the face", rows: occlusion, columns: occlusionColumns },
  ].filter(({ rows }) => rows.length > 0);
  await writeTables(run.tables, tables);
  const claims = decideClaims(rows);
  const charts = await chartsOf(rows, { arms, groups, models, masks, occlusion });
  const decided = claims.filter(({ parts }) => parts.length > 0);
  if (decided.length > 0) {
    charts.push({
      name: "claims",
      chart: claimsChart(decided),
      alt: "Each part of each claim with its interval",
      caption:
        "The parts of the claims, each over the width of its interval: right of the line supports, but for the " +
        "identity in claim 11, which has to lie near it.",
    });
  }
  const loss = await lossChart(await readMetrics(run.metrics));
  if (loss) {
    const caption = "Identity loss by the encoder that trains.";
    charts.push({ name: "loss", chart: loss, alt: "Training loss by step", caption });
  }
  for (const { name, chart } of charts) await writeChart(run.charts, name, chart);

  await writeFileWhole(
    run.report,
    htmlReport({
      title: "AEI-Net and HEAR-Net, part by part",
      question,
      run: { ...run, seeds: config.seeds, environment, config },
      claims,
      tables: tables.map(({ name, ...table }) => ({ ...table, note: tableNotes[name]! })),
      charts,
      grids: await sampleGrids(run.samples, config),
      notes: notes(config, rows),
      deviations: deviations(config),
    }),
  );
  return claims;
}

type Tables = Readonly<Record<"arms" | "groups" | "models" | "masks" | "occlusion", readonly Row[]>>;

async function chartsOf(rows: readonly Row[], { arms, groups, models, masks, occlusion }: Tables) {
  const charts: { name: string; chart: Chart; alt: string; caption: string }[] = [];
  // One dot alone compares nothing.
  if (arms.length > 1) {
    charts.push({
      name: "arms",
      chart: armsChart(arms),
      alt: "Identity gain against attribute error, one dot an arm",
      caption:
        "What each arm carries over and what it loses: right is more of the source, down more of the photograph.",
    });
  }
  const main = armsOf(rows).filter((arm) => isMain(armOf(arm)));
  const shown = main.length > 0 ? main : armsOf(rows);
  if (groups.some(({ arm }) => shown.some((name) => name === arm))) {
    charts.push({
      name: "groups",
      chart: await groupsChart(groups, rows, shown),
      alt: "Identity gain by who of source and target is trained on",
      caption: "Persons who are trained on against persons who are not.",
    });
  }
  if (models.length > 0) {
    charts.push({
      name: "models",
      chart: await modelsChart(models),
      alt: "Identity gain of every model on the same photographs",
      caption: "AEI-Net beside the models of df_vs_liae, on the same photographs of the same seeds.",
    });
  }
  if (masks.length > 0) {
    charts.push({
      name: "mask_levels",
      chart: masksChart(masks),
      alt: "Mean of the mask by level",
      caption: "Where the identity counts more than the attributes, from the lowest resolution to the highest.",
    });
  }
  if (occlusion.length > 0) {
    charts.push({
      name: "occlusion",
      chart: await occlusionChart(occlusion.filter(({ task }) => task === "swap")),
      alt: "Error inside and outside of occluders",
      caption:
        "What becomes of things before the face in swaps, before and after HEAR-Net; the table has faces put back onto " +
        "themselves, too.",
    });
  }
  return charts;
}

/** Grids of the first seed, as JPEG: the report is to stay small enough to be sent. */
async function sampleGrids(folder: string, config: Config) {
  const files = (await Array.fromAsync(Deno.readDir(folder))).flatMap(({ name, isFile }) => isFile ? [name] : []);
  const wanted = files.flatMap((file) => {
    const name = sampleName(file, config);
    const arm = /^(\w+)_seed\d+_/.exec(file)?.[1];
    return name && arm ? [{ file, name, what: name.slice(arm.length + 1), title: armOf(arm).title }] : [];
  });
  return await Promise.all(
    wanted.sort((a, b) => a.name < b.name ? -1 : 1).map(async ({ file, what, title }) => {
      const picture = await readPicture(join(folder, file));
      const provenance = { synthetic: "true", generator: title, grid: file };
      return {
        image: await encodePicture(picture, { format: "jpeg", quality: 75, provenance }),
        alt: `${title}: ${captions[what] ?? what}`,
        caption: `${title}. ${captions[what] ?? what}`,
      };
    }),
  );
}

const swapped = "photographs above, swaps in the middle, the source person below.";
const captions: Readonly<Record<string, string>> = {
  seen: `Persons who are trained on: ${swapped}`,
  unseen_source: `Sources who are not trained on: ${swapped}`,
  both_unseen: `Sources and targets who are not trained on: ${swapped}`,
  field: `The pairs of df_vs_liae: ${swapped}`,
  masks: "Target, swap, and the mask of each level: white where the identity counts, black where the attributes do.",
  occluded: "Photographs with something before the face, what each stage makes of them, and the source person.",
};
