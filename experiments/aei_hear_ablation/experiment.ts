/**
 * What the parts of FaceShifter contribute (Li et al., arXiv 1912.13457): the fusion of identity and attributes, the weights
 * of the losses, the share of same pairs, and the second stage. Claims 8 to 13.
 *
 * @module
 */

import { type Cell, type Experiment, type ExperimentContext, runArms } from "doppel/experiment/mod.ts";
import type { Row } from "doppel/evaluation/mod.ts";
import { identityEncoder } from "doppel/faces/mod.ts";
import { cannot } from "doppel/problem.ts";
import { openJudge } from "../df_vs_liae/judge.ts";
import { type ArmName, armOf, neededBy } from "./arms.ts";
import { performCell, type ResultRow } from "./cell.ts";
import type { Shared } from "./cell_model.ts";
import { joinField } from "./field.ts";
import { attributeGallery } from "./measure.ts";
import { readPersons } from "./persons.ts";
import { type Config, presets, schema } from "./presets.ts";
import { present, question } from "./report.ts";
import { sampleName } from "./samples.ts";
import { readSwaps } from "./swaps.ts";

/** The experiment, as the commands know it. */
export const experiment: Experiment<Config> = {
  name: "aei_hear_ablation",
  title: "AEI-Net and HEAR-Net, part by part",
  question,
  schema,
  presets,
  main: { chart: "groups", table: "arms" },
  perform,
  sampleName,
  present,
};

/** Trains every cell (arm, seed) and measures its swaps; then what df_vs_liae measured on the same photographs is joined. */
async function perform(context: ExperimentContext<Config>): Promise<{ rows: Row[]; complete: boolean }> {
  const { run, config, signal, say } = context;
  requireNeeded(config.arms);
  let shared: Shared | undefined;
  const work = async (cell: Cell) => {
    // Made when the first cell asks for it: a run that only gathers finished cells needs none of it.
    shared ??= await openShared(context);
    return await performCell(context, shared, cell);
  };
  try {
    const { cells, complete } = await runArms<ResultRow[]>({
      run,
      arms: config.arms,
      seeds: config.seeds,
      needs: (cell) => {
        const needed = neededBy(cell.arm as ArmName);
        return needed ? [{ ...cell, arm: needed }] : [];
      },
      ...(signal ? { signal } : {}),
      onCell: ({ cell, done, total }) =>
        say(`Cell ${done + 1} of ${total}: ${armOf(cell.arm).title}, seed ${cell.seed}`),
    }, work);
    const rows: Row[] = cells.flatMap(({ value }) => value);
    if (!complete) return { rows, complete };
    return { rows: [...rows, ...await joinField(rows)], complete };
  } finally {
    shared?.encoder.dispose();
  }
}

async function openShared(context: ExperimentContext<Config>): Promise<Shared> {
  const { data, config, progress } = context;
  const persons = await readPersons(context);
  const judge = await openJudge(data, config.gallery, progress);
  const tasks = await readSwaps(context, persons);
  const encoder = await identityEncoder({ centre: persons.embedded.centre });
  return { persons, encoder, judge, tasks, gallery: await attributeGallery(tasks) };
}

/** A second stage without its first would stop the run only after everything before it. */
function requireNeeded(arms: readonly ArmName[]): void {
  arms.forEach((name, i) => {
    const needed = neededBy(name);
    if (needed && !arms.slice(0, i).includes(needed)) {
      throw cannot("run aei_hear_ablation", `the arm ${needed} before ${name}`, arms.join(", "), "arms");
    }
  });
}
