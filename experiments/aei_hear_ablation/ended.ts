/**
 * What a finished training leaves behind, so that a cell that is measured again need not train again, and a later run can take
 * over what was made with the same settings.
 *
 * @module
 */

import { basename, join } from "node:path";
import { type Cell, cellKey, type ExperimentContext, readJson, writeJson } from "doppel/experiment/mod.ts";
import { checkpointName } from "doppel/training/mod.ts";
import type { Config } from "./presets.ts";

/** How a training ended. */
export type End = {
  readonly steps: number;
  readonly seconds: number;
  /** What made it: another run takes it over only where all of this is the same. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Name of the run that it was taken over from. */
  readonly run?: string;
};

const endFile = "end.json";

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
  settings: End["settings"],
): Promise<End | undefined> {
  const to = checkpointFolder(context, cell);
  const own = await readEnd(to);
  if (own || !context.reuse) return own;
  const from = join(context.reuse, "checkpoints", cellKey(cell));
  const end = await readEnd(from);
  if (!end || JSON.stringify(end.settings) !== JSON.stringify(settings)) return undefined;
  await Deno.mkdir(to, { recursive: true });
  await Deno.copyFile(join(from, checkpointName), join(to, checkpointName));
  const taken: End = { ...end, run: end.run ?? basename(context.reuse) };
  await writeEnd(to, taken);
  context.say(`Took over ${cell.arm}, seed ${cell.seed}, from ${basename(context.reuse)}`);
  return taken;
}

/** Notes that a training has ended; its last checkpoint is there by then. */
export async function writeEnd(folder: string, end: End): Promise<void> {
  await writeJson(join(folder, endFile), end);
}

async function readEnd(folder: string): Promise<End | undefined> {
  const path = join(folder, endFile);
  if (!await Deno.stat(path).then(() => true, () => false)) return undefined;
  return await readJson(path, "the end of a training") as End;
}
