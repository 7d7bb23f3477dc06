/**
 * The training loop: the next batch is made while the step before it runs, and losses are read without waiting.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import { TensorFlowError, tf } from "../runtime/mod.ts";

/** What one step came to. */
export interface StepLog {
  /** Steps done, this one included. */
  readonly step: number;
  /** Steps to do in all. */
  readonly steps: number;
  /** Each loss by its name. */
  readonly losses: Readonly<Record<string, number>>;
  /** Seconds since the loop began. */
  readonly seconds: number;
  /** Steps a second since the loop began. */
  readonly rate: number;
}

/** Something that happens along the way. It is awaited, so a slow one slows training. */
export type Callback = (log: StepLog) => void | Promise<void>;

/** What to train. */
export interface TrainingTask<Batch> {
  /** Steps to do in all. */
  readonly steps: number;
  /** Steps done before, by an earlier part of the same run. Default 0. */
  readonly done?: number;
  /**
   * Makes the batch of a step (counted from 0), of that number alone: resumed training sees the same batches. It may promise
   * it: files are then read and compressed beside the step before.
   */
  readonly batch: (step: number) => Batch | Promise<Batch>;
  /** Makes a step and gives its losses as scalars; batch and losses are disposed of by the loop. */
  readonly step: (batch: Batch, step: number) => Promise<Readonly<Record<string, tf.Scalar>>>;
  /** Called after every step, in order. */
  readonly callbacks?: readonly Callback[];
  /** Stops the loop after the step at hand. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Trains.
 *
 * @param task What to train.
 * @returns Steps done in all, fewer than asked for when the signal stopped it.
 * @throws Problem when a loss or gradient is no longer a finite number. The weights are those before that step.
 */
export async function train<Batch extends object>(
  { steps, done = 0, batch, step, callbacks = [], signal }: TrainingTask<Batch>,
): Promise<number> {
  const start = performance.now();
  let at = done;
  const make = (number: number) => {
    const made = number < steps ? batch(number) : undefined;
    // A promise that fails is thrown where it is awaited, or not at all when the step before it fails first.
    if (made instanceof Promise) made.catch(() => {});
    return made;
  };
  let next = make(at);
  while (at < steps && !signal?.aborted) {
    const current = (await next)!;
    const running = step(current, at);
    // Made while TensorFlow computes on other threads.
    next = make(at + 1);
    const losses = await running.catch((error: unknown) => {
      throw worded(error, at + 1);
    });
    tf.dispose(current as tf.TensorContainer);
    at++;
    const read: Record<string, number> = {};
    for (const [name, loss] of Object.entries(losses)) {
      [read[name] = NaN] = await loss.data();
      loss.dispose();
    }
    const seconds = (performance.now() - start) / 1000;
    for (const callback of callbacks) {
      await callback({ step: at, steps, losses: read, seconds, rate: (at - done) / seconds });
    }
  }
  if (next !== undefined) tf.dispose(await next as tf.TensorContainer);
  return at;
}

function worded(error: unknown, step: number): unknown {
  const found = error instanceof TensorFlowError &&
    /expected finite numbers in (.+?) : Tensor had (.+?) values/.exec(error.message);
  if (!found) return error;
  return cannot("train on", `finite numbers in ${found[1]}`, found[2]!, `step ${step}; lower the learning rate`);
}

/**
 * Calls back every so many steps and after the last one.
 *
 * @param interval How many steps lie between.
 * @param callback What to call.
 * @returns The callback for the loop.
 */
export function every(interval: number, callback: Callback): Callback {
  return (log) => log.step % interval === 0 || log.step === log.steps ? callback(log) : undefined;
}
