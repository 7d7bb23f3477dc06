/**
 * The experiments that the commands know. A new one is a folder under `experiments/` and a line here.
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { closest, type Experiment } from "../../experiment/mod.ts";

const experiments: Readonly<Record<string, () => Promise<{ experiment: Experiment }>>> = {
  df_vs_liae: () => import("../../../experiments/df_vs_liae/experiment.ts"),
  aei_hear_ablation: () => import("../../../experiments/aei_hear_ablation/experiment.ts"),
  cross_domain_detection: () => import("../../../experiments/cross_domain_detection/experiment.ts"),
};

/** The names of all experiments. */
export const experimentNames: readonly string[] = Object.keys(experiments);

/**
 * Finds an experiment.
 *
 * @param name Its folder's name.
 * @returns The experiment.
 * @throws Problem when there is none of that name.
 */
export async function findExperiment(name: string): Promise<Experiment> {
  const load = experiments[name];
  if (!load) {
    const near = closest(name, experimentNames);
    throw cannot("find experiment", near ? `a known name, perhaps ${near}` : experimentNames.join(", "), `"${name}"`);
  }
  return (await load()).experiment;
}
