/**
 * What a finished training leaves beside its checkpoint, so that a cell that is measured again need not train again, and a
 * later run can take over what was made with the same settings.
 *
 * @module
 */

import { basename, join } from "node:path";
import { checkpointName } from "doppel/training/mod.ts";
import { readJson, writeJson } from "./records.ts";

/** How a training ended. */
export interface EndedTraining {
  readonly steps: number;
  readonly seconds: number;
  /** What made it: another run takes it over only where all of this is the same; without, none does. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Name of the run that it was taken over from. */
  readonly run?: string;
}

const fileOf = (folder: string) => join(folder, "end.json");

/**
 * Reads how a training ended.
 *
 * @param folder Folder of its checkpoints.
 * @returns What {@linkcode writeEnd} left; nothing where the training has not ended.
 * @throws {Problem} When the file is damaged.
 */
export async function readEnd<End extends EndedTraining = EndedTraining>(folder: string): Promise<End | undefined> {
  const path = fileOf(folder);
  if (!await Deno.stat(path).then(() => true, () => false)) return undefined;
  return await readJson(path, "the end of a training") as End;
}

/**
 * Notes that a training has ended; its last checkpoint is there by then.
 *
 * @param folder Folder of its checkpoints.
 * @param end How it ended.
 */
export async function writeEnd(folder: string, end: EndedTraining): Promise<void> {
  await writeJson(fileOf(folder), end);
}

/**
 * Copies a finished training out of an earlier run, where it was made with the same settings.
 *
 * @param name Name of its folder among a run's checkpoints.
 * @param from Folder of the earlier run.
 * @param options `checkpoints`: the folder that the new run's checkpoints are in; `settings`: what would make it.
 * @returns How it ended, with the name of the run that made it; nothing where none fits.
 * @throws {Problem} When the earlier run's file is damaged.
 */
export async function takeOverTraining(
  name: string,
  from: string,
  { checkpoints, settings }: { readonly checkpoints: string; readonly settings: EndedTraining["settings"] },
): Promise<EndedTraining | undefined> {
  const source = join(from, "checkpoints", name);
  const end = await readEnd(source);
  if (!end || JSON.stringify(end.settings) !== JSON.stringify(settings)) return undefined;
  const target = join(checkpoints, name);
  await Deno.mkdir(target, { recursive: true });
  await Deno.copyFile(join(source, checkpointName), join(target, checkpointName));
  const taken = { ...end, run: end.run ?? basename(from) };
  await writeEnd(target, taken);
  return taken;
}
