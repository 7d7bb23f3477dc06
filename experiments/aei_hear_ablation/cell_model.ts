/**
 * The model of a cell: trained, trained on top of another cell's, or another cell's with its sources extrapolated.
 *
 * @module
 */

import { join } from "node:path";
import type { AttributeEntry } from "doppel/evaluation/mod.ts";
import { type Cell, cellKey, type ExperimentContext } from "doppel/experiment/mod.ts";
import { type AeiModel, type FacePhoto, swapPhotos, withExtrapolation, withHear } from "doppel/generators/mod.ts";
import { checkpointName, loadAei, loadHear } from "doppel/training/mod.ts";
import type { Judge } from "../df_vs_liae/judge.ts";
import type { Swap } from "../df_vs_liae/measure.ts";
import { saveSwaps } from "../df_vs_liae/samples.ts";
import { armOf } from "./arms.ts";
import type { Config } from "./presets.ts";
import type { SwapTask } from "./swaps.ts";
import { checkpointFolder, type Materials, trainFirstStage, trainSecondStage } from "./train.ts";

/** What an arm cost. */
export type CostRow = {
  readonly kind: "cost";
  readonly arm: string;
  readonly seed: number;
  readonly parameters: number;
  readonly steps: number;
  readonly seconds: number;
  /** The earlier run that the network was taken over from, or none. */
  readonly run: string | null;
};

/** What all cells share. */
export interface Shared extends Materials {
  readonly judge: Judge;
  readonly tasks: readonly SwapTask[];
  /** Attributes of all target photographs. */
  readonly gallery: readonly AttributeEntry[];
}

/** A cell's model. */
export interface CellModel {
  readonly model: AeiModel;
  /** The same without its second stage; nothing where it has none. */
  readonly before?: AeiModel;
  /** What its training cost; nothing where nothing was trained. */
  readonly cost?: CostRow;
}

type Context = ExperimentContext<Config>;
type Trained = Pick<AeiModel, "weights">;
type Opened = Trained[];

/**
 * Trains or opens the model of a cell.
 *
 * @param context The experiment's.
 * @param shared Persons, encoder, swaps.
 * @param cell Which arm and seed; what it works on is there.
 * @param opened Where the networks are put whose weights are the caller's to dispose of.
 * @returns The model.
 */
export async function modelOf(context: Context, shared: Shared, cell: Cell, opened: Opened): Promise<CellModel> {
  const arm = armOf(cell.arm);
  if (arm.kind === "aei") return await firstStage(context, shared, cell, opened);
  // What the arm works on, which earlier cells trained.
  const before = await openStage(context, { ...cell, arm: "aei" }, loadAei, opened);
  if (arm.kind === "hear") {
    const { model: second, ...cost } = await trainSecondStage(context, cell, shared, before);
    opened.push(second);
    return { model: withHear(before, second, shared.encoder), before, cost: costOf(cell, second, cost) };
  }
  const extrapolated = (model: AeiModel) => withExtrapolation(model, shared.encoder, context.config.extrapolation);
  if (arm.on === "aei") return { model: extrapolated(before) };
  const second = await openStage(context, { ...cell, arm: arm.on }, loadHear, opened);
  return { model: extrapolated(withHear(before, second, shared.encoder)), before: extrapolated(before) };
}

async function firstStage(context: Context, shared: Shared, cell: Cell, opened: Opened): Promise<CellModel> {
  const { run } = context;
  const [preview] = shared.tasks;
  const { model, ...cost } = await trainFirstStage(context, cell, shared, async (watched, step) => {
    if (!preview) return;
    const swaps = await swap(watched, preview.photos.slice(0, 1), shared, preview.person);
    const name = `${cellKey(cell)}_step${step}`;
    await saveSwaps(join(run.samples, "while_training"), run, armOf(cell.arm).title, name, swaps);
  });
  opened.push(model);
  return { model, cost: costOf(cell, model, cost) };
}

async function openStage<Model extends Trained>(
  context: Context,
  cell: Cell,
  load: (path: string) => Promise<{ readonly model: Model }>,
  opened: Opened,
): Promise<Model> {
  const { model } = await load(join(checkpointFolder(context, cell), checkpointName));
  opened.push(model);
  return model;
}

function costOf(
  { arm, seed }: Cell,
  { weights: { parameters } }: Trained,
  cost: Pick<CostRow, "steps" | "seconds" | "run">,
): CostRow {
  return { kind: "cost", arm, seed, parameters, ...cost };
}

/**
 * Swaps whole photographs, without label.
 *
 * @param model The model.
 * @param photos The photographs.
 * @param shared The persons.
 * @param person Whose face they get.
 * @returns The swaps, in the same order.
 */
export async function swap(
  model: AeiModel,
  photos: readonly FacePhoto[],
  { persons }: Pick<Shared, "persons">,
  person: string,
): Promise<readonly Swap[]> {
  return await swapPhotos(model, photos, persons.identities.get(person)!, { label: false });
}
