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
export async function trainOnRecord(
  { folder, model, sizes, faceType, persons, stage, data, settings, stored, fit, logEvery = 20 }: Training,
): Promise<void> {
  const steps = Number(settings["steps"]);
  const done = await stepsDone(folder);
  const used = device();
  const description: ModelDescription = {
    ...{ model, sizes, face_type: faceType },
    ...(persons && { persons }),
    ...(stage && { stage }),
    settings,
    created: stored?.created ?? new Date().toISOString(),
    environment: stored?.environment ?? await describeEnvironment({
      device: { ...used, bfloat16: bfloat16Features() },
      data: data ?? { faces: persons ? persons.source.faces + persons.destination.faces : null },
      versions: { tensorflow: used.tensorflow, tfjs: used.tfjs, ...await facePackages() },
      command: commandOf(model, folder, settings),
      root: projectRoot,
    }),
  };
  await describeModel(folder, description);
  say(`Model folder: ${folder}`);
  if (done >= steps) {
    say(`It has been trained for ${done} steps already; more with --steps.`);
    return;
  }
  if (done > 0) say(`Going on at step ${done} of ${steps}.`);
  const log = await openMetricsLog(join(folder, "metrics.jsonl"), { keep: ({ step }) => Number(step) <= done });
  const bar = progress(`Training ${model}`, { total: steps, unit: "step" });
  try {
    const { steps: reached, complete } = await fit([
      every(logEvery, ({ step, losses, rate }) => log.append({ step, ...losses, rate })),
      ({ step, losses }) => {
        const sum = Object.values(losses).reduce((total, loss) => total + loss, 0);
        bar.update(step, { detail: `loss ${sum.toFixed(3)}` });
      },
    ]);
    if (complete) bar.finish(`${reached} steps`);
    else {
      bar.clear();
      say(`Stopped at step ${reached} with all work saved. Go on with the same command.`);
    }
  } finally {
    bar.clear();
    log.close();
  }
}

/** The command that a folder was begun with. */
function commandOf(model: string, folder: string, settings: Resolved["settings"]): string {
  const flags = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return [`deno task train ${model} --out ${folder}`, ...flags].join(" ");
}

/** How far a folder's training is. */
async function stepsDone(folder: string): Promise<number> {
  const checkpoint = await checkpointOf(folder).catch(() => undefined);
  return checkpoint ? (await readCheckpointNotes(checkpoint)).step : 0;
}
