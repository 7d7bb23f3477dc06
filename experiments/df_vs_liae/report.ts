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
import { armOf } from "./arms.ts";
import {
  armsChart,
  beforeAndAfterChart,
  claimsChart,
  conversionsChart,
  directionsChart,
  lossChart,
  occlusionChart,
} from "./charts.ts";
import { decideClaims } from "./claims.ts";
import { byConversion, byOcclusion, conversionColumns, occlusionColumns } from "./conversion_summary.ts";
import { type Config, sizes } from "./presets.ts";
import { sampleName } from "./samples.ts";
import { armColumns, byArm, byDirection, directionColumns } from "./summary.ts";

const rule = "Identity gain: centred cosine of the swap to the source person's mean embedding minus that of the " +
  "untouched photograph, by the judge (the `human` package's encoder, which has no part in training). Attr: landmark " +
  "and expression distance to the photograph, each over its value for photographs of different persons, averaged. " +
  "Held-out photographs only; intervals are 95 % percentile intervals of a hierarchical bootstrap over seeds, pairs and " +
  "photographs. No model was selected: the last step of every run counts.";

/** What fits on a page; the files have all. */
const shown = directionColumns.filter(({ key }) => !/^similarity/.test(key));

/** Writes tables, charts and report of a run, and decides what can be decided. */
export async function present({ run, config, rows, environment }: PresentContext<Config>): Promise<Results["claims"]> {
  const main = byDirection(rows, ["df", "liae"]);
  const directions = main.length > 0 ? main : byDirection(rows, [...config.arms, ...config.ablations]);
  const arms = byArm(rows);
  const conversions = byConversion(rows);
  const occlusion = byOcclusion(rows);
  await writeMeasurements(run.tables, rows, rowTables);
  await writeTables(run.tables, [
    { name: "identity_gain", rows: directions, columns: directionColumns, inPage: shown },
    { name: "arms", rows: arms, columns: armColumns },
    { name: "conversions", rows: conversions, columns: conversionColumns },
    { name: "occlusion", rows: occlusion, columns: occlusionColumns },
  ]);
  const claims = decideClaims(rows);

  const charts: { name: string; chart: Chart; alt: string; caption: string }[] = [
    {
      name: "identity_gain",
      chart: await directionsChart(directions, rows),
      alt: "Identity gain by direction with intervals",
      caption: "Identity gain of the swaps, by model and direction.",
    },
    {
      name: "arms",
      chart: armsChart(arms),
      alt: "Identity gain against attribute error, one dot an arm",
      caption:
        "What each arm carries over and what it loses: right is more of the source, down is more of the photograph.",
    },
    {
      name: "before_and_after",
      chart: beforeAndAfterChart(directions),
      alt: "Similarity before and after",
      caption: "Similarity to the source person.",
    },
  ];
  if (conversions.length > 0) {
    for (const figure of ["gain", "seam", "sharp"] as const) {
      // After a few steps a mask may be nowhere dense enough to have a seam.
      if (!conversions.some((row) => row[`${figure}_interval`])) continue;
      const what = { gain: "Identity gain", seam: "Seam", sharp: "Sharpness" }[figure];
      charts.push({
        name: `conversions_${figure}`,
        chart: await conversionsChart(conversions, figure),
        alt: `${what} of every way of putting back, as a difference with its interval`,
        caption: `${what} of every way of putting back, against DF put back by overlay.`,
      });
    }
  }
  if (occlusion.length > 0) {
    charts.push({
      name: "occlusion",
      chart: await occlusionChart(occlusion),
      alt: "Error inside and outside of occluders",
      caption: "What becomes of things before the face, with and without segmentation.",
    });
  }
  const decided = claims.filter(({ parts }) => parts.length > 0);
  if (decided.length > 0) {
    charts.push({
      name: "claims",
      chart: claimsChart(decided),
      alt: "Each part of each claim with its interval",
      caption: "The parts of the claims, each over the width of its interval: right of the line supports.",
    });
  }
  const loss = await lossChart(await readMetrics(run.metrics));
  if (loss) {
    charts.push({ name: "loss", chart: loss, alt: "Training loss by step", caption: "Training loss on the pairs." });
  }
  for (const { name, chart } of charts) await writeChart(run.charts, name, chart);

  await writeFileWhole(
    run.report,
    htmlReport({
      title: "DF against LIAE",
      question: "Whose face does a swap by DeepFaceLab's autoencoders show, and what does it keep of the photograph?",
      run: { ...run, seeds: config.seeds, environment, config },
      claims,
      tables: [
        { title: "Swaps by direction", rows: directions, columns: shown, note: rule },
        { title: "All arms", rows: arms, columns: armColumns, note: armNote },
        ...(conversions.length > 0
          ? [{ title: "Ways of putting back", rows: conversions, columns: conversionColumns, note: conversionNote }]
          : []),
        ...(occlusion.length > 0
          ? [{ title: "Things before the face", rows: occlusion, columns: occlusionColumns, note: occlusionNote }]
          : []),
      ],
      charts,
      grids: await sampleGrids(run.samples, config),
      notes: [
        "Data: photographs of two persons at a time; every fourth photograph of a person is held out and never trained on, " +
        "in pretraining neither. Pretraining sees the persons of the identity split `train` alone. " +
        `The judge's gallery has ${config.gallery || "all"} photographs of each person of the set.`,
        "Drift: the mean gain towards persons who have no part in the pair, a control.",
        "Landmarks are placed in each swap where the photograph's are, whether or not the detector finds a face there; how " +
        "often it does stands under found.",
        "Pose: the bundled persons look straight ahead, so its error says little here.",
      ],
      deviations: deviations(config),
      comparisons: paperNumbers(arms),
    }),
  );
  return claims;
}

