/**
 * One cell of the experiment: an arm and a seed. Trained, swapped on all photographs, measured.
 *
 * @module
 */

import { join } from "node:path";
import { facePhoto } from "doppel/data/mod.ts";
import { type Cell, cellKey, type ExperimentContext } from "doppel/experiment/mod.ts";
import type { AeiModel, FacePhoto } from "doppel/generators/mod.ts";
import type { Swap } from "../df_vs_liae/measure.ts";
import { measureOcclusion, type OcclusionRow } from "../df_vs_liae/occlusion.ts";
import { saveSwaps } from "../df_vs_liae/samples.ts";
import { type Arm, armOf, isMain } from "./arms.ts";
import { type CostRow, modelOf, type Shared, swap } from "./cell_model.ts";
import type { FieldRow } from "./field.ts";
import { type MaskRow, maskRows, masksOf } from "./masks.ts";
import {
  type GroupedSwapRow,
  measureOccludedTask,
  measureReconstruction,
  measureTask,
  type ReconstructionRow,
  SQUARE,
} from "./measure.ts";
import type { Config } from "./presets.ts";
import { maskGrid, saveGrid, type SwapColumn, swapGrid } from "./samples.ts";
import type { Group, SwapTask } from "./swaps.ts";

/** Any row of the results. */
export type ResultRow = GroupedSwapRow | ReconstructionRow | MaskRow | OcclusionRow | CostRow | FieldRow;

type Context = ExperimentContext<Config>;

/**
 * Trains and measures a cell.
 *
 * @param context The experiment's.
 * @param shared Judge, persons, swaps.
 * @param cell Which arm and seed.
 * @returns Every measurement.
 */
export async function performCell(context: Context, shared: Shared, cell: Cell): Promise<ResultRow[]> {
  const arm = armOf(cell.arm);
  const rows: ResultRow[] = [];
  const opened: Pick<AeiModel, "weights">[] = [];
  try {
    const { model, before, cost } = await modelOf(context, shared, cell, opened);
    if (cost) rows.push(cost);
    rows.push(...await measureGroups(context, shared, cell, model));
    rows.push(
      ...await measureReconstruction(
        model,
        shared.encoder,
        cell,
        shared.persons,
        Math.max(2, context.config.photographs),
      ),
    );
    if (arm.kind === "aei") rows.push(...await measureMasks(context, shared, cell, arm, model));
    if (isMain(arm)) rows.push(...await measureOccluded(context, shared, cell, model, before));
    return rows;
  } finally {
    opened.forEach(({ weights }) => weights.dispose());
  }
}

/** A photograph of a person, to compare with. */
async function sourcePhoto({ data }: Context, { persons }: Shared, person: string): Promise<FacePhoto> {
  const face = persons.heldOut.get(person)?.[0] ?? persons.faces.find((own) => own.person === person)!;
  return await facePhoto(data, face);
}

async function measureGroups(
  context: Context,
  shared: Shared,
  cell: Cell,
  model: AeiModel,
): Promise<GroupedSwapRow[]> {
  const { run, signal, progress } = context;
  const arm = armOf(cell.arm);
  const tasks = shared.tasks.filter(({ group }) => group !== "field" || isMain(arm));
  const rows: GroupedSwapRow[] = [];
  const columns = new Map<Group, SwapColumn[]>();
  for (const [done, task] of tasks.entries()) {
    // What is trained is saved; measuring begins again.
    signal?.throwIfAborted();
    const swaps = await swap(model, task.photos, shared, task.person);
    rows.push(...await measureTask(shared.judge, shared.gallery, cell, task, swaps));
    const own = columns.get(task.group) ?? [];
    if (own.length < 8) {
      const source = await sourcePhoto(context, shared, task.person);
      own.push({ person: task.person, photo: task.photos[0]!, swaps: swaps.slice(0, 1), source });
      columns.set(task.group, own);
      if (isMain(arm)) await saveSwaps(join(run.samples, cellKey(cell)), run, arm.title, nameOf(task), swaps);
    }
    progress(`measuring ${cellKey(cell)}`, done + 1, tasks.length);
  }
  for (const [group, own] of columns) await saveGrid(run, cell, group, swapGrid(own, ["swap"]), arm.title);
  return rows;
}

const nameOf = ({ group, person, target }: SwapTask) => `${group}_${person}_in_${target}`;

/** The masks over the swaps of persons who are trained on. */
async function measureMasks(
  { run }: Context,
  { tasks, persons }: Shared,
  cell: Cell,
  { title }: Arm,
  model: AeiModel,
): Promise<MaskRow[]> {
  if (model.sizes.fusion !== undefined && model.sizes.fusion !== "aad") return [];
  const rows: MaskRow[] = [];
  const [targets, made]: [SwapTask["faces"][number]["picture"][], Awaited<ReturnType<typeof masksOf>>] = [[], []];
  for (const { pair, person, faces } of tasks.filter(({ group }) => group === "seen")) {
    const pictures = faces.map(({ picture }) => picture);
    const found = await masksOf(model, pictures, persons.identities.get(person)!);
    rows.push(...maskRows({ arm: cell.arm, seed: cell.seed, pair, person }, found));
    targets.push(...pictures.slice(0, 1));
    made.push(...found.slice(0, 1));
  }
  if (made.length > 0) await saveGrid(run, cell, "masks", maskGrid(targets, made), title);
  return rows;
}

/** Photographs with something before the face: whose face is seen, and what became of the occluder and of the rest. */
async function measureOccluded(
  context: Context,
  shared: Shared,
  cell: Cell,
  model: AeiModel,
  before: AeiModel | undefined,
): Promise<(OcclusionRow | GroupedSwapRow)[]> {
  const { title } = armOf(cell.arm);
  const rows: (OcclusionRow | GroupedSwapRow)[] = [];
  const columns: SwapColumn[] = [];
  const base = { arm: cell.arm, seed: cell.seed, mask: SQUARE };
  const pictures = (swaps: readonly Swap[]) => swaps.map(({ picture }) => picture);
  for (const task of shared.tasks.filter(({ group }) => group === "field")) {
    const { pair, person, target, photos, occluded } = task;
    const swaps = await swap(model, occluded, shared, person);
    const clean = await swap(model, photos, shared, person);
    const again = await swap(model, occluded, shared, target);
    rows.push(...measureOcclusion({ ...base, pair, person }, occluded, pictures(swaps), pictures(clean)));
    rows.push(...measureOcclusion({ ...base, pair, person: target }, occluded, pictures(again)));
    rows.push(...await measureOccludedTask(shared.judge, cell, task, swaps));
    const first = before ? await swap(before, occluded.slice(0, 1), shared, person) : [];
    const source = await sourcePhoto(context, shared, person);
    columns.push({ person, photo: occluded[0]!, swaps: [...first, swaps[0]!], source });
  }
  const names = before ? ["AEI-Net", "with HEAR-Net"] : ["AEI-Net"];
  if (columns.length > 0) await saveGrid(context.run, cell, "occluded", swapGrid(columns, names), title);
  return rows;
}
