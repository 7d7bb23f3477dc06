/**
 * One cell of the experiment: an arm, a seed and a pair. Trained, converted in every way that the arm asks for, measured.
 *
 * @module
 */

import { join } from "node:path";
import { type Cell, cellKey, type ExperimentContext } from "doppel/experiment/mod.ts";
import {
  type ConvertOptions,
  convertPhotos,
  type FacePairModel,
  type FacePhoto,
  graphicsSwap,
  type Side,
} from "doppel/generators/mod.ts";
import { type Arm, armOf, overlay, type Variant, xseg } from "./arms.ts";
import type { Judge } from "./judge.ts";
import { measureSwaps, type Swap, type SwapRow } from "./measure.ts";
import type { Networks } from "./networks.ts";
import { measureOcclusion, type OccludedPhoto, type OcclusionRow } from "./occlusion.ts";
import { type Config } from "./presets.ts";
import { measureReconstruction, type ReconstructionRow } from "./reconstruct.ts";
import { gridOf, saveSwaps, writeGrid } from "./samples.ts";
import { type PretrainingRow, sizesOf } from "./pretraining.ts";
import { loadTrained, type PairData, pairData, trainArm } from "./train.ts";

/** What an arm cost on one pair. */
export type CostRow = {
  readonly kind: "cost";
  readonly arm: string;
  readonly seed: number;
  readonly pair: string;
  readonly parameters: number;
  readonly steps: number;
  readonly seconds: number;
};

/** Any row of the results. */
export type ResultRow = SwapRow | ReconstructionRow | OcclusionRow | PretrainingRow | CostRow;

/** The photographs of a pair, read once so that every arm is measured on the same ones. */
export interface PairPhotos {
  readonly faces: PairData;
  readonly heldOut: Readonly<Record<Side, readonly FacePhoto[]>>;
  readonly train: Readonly<Record<Side, readonly FacePhoto[]>>;
  /** The held-out photographs with something before the faces. */
  readonly occluded: Readonly<Record<Side, readonly OccludedPhoto[]>>;
}

/** What all cells share. */
export interface Shared {
  readonly judge: Judge;
  readonly networks: Networks;
}

const otherSide = (side: Side): Side => side === "source" ? "destination" : "source";

/**
 * Trains and measures a cell.
 *
 * @param context The experiment's.
 * @param shared Judge and networks.
 * @param cell Which arm, seed and pair.
 * @param photos The pair's photographs.
 * @returns Every measurement.
 */
export async function performCell(
  context: ExperimentContext<Config>,
  shared: Shared,
  cell: Cell,
  photos: PairPhotos,
): Promise<ResultRow[]> {
  const arm = armOf(cell.arm);
  const rows: ResultRow[] = [];
  const models: FacePairModel[] = [];
  try {
    if (arm.model === "merged") {
      for (const name of ["df", "liae"]) models.push(await loadTrained(context, { ...cell, arm: name }));
    } else if (arm.model !== "graphics") {
      models.push(await trainCell(context, shared, cell, photos, rows));
    }
    const convert = convertBy(context, shared, arm, models, photos);
    for (const to of ["source", "destination"] as const) {
      const person = photos.faces.train[to][0]!.person;
      const targets = photos.heldOut[otherSide(to)];
      const clean = new Map<string, readonly Swap[]>();
      for (const variant of arm.variants) {
        const swaps = await convert(targets, to, variant);
        clean.set(variant.name, swaps);
        const at = { arm: cell.arm, seed: cell.seed, pair: cell.pair!, variant: variant.name, person };
        rows.push(...await measureSwaps(shared.judge, at, targets, swaps));
        await keepPictures(context, cell, variant, { person, targets, swaps, source: photos.train[to] });
      }
      rows.push(...await measureOccluded(context, cell, photos, to, convert, clean));
    }
    return rows;
  } finally {
    models.forEach((model) => model.weights.dispose());
  }
}

