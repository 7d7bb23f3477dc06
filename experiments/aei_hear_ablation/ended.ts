/**
 * Trainings that have ended: where they are, and how they are found again in this run or an earlier one.
 *
 * @module
 */

import { basename, join } from "node:path";
import {
  type Cell,
  cellKey,
  type EndedTraining,
  type ExperimentContext,
  readEnd,
  takeOverTraining,
} from "doppel/experiment/mod.ts";
import type { Config } from "./presets.ts";

/** Where a cell's checkpoints are. */
export function checkpointFolder({ run }: Pick<ExperimentContext<Config>, "run">, cell: Cell): string {
  return join(run.checkpoints, cellKey(cell));
}

/**
 * Looks for a finished training of a cell, in this run and then in the one that may be reused.
 *
 * @param context The experiment's.
 * @param cell Which.
 * @param settings What would make it.
 * @returns How it ended; nothing where it has not.
 */
export async function findEnd(
  context: ExperimentContext<Config>,
  cell: Cell,
  settings: EndedTraining["settings"],
): Promise<EndedTraining | undefined> {
  const { run, reuse, say } = context;
  const own = await readEnd(checkpointFolder(context, cell));
  if (own || !reuse) return own;
  const taken = await takeOverTraining(cellKey(cell), reuse, { checkpoints: run.checkpoints, settings });
  if (taken) say(`Took over ${cell.arm}, seed ${cell.seed}, from ${basename(reuse)}`);
  return taken;
}
