/**
 * What every training leaves in its folder and says on the way: description, metrics, a progress line.
 *
 * @module
 */

import { join } from "node:path";
import {
  checkpointOf,
  describeEnvironment,
  describeModel,
  type Environment,
  type MetricsLog,
  type ModelDescription,
  openMetricsLog,
  type TrainedModelName,
} from "../../experiment/mod.ts";
import { facePackages, type FaceType } from "../../faces/mod.ts";
import { projectRoot } from "../../notebook/mod.ts";
import { bfloat16Features, device } from "../../runtime/mod.ts";
import { type Callback, every, readCheckpointNotes } from "../../training/mod.ts";
import { progress, say } from "../mod.ts";
import type { Resolved } from "./settings.ts";

/** What is trained. */
export interface Training extends Resolved {
  readonly folder: string;
  readonly model: TrainedModelName;
  readonly sizes: ModelDescription["sizes"];
  readonly faceType: FaceType;
  readonly persons?: NonNullable<ModelDescription["persons"]>;
  /** What a HEAR-Net is trained on top of. */
  readonly stage?: NonNullable<ModelDescription["stage"]>;
  /** How many faces of how many persons it learns from, where `persons` does not say it. */
  readonly data?: Readonly<Record<"faces" | "persons", number>>;
  /** Trains, with these callbacks. */
  readonly fit: (callbacks: readonly Callback[]) => Promise<{ readonly steps: number; readonly complete: boolean }>;
  /** Steps between lines of the metrics. Default 20. */
  readonly logEvery?: number;
}

/**
 * Trains with everything that is written and said along the way.
 *
 * @param training What, and how.
 */
export async function trainOnRecord(training: Training): Promise<void> {
  const { folder, model, sizes, faceType, persons, stage, data, settings } = training;
  await describeModel(folder, {
    ...{ model, sizes, face_type: faceType },
    ...(persons && { persons }),
    ...(stage && { stage }),
    ...await begunWith(
      training,
      `${model} --out ${folder}`,
      data ?? { faces: persons ? persons.source.faces + persons.destination.faces : null },
    ),
  });
  await trainAlong({ ...training, title: model, steps: Number(settings["steps"]) });
}

/**
 * What every description of a model ends with: settings, and when and on what it was begun.
 *
 * @param resolved Settings, and what the folder says already.
 * @param words What the command was called with, for those who begin anew.
 * @param data Facts about the data.
 * @returns The end of the description.
 */
export async function begunWith(
  { settings, stored }: Resolved,
  words: string,
  data: Environment["data"],
): Promise<Pick<ModelDescription, "settings" | "created" | "environment">> {
  const used = device();
  const flags = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return {
    settings,
    created: stored?.created ?? new Date().toISOString(),
    environment: stored?.environment ?? await describeEnvironment({
      device: { ...used, bfloat16: bfloat16Features() },
      data,
      versions: { tensorflow: used.tensorflow, tfjs: used.tfjs, ...await facePackages() },
      command: [`deno task train ${words}`, ...flags].join(" "),
      root: projectRoot,
    }),
  };
}

/**
 * Trains with a progress line and metrics, or says that it has been done.
 *
 * @param training Folder, name, steps in all, and what trains, with callbacks and the metrics for what they do not know of.
 * @returns Whether all steps are done.
 */
export async function trainAlong(
  { folder, title, steps, fit, logEvery = 20 }: {
    readonly folder: string;
    readonly title: string;
    readonly steps: number;
    readonly fit: (
      callbacks: readonly Callback[],
      log: MetricsLog,
    ) => Promise<{ readonly steps: number; readonly complete: boolean }>;
    readonly logEvery?: number;
  },
): Promise<boolean> {
  const done = await stepsDone(folder);
  say(`Model folder: ${folder}`);
  if (done >= steps) {
    say(`It has been trained for ${done} steps already; more with --steps.`);
    return true;
  }
  if (done > 0) say(`Going on at step ${done} of ${steps}.`);
  const log = await openMetricsLog(join(folder, "metrics.jsonl"), { keep: ({ step }) => Number(step) <= done });
  const bar = progress(`Training ${title}`, { total: steps, unit: "step" });
  try {
    const { steps: reached, complete } = await fit([
      every(logEvery, ({ step, losses, rate }) => log.append({ step, ...losses, rate })),
      ({ step, losses }) => {
        const sum = losses["total"] ?? Object.values(losses).reduce((total, loss) => total + loss, 0);
        bar.update(step, { detail: `loss ${sum.toFixed(3)}` });
      },
    ], log);
    if (complete) bar.finish(`${reached} steps`);
    else {
      bar.clear();
      say(`Stopped at step ${reached} with all work saved. Go on with the same command.`);
    }
    return complete;
  } finally {
    bar.clear();
    log.close();
  }
}

/** How far a folder's training is. */
async function stepsDone(folder: string): Promise<number> {
  const checkpoint = await checkpointOf(folder).catch(() => undefined);
  return checkpoint ? (await readCheckpointNotes(checkpoint)).step : 0;
}
