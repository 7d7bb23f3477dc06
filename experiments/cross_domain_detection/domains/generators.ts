/**
 * Training of the generators that forge: once a run, gone on with where it was stopped, taken over from an earlier run
 * where the settings are the same.
 *
 * @module
 */

import { basename, join } from "node:path";
import { type ExperimentContext, findEnded, trainToEnd } from "doppel/experiment/mod.ts";
import { checkpointName, every, type Trained, type TrainingOptions } from "doppel/training/mod.ts";
import type { Config } from "../presets.ts";

/** What every training of a generator is told. */
export type GeneratorTraining = Required<Pick<TrainingOptions, "seed" | "checkpoints" | "callbacks">> & {
  readonly signal: AbortSignal | undefined;
};

/**
 * The checkpoint of a trained generator; it is trained when it is first asked for.
 *
 * @param context The experiment's.
 * @param name What it is called, and its folder.
 * @param settings Everything that makes it, beside seed and photographs.
 * @param train Trains it, with checkpoints in the folder that it is given.
 * @returns Path of the checkpoint.
 * @throws The signal's reason when it was asked to stop.
 */
export async function trainedGenerator(
  context: ExperimentContext<Config>,
  name: string,
  settings: Readonly<Record<string, unknown>>,
  train: (how: GeneratorTraining) => Promise<Pick<Trained, "steps" | "complete">>,
): Promise<string> {
  const { run, config, data, signal, progress } = context;
  const { generator_seed: seed, photographs } = config;
  const place = `generators/${name}`;
  const folder = join(run.checkpoints, place);
  const path = join(folder, checkpointName);
  const all = {
    ...settings,
    ...{ seed, photographs, data: basename(data) },
  };
  if (await findEnded(context, place, all, name)) return path;
  await trainToEnd(context, place, all, (append) =>
    train({
      seed,
      checkpoints: folder,
      signal,
      callbacks: [
        every(20, ({ step, losses, rate }) => append({ arm: name, seed, step, ...losses, rate })),
        ({ step, steps, losses }) => {
          const [[loss, value] = ["loss", 0]] = Object.entries(losses);
          progress(`training ${name}`, step, steps, `${loss} ${value.toFixed(3)}`);
        },
      ],
    }));
  return path;
}
