/**
 * The work of an experiment in this process, told on this process's terminal.
 *
 * @module
 */

import type { Experiment, ExperimentContext, Findings } from "../../experiment/mod.ts";
import { progress, type ProgressLine, say } from "../_terminal.ts";

/**
 * Does an experiment's work, with a progress line for each piece of it.
 *
 * @param experiment The experiment.
 * @param context Run, settings, data, and the signal that asks it to stop.
 * @returns Its rows, and whether all cells are finished.
 */
export async function performHere(
  experiment: Experiment,
  context: Omit<ExperimentContext<unknown>, "say" | "progress">,
): Promise<Findings<Record<string, unknown>>> {
  let line: { title: string; bar: ProgressLine } | undefined;
  const endLine = () => {
    line?.bar.finish();
    line = undefined;
  };
  return await experiment.perform({
    ...context,
    say: (text) => {
      endLine();
      say(text);
    },
    progress: (title, done, total, detail) => {
      if (line?.title !== title) {
        endLine();
        line = { title, bar: progress(title, { total }) };
      }
      line.bar.update(done, detail ? { detail } : {});
    },
  }).finally(() => line?.bar.clear());
}