/** Tables of single measurements, by kind of row. */
const rowTables = {
  swap: "swaps",
  reconstruction: "reconstructions",
  occlusion: "occlusions",
  cost: "costs",
  pretraining: "pretrainings",
};

const conversionNote =
  "Mean differences from DF put back by overlay, on the same photographs, with 95 % intervals. mask learned-prd, " +
  "learned-dst: the mask of one decoder alone; union: the larger of both (overlay: their product). xseg: the product " +
  "without what the segmentation network leaves out. colour: other transfers than Reinhard's.";

const occlusionNote =
  "Synthetic occluders before held-out faces. Inside: mean absolute change of the occluder, which should stay as it is. " +
  "Outside: of the rest of the face; where the person's own face is put back (itself) from the photograph, where another's " +
  "is (swap) from the swap of the photograph without occluder.";

const armNote =
  "overlay: learned masks of both decoders, Reinhard's colours, soft edge (DeepFaceLab's default). poisson: the " +
  "same masks, Poisson blending. hull: plain paste inside the landmarks' hull. square: the model's square as it is. " +
  "Arms from DF, from scratch, downward are smaller, begin without pretraining and ran on fewer pairs: compare them " +
  "among each other. Parameters, steps and seconds are those of training on one pair.";

/** The paper's own comparison on FaceForensics++, whose data and networks are others. */
function paperNumbers(arms: readonly Row[]) {
  const own = arms.find(({ arm, variant }) => arm === "df" && variant === "poisson");
  return ([
    ["SSIM to the photograph (of the whole picture here)", "ssim", 0.73],
    ["perceptual distance", "perceptual", 0.39],
    ["landmark distance", "landmark_error", 0.73],
    ["pose distance", "pose_error", 1.12],
  ] as const).flatMap(([what, key, paper]) => {
    const ours = own?.[key];
    if (typeof ours !== "number") return [];
    const why = "FaceForensics++ there, 26 frontal persons here; other networks measure";
    return [{ what, paper, source: "table 1", ours, sameProtocol: false, why }];
  });
}

function deviations({ size, steps, pretrain_steps, rate, decay }: Config) {
  const { resolution } = sizes[size].main.df;
  return [
    {
      what: `Adam (0.5, 0.999) at ${rate} for ${steps} steps, falling to 0 over the last ${100 * decay} %, after ` +
        `${pretrain_steps} steps of pretraining; SAEHD: AdaBelief or RMSprop at 5e-5, days.`,
      why: "What two cores reach in minutes.",
    },
    { what: "Pretraining with the random warp; DeepFaceLab pretrains without.", why: "It is that short." },
    ...(size === "paper" ? [] : [{
      what: `${resolution} px and channels of 16; SAEHD's default is 128 px and channels of 64.`,
      why: "The same.",
    }]),
    {
      what:
        "GAN: the paper's figure (picture and mask of both sides) in df_gan and df_finish, DeepFaceLab's code (source " +
        "side alone) in df_gan_source.",
      why: "The two differ.",
    },
    {
      what: "The ablations begin from scratch, at 64 px.",
      why: "A pretraining with one loss would decide a comparison of losses.",
    },
  ];
}

/** Grids of the first seed, as JPEG: the report is to stay small enough to be sent. */
async function sampleGrids(folder: string, config: Config) {
  const files = (await Array.fromAsync(Deno.readDir(folder))).flatMap(({ name, isFile }) => isFile ? [name] : []);
  const wanted = files.flatMap((file) => {
    const found = /^(df|liae)(?:_([a-z-]+))?_(person\w+)_(person\w+)_to_(\w+)$/.exec(sampleName(file, config) ?? "");
    if (!found || ["poisson", "xseg"].includes(found[2] ?? "")) return [];
    // One pair shows what becomes of things before the face.
    const isFirst = `${found[3]}+${found[4]}` === config.pairs[0];
    return isFirst || !found[2]?.startsWith("occluded") ? [{ file, found }] : [];
  });
  return await Promise.all(
    wanted.sort((a, b) => a.found[0] < b.found[0] ? -1 : 1).map(async ({ file, found }) => {
      const [, arm, variant = "overlay", source, destination, person] = found;
      const { title } = armOf(arm!);
      const picture = await readPicture(join(folder, file));
      const provenance = { synthetic: "true", generator: title, grid: file };
      return {
        image: await encodePicture(picture, { format: "jpeg", quality: 75, provenance }),
        alt: `Photographs, swaps and the source person: ${file}`,
        caption:
          `${title}, ${variant}, pair ${source} and ${destination}, face of ${person}: held-out photographs above, ` +
          "swaps in the middle, the source person below.",
      };
    }),
  );
}