/** Trains the cell's model; its reconstructions and costs are added to the rows. */
async function trainCell(
  context: ExperimentContext<Config>,
  shared: Shared,
  cell: Cell,
  photos: PairPhotos,
  rows: ResultRow[],
): Promise<FacePairModel> {
  const { run, config } = context;
  const arm = armOf(cell.arm);
  const base = { arm: cell.arm, seed: cell.seed, pair: cell.pair! };
  const faces = await pairData(context, base.pair, sizesOf(arm, config).resolution);
  const reconstruct = async (model: FacePairModel, stage: "quarter" | "end") => {
    rows.push(...await measureReconstruction(model, faces, { ...base, stage }));
  };
  const { model, steps, seconds } = await trainArm(
    context,
    cell,
    faces,
    (model) => reconstruct(model, "quarter"),
    async (model, step) => {
      const [preview] = photos.heldOut.destination;
      const hull: Variant = { name: "hull", options: { mask: "dst" } };
      const swaps = await convertBy(context, shared, arm, [model], photos)([preview!], "source", hull);
      await saveSwaps(join(run.samples, "while_training"), run, arm.title, `${cellKey(cell)}_step${step}`, swaps);
    },
  );
  await reconstruct(model, "end");
  rows.push({ kind: "cost", ...base, parameters: model.weights.parameters, steps, seconds });
  return model;
}

/** Puts faces into photographs in the way of a variant. */
type Convert = (targets: readonly FacePhoto[], to: Side, variant: Variant) => Promise<readonly Swap[]>;

function convertBy(
  { config }: ExperimentContext<Config>,
  { networks }: Shared,
  arm: Arm,
  models: readonly FacePairModel[],
  { train }: PairPhotos,
): Convert {
  return async (targets, to, { options, network }) => {
    if (arm.model === "graphics") return targets.map((target) => graphicsSwap(target, train[to], { label: false }));
    const how: ConvertOptions = { ...options, ...(network && { [network]: networks[network] }) };
    return await convertPhotos(models, targets, { ...how, faceType: config.face_type, label: false, to });
  };
}

/** The main models' conversions of photographs with something before the face, with and without segmentation. */
async function measureOccluded(
  context: ExperimentContext<Config>,
  cell: Cell,
  { heldOut, occluded, train, faces }: PairPhotos,
  to: Side,
  convert: Convert,
  clean: ReadonlyMap<string, readonly Swap[]>,
): Promise<OcclusionRow[]> {
  const arm = armOf(cell.arm);
  const from = otherSide(to);
  const person = (side: Side) => faces.train[side][0]!.person;
  const base = { arm: cell.arm, seed: cell.seed, pair: cell.pair! };
  const pictures = (swaps: readonly Swap[]) => swaps.map(({ picture }) => picture);
  const rows: OcclusionRow[] = [];
  if (arm.size !== "main" || heldOut[from].length === 0) return rows;
  for (const variant of [overlay, xseg]) {
    const without = clean.get(variant.name);
    if (!without) continue;
    const swaps = await convert(occluded[from], to, variant);
    const at = { ...base, mask: variant.name };
    rows.push(...measureOcclusion({ ...at, person: person(to) }, occluded[from], pictures(swaps), pictures(without)));
    await keepPictures(context, cell, { ...variant, name: `occluded ${variant.name}` }, {
      ...{ person: person(to), targets: occluded[from], swaps, source: train[to] },
    });
    if (arm.model !== "df" && arm.model !== "liae") continue;
    const same = await convert(occluded[from], from, variant);
    rows.push(...measureOcclusion({ ...at, person: person(from) }, occluded[from], pictures(same)));
  }
  return rows;
}

/** Saves the swaps of an arm's first variant at full size, and of every variant a grid. */
async function keepPictures(
  { run }: ExperimentContext<Config>,
  cell: Cell,
  { name }: Variant,
  { person, targets, swaps, source }: {
    readonly person: string;
    readonly targets: readonly FacePhoto[];
    readonly swaps: readonly Swap[];
    readonly source: readonly FacePhoto[];
  },
): Promise<void> {
  const arm = armOf(cell.arm);
  if (name === arm.variants[0]!.name) await saveSwaps(join(run.samples, cellKey(cell)), run, arm.title, person, swaps);
  const file = `${cellKey(cell)}_${name.replaceAll(" ", "-")}_to_${person}.png`;
  await writeGrid(join(run.samples, file), gridOf(person, targets, swaps, source), arm.title);
}
