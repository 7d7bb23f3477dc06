/**
 * DF against LIAE (Perov et al., arXiv 2005.05535): whose face does a swap show, what does it keep of the photograph, and
 * what do the parts of training and conversion contribute? Claims 1 to 7 of the paper.
 *
 * @module
 */

import { join } from "node:path";
import { type Cell, cellKey, type Experiment, type ExperimentContext, runArms } from "doppel/experiment/mod.ts";
import { convertPhotos, type FacePairModel, type FacePhoto, graphicsSwap, type Side } from "doppel/generators/mod.ts";
import { armOf } from "./arms.ts";
import { type Judge, openJudge } from "./judge.ts";
import { measureSwaps, type Swap, type SwapRow } from "./measure.ts";
import { type Config, presets, schema, sizes } from "./presets.ts";
import { measureReconstruction, type ReconstructionRow } from "./reconstruct.ts";
import { present } from "./report.ts";
import { facePhoto, gridOf, saveSwaps, writeGrid } from "./samples.ts";
import { loadTrained, type PairData, pairData, sizesOf, trainArm } from "./train.ts";

/** The experiment, as the commands know it. */
export const experiment: Experiment<Config> = {
  name: "df_vs_liae",
  title: "DF against LIAE",
  question:
    "Whose face does a swap by DeepFaceLab's autoencoders show, and what does it keep of the photograph? DF against " +
    "LIAE, a plain autoencoder and a swap without learning, on photographs that training never saw.",
  schema,
  presets,
  perform,
  present,
};

/** What an arm cost on one pair. */
type CostRow = {
  readonly kind: "cost";
  readonly arm: string;
  readonly seed: number;
  readonly pair: string;
  readonly parameters: number;
  readonly steps: number;
  readonly seconds: number;
};

/** Any row of the results. */
export type ResultRow = SwapRow | ReconstructionRow | CostRow;

/** Trains every cell (arm, seed, pair) and measures its swaps of the held-out photographs in both directions. */
async function perform(context: ExperimentContext<Config>): Promise<{ rows: ResultRow[]; complete: boolean }> {
  const { run, config, data, signal, say, progress } = context;
  let judge: Judge | undefined;
  const pairs = new Map<string, Promise<PairPhotos>>();
  const work = async (cell: Cell) => {
    judge ??= await openJudge(data, config.gallery, progress);
    const pair = cell.pair!;
    if (!pairs.has(pair)) pairs.set(pair, photosOf(context, pair));
    return await performCell(context, judge, cell, await pairs.get(pair)!);
  };
  const rows: ResultRow[] = [];
  for (
    const [arms, on] of [[config.arms, config.pairs], [config.ablations, config.ablation_pairs]] as const
  ) {
    if (arms.length === 0 || on.length === 0) continue;
    const { cells, complete } = await runArms<ResultRow[]>({
      run,
      arms,
      seeds: config.seeds,
      pairs: on,
      ...(signal ? { signal } : {}),
      onCell: ({ cell, done, total }) =>
        say(`Cell ${done + 1} of ${total}: ${armOf(cell.arm).title}, seed ${cell.seed}, ${cell.pair}`),
    }, work);
    rows.push(...cells.flatMap(({ value }) => value));
    if (!complete) return { rows, complete };
  }
  return { rows, complete: true };
}

/** The photographs of a pair, read once so that every arm is measured on the same ones. */
interface PairPhotos {
  readonly faces: PairData;
  readonly heldOut: Readonly<Record<Side, readonly FacePhoto[]>>;
  readonly train: Readonly<Record<Side, readonly FacePhoto[]>>;
}

async function photosOf(context: ExperimentContext<Config>, pair: string): Promise<PairPhotos> {
  const faces = await pairData(context, pair, sizes[context.config.size].main.df.resolution);
  const read = async (split: "train" | "heldOut") => {
    const of = (side: Side) => Promise.all(faces[split][side].map((face) => facePhoto(context.data, face)));
    return { source: await of("source"), destination: await of("destination") };
  };
  return { faces, heldOut: await read("heldOut"), train: await read("train") };
}

async function performCell(
  context: ExperimentContext<Config>,
  judge: Judge,
  cell: Cell,
  photos: PairPhotos,
): Promise<ResultRow[]> {
  const { run, config } = context;
  const arm = armOf(cell.arm);
  const { seed } = cell;
  const pair = cell.pair!;
  const base = { arm: cell.arm, seed, pair };
  const convert = { faceType: config.face_type, label: false } as const;
  const rows: ResultRow[] = [];
  const models: FacePairModel[] = [];
  try {
    if (arm.model === "merged") {
      for (const name of ["df", "liae"]) models.push(await loadTrained(context, { ...cell, arm: name }));
    } else if (arm.model !== "graphics") {
      const faces = await pairData(context, pair, sizesOf(arm, config).resolution);
      const reconstruct = async (model: FacePairModel, stage: "quarter" | "end") => {
        rows.push(...await measureReconstruction(model, faces, { ...base, stage }));
      };
      const trained = await trainArm(
        context,
        cell,
        faces,
        (model) => reconstruct(model, "quarter"),
        async (model, step) => {
          const [preview] = photos.heldOut.destination;
          const swaps = await convertPhotos(model, [preview!], { ...convert, mask: "dst" });
          await saveSwaps(join(run.samples, "while_training"), run, arm.title, `${cellKey(cell)}_step${step}`, swaps);
        },
      );
      models.push(trained.model);
      await reconstruct(trained.model, "end");
      const { parameters } = trained.model.weights;
      rows.push({ kind: "cost", ...base, parameters, steps: trained.steps, seconds: trained.seconds });
    }
    for (const variant of arm.variants) {
      for (const to of ["source", "destination"] as const) {
        const from = to === "source" ? "destination" : "source";
        const person = photos.faces.train[to][0]!.person;
        const targets = photos.heldOut[from];
        const swaps: readonly Swap[] = arm.model === "graphics"
          ? targets.map((target) => graphicsSwap(target, photos.train[to], { label: false }))
          : await convertPhotos(models, targets, { ...convert, ...variant.options, to });
        rows.push(...await measureSwaps(judge, { ...base, variant: variant.name, person }, targets, swaps));
        const name = `${cellKey(cell)}_${variant.name}_to_${person}`;
        if (variant === arm.variants[0]) {
          await saveSwaps(join(run.samples, cellKey(cell)), run, arm.title, person, swaps);
        }
        const grid = gridOf(person, targets, swaps, photos.train[to]);
        await writeGrid(join(run.samples, `${name}.png`), grid, arm.title);
      }
    }
    return rows;
  } finally {
    models.forEach((model) => model.weights.dispose());
  }
}
