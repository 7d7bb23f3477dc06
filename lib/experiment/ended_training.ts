/**
 * What a finished training leaves beside its checkpoint, so that a cell that is measured again need not train again, and a
 * later run can take over what was made with the same settings.
 *
 * @module
 */

import { basename, join } from "node:path";
import { checkpointName, type Trained } from "doppel/training/mod.ts";
import type { ExperimentContext } from "./experiment.ts";
import { type MetricsLog, openMetricsLog } from "./metrics_log.ts";
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
 * Looks for a finished training, in this run and then in the earlier one that may be reused: there, it is taken over where it
 * was made with the same settings.
 *
 * @param context The experiment's.
 * @param name Name of its folder among the run's checkpoints.
 * @param settings What would make it.
 * @param title What it is called where it is told that it was taken over. Default its name.
 * @returns How it ended, with the name of the run that made it if that was another; nothing where it has to be made.
 * @throws {Problem} When a file about it is damaged.
 */
export async function findEnded(
  { run, reuse, say }: Pick<ExperimentContext<unknown>, "run" | "reuse" | "say">,
  name: string,
  settings: EndedTraining["settings"],
  title = name,
): Promise<EndedTraining | undefined> {
  const own = await readEnd(join(run.checkpoints, name));
  if (own || !reuse) return own;
  const taken = await takeOver(name, reuse, { checkpoints: run.checkpoints, settings });
  if (taken) say(`Took over ${title} from ${basename(reuse)}`);
  return taken;
}

/**
 * Trains what {@linkcode findEnded} did not find, and notes how it ended.
 *
 * @param context The experiment's.
 * @param name Name of its folder among the run's checkpoints, where its last checkpoint is by then.
 * @param settings What makes it.
 * @param train Trains; `append` adds to the run's metrics.
 * @returns How it ended.
 * @throws The signal's reason when it was stopped.
 */
export async function trainToEnd(
  { run, signal }: Pick<ExperimentContext<unknown>, "run" | "signal">,
  name: string,
  settings: EndedTraining["settings"],
  train: (append: MetricsLog["append"]) => Promise<Pick<Trained, "steps" | "complete">>,
): Promise<EndedTraining> {
  const log = await openMetricsLog(run.metrics);
  const began = performance.now();
  try {
    const { steps, complete } = await train(log.append);
    if (!complete) throw signal?.reason;
    const end = { steps, seconds: (performance.now() - began) / 1000, ...(settings && { settings }) };
    await writeEnd(join(run.checkpoints, name), end);
    return end;
  } finally {
    log.close();
  }
}

/** Copies a finished training out of an earlier run, where it was made with the same settings. */
async function takeOver(
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
