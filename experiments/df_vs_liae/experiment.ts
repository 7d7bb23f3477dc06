/**
 * DF against LIAE (Perov et al., arXiv 2005.05535): whose face does a swap show, what does it keep of the photograph, and
 * what do the parts of training and conversion contribute? Claims 1 to 7 of the paper.
 *
 * @module
 */

import { facePhoto } from "doppel/data/mod.ts";
import { type Cell, type Experiment, type ExperimentContext, runArms } from "doppel/experiment/mod.ts";
import type { Side } from "doppel/generators/mod.ts";
import { armOf, armsBefore } from "./arms.ts";
import { type PairPhotos, performCell, type ResultRow, type Shared } from "./cell.ts";
import { openJudge } from "./judge.ts";
import { openNetworks } from "./networks.ts";
import { occlude } from "./occlusion.ts";
import { type Config, presets, schema, sizes } from "./presets.ts";
import { pretrainings } from "./pretraining.ts";
import { present } from "./report.ts";
import { sampleName } from "./samples.ts";
import { pairData } from "./train.ts";

/** The experiment, as the commands know it. */
export const experiment: Experiment<Config> = {
  name: "df_vs_liae",
  title: "DF against LIAE",
  question:
    "Whose face does a swap by DeepFaceLab's autoencoders show, and what does it keep of the photograph? DF against " +
    "LIAE, a plain autoencoder and a swap without learning, on photographs that training never saw.",
  schema,
  presets,
  main: { chart: "identity_gain", table: "arms" },
  perform,
  sampleName,
  present,
};

/** Trains every cell (arm, seed, pair) and measures its swaps of the held-out photographs in both directions. */
async function perform(context: ExperimentContext<Config>): Promise<{ rows: ResultRow[]; complete: boolean }> {
  const { run, config, data, signal, say, progress } = context;
  let shared: Shared | undefined;
  const pairs = new Map<string, Promise<PairPhotos>>();
  const work = async (cell: Cell) => {
    // Made when the first cell asks for them: a run that only gathers finished cells needs neither.
    shared ??= {
      networks: await openNetworks(context),
      judge: await openJudge(data, config.gallery, progress),
    };
    const pair = cell.pair!;
    if (!pairs.has(pair)) pairs.set(pair, photosOf(context, pair));
    return await performCell(context, shared, cell, await pairs.get(pair)!);
  };
  const rows: ResultRow[] = [];
  try {
    for (
      const [arms, on] of [[config.arms, config.pairs], [config.ablations, config.ablation_pairs]] as const
    ) {
      if (arms.length === 0 || on.length === 0) continue;
      const { cells, complete } = await runArms<ResultRow[]>({
        run,
        arms,
        seeds: config.seeds,
        pairs: on,
        needs: (cell) => armsBefore(cell.arm).map((arm) => ({ ...cell, arm })),
        ...(signal ? { signal } : {}),
        onCell: ({ cell, done, total }) =>
          say(`Cell ${done + 1} of ${total}: ${armOf(cell.arm).title}, seed ${cell.seed}, ${cell.pair}`),
      }, work);
      rows.push(...cells.flatMap(({ value }) => value));
      if (!complete) return { rows, complete };
    }
    rows.push(...await pretrainings(context, [...config.arms, ...config.ablations].map(armOf)));
    return { rows, complete: true };
  } finally {
    shared?.networks.dispose();
  }
}

async function photosOf(context: ExperimentContext<Config>, pair: string): Promise<PairPhotos> {
  const faces = await pairData(context, pair, sizes[context.config.size].main.df.resolution);
  const read = async (split: "train" | "heldOut") => {
    const of = (side: Side) => Promise.all(faces[split][side].map((face) => facePhoto(context.data, face)));
    return { source: await of("source"), destination: await of("destination") };
  };
  const heldOut = await read("heldOut");
  const occluded = {
    source: occlude(heldOut.source, `${pair} source`),
    destination: occlude(heldOut.destination, `${pair} destination`),
  };
  return { faces, heldOut, train: await read("train"), occluded };
}
