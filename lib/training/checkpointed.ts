/**
 * What every training has in common: a loop with checkpoints that is gone on with exactly, and a clean stop.
 *
 * @module
 */

import { join } from "node:path";
import type { NamedVariables } from "../nn/mod.ts";
import type { tf } from "../runtime/mod.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { type Callback, every, train } from "./loop.ts";

/** The name of a model's checkpoint in its folder. */
export const checkpointName = "last.safetensors";

/** What every training takes. */
export interface TrainingOptions {
  /** Steps to do in all. */
  readonly steps: number;
  /** Seed of batches and augmentation, from 1 up. The model's first weights have their own. */
  readonly seed: number;
  /** bfloat16 in convolutions: "auto" where the processor has it in hardware. Default "auto". */
  readonly mixedPrecision?: "auto" | "on" | "off";
  /** Folder of checkpoints; without one nothing is saved. A checkpoint found there is gone on from. */
  readonly checkpoints?: string;
  /** Steps between checkpoints. Default 500. */
  readonly saveEvery?: number;
  /** Steps after which a checkpoint is kept as `step_N.safetensors` beside the last one. */
  readonly keepAt?: readonly number[];
  /** Called after every step. */
  readonly callbacks?: readonly Callback[];
  /** Stops training after the step at hand, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
}

/** What a training came to. */
export interface Trained {
  /** Steps done in all. */
  readonly steps: number;
  /** Whether all steps were done. */
  readonly complete: boolean;
  /** Whether mixed precision was used. */
  readonly mixedPrecision: boolean;
}

/** What a checkpoint is of. */
export interface TrainedState {
  /** The model, as the checkpoint's notes name it. */
  readonly model: { readonly name: string; readonly sizes: object };
  /** Weights, optimiser, and whatever else the next step depends on. */
  readonly variables: NamedVariables;
}

/** What one training does in a step. */
export interface CheckpointedTask<Batch> {
  /** Makes the batch of a step (counted from 0), of that number alone. */
  readonly batch: (step: number) => Batch | Promise<Batch>;
  /** Makes a step and gives its losses. */
  readonly step: (batch: Batch, step: number) => Promise<Readonly<Record<string, tf.Scalar>>>;
  /** Looks at a checkpoint before it is gone on from, and refuses one that does not fit. */
  readonly check?: (path: string) => Promise<void>;
  /** Told when a checkpoint was loaded. */
  readonly goOn?: () => void;
  /** Where training begins when there is no checkpoint: gives the steps that are done already. Default 0. */
  readonly begin?: () => Promise<number>;
}

/**
 * Trains with checkpoints: begins, or goes on where the folder's checkpoint ends, saves along the way and at the end or
 * where the signal stops it.
 *
 * @param state Model and variables.
 * @param options Steps, folder, intervals, callbacks, signal.
 * @param task Batches and steps.
 * @returns Steps done in all, and whether those are all steps.
 * @throws Problem when a checkpoint does not fit or a loss is no longer finite.
 */
export async function trainWithCheckpoints<Batch extends object>(
  { model, variables }: TrainedState,
  { steps, checkpoints, saveEvery = 500, keepAt = [], callbacks = [], signal }: TrainingOptions,
  { batch, step, check, goOn, begin }: CheckpointedTask<Batch>,
): Promise<Pick<Trained, "steps" | "complete">> {
  const path = checkpoints && join(checkpoints, checkpointName);
  const save = async (done: number, to = path) => {
    if (to) await saveCheckpoint(to, variables, { step: done, model: model.name, sizes: { ...model.sizes } });
  };
  const keep: Callback = async ({ step: done }) => {
    if (checkpoints && keepAt.includes(done)) await save(done, join(checkpoints, `step_${done}.safetensors`));
  };
  const found = path && await Deno.stat(path).then(() => true, () => false);
  if (found) await check?.(path);
  const done = found ? (await loadCheckpoint(path, variables)).step : await begin?.() ?? 0;
  if (found) goOn?.();
  const reached = await train({
    ...{ steps, done, signal, batch, step },
    callbacks: [...callbacks, every(saveEvery, (log) => save(log.step)), keep],
  });
  if (reached < steps) await save(reached);
  return { steps: reached, complete: reached >= steps };
}
