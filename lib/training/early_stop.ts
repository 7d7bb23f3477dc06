/**
 * Early stop: a model is measured on pictures that it does not learn from, the best weights are kept, and training ends when
 * they have been the best for long enough.
 *
 * @module
 */

import { copyValues, copyVariable, type NamedVariables } from "../nn/mod.ts";
import { cannot } from "../problem.ts";
import { tf } from "../runtime/mod.ts";
import type { Callback } from "./loop.ts";

/** When a model is measured, and when training ends. */
export interface EarlyStopOptions {
  /**
   * Measures the model as it is.
   *
   * @returns A figure of which more is better, such as the AUC on validation pictures.
   */
  measure(): number | Promise<number>;
  /** Steps between measurements; the last step is measured too. */
  readonly every: number;
  /** Measurements without a better one after which training ends. Default: it does not. */
  readonly patience?: number;
  /** Figure with which training ends at once, such as an AUC of 1, which nothing can better. Default: there is none. */
  readonly enough?: number;
  /** Called with each measurement. */
  readonly onMeasured?: (step: number, value: number) => void;
}

/** Watches a training. */
export interface EarlyStop {
  /** State to be saved, by name: the best weights, their figure and step, and for how long nothing was better. */
  readonly state: NamedVariables;
  /** To be called after every step, before a checkpoint is written. */
  readonly callback: Callback;
  /** Aborted when training is to end. */
  readonly signal: AbortSignal;
  /** The best figure so far and its step, or nothing before the first measurement. */
  best(): { readonly step: number; readonly value: number } | undefined;
  /** Looks at the state again, after it has been loaded. */
  resume(): void;
  /** Gives the model the best weights. */
  restore(): void;
  /** Frees the state. */
  dispose(): void;
}

/**
 * Watches a training.
 *
 * @param weights The model's weights, moving averages among them.
 * @param options What is measured, how often, and how long to wait.
 * @returns A callback and a signal for the loop.
 * @throws {Problem} When an interval or the patience is not a positive whole number.
 */
export function earlyStop(
  weights: NamedVariables,
  { measure, every, patience, enough = Infinity, onMeasured }: EarlyStopOptions,
): EarlyStop {
  for (const value of [every, patience ?? 1]) {
    if (!(Number.isInteger(value) && value > 0)) {
      throw cannot("watch training", "a positive whole interval and patience", String(value));
    }
  }
  const controller = new AbortController();
  const names = Object.keys(weights);
  const number = ++watched;
  const best = names.map((name) => copyVariable(weights[name]!, `early_stop${number}/best/${name}`));
  // The figure, its step (0 for none yet), and measurements since without a better one.
  const notes = tf.tidy(() => tf.variable(tf.tensor1d([0, 0, 0]), false, `early_stop${number}/notes`));
  let [value, step, stale] = [0, 0, 0];
  const note = () => tf.tidy(() => notes.assign(tf.tensor1d([value, step, stale])));
  const judge = () => {
    if ((patience !== undefined && stale >= patience) || (step > 0 && value >= enough)) controller.abort();
  };
  const own = names.map((name) => weights[name]!);

  return {
    state: { notes, ...Object.fromEntries(names.map((name, i) => [`best/${name}`, best[i]!])) },
    signal: controller.signal,
    async callback(log) {
      if (log.step % every !== 0 && log.step !== log.steps) return;
      // As a checkpoint holds it: a resumed run must not find other figures better.
      const measured = Math.fround(await measure());
      if (!Number.isFinite(measured)) throw cannot("watch training", "a finite figure", String(measured));
      onMeasured?.(log.step, measured);
      if (step === 0 || measured > value) {
        [value, step, stale] = [measured, log.step, 0];
        copyValues(own, best);
      } else stale++;
      note();
      judge();
    },
    best: () => step === 0 ? undefined : { step, value },
    resume() {
      [value, step, stale] = notes.dataSync() as unknown as [number, number, number];
      judge();
    },
    restore: () => step === 0 ? undefined : copyValues(best, own),
    dispose: () => [notes, ...best].forEach((kept) => kept.dispose()),
  };
}

let watched = 0;
