/**
 * Pretraining on all persons that may be learned from, once for each model and seed, as DeepFaceLab's users do it; an
 * earlier run's is taken over where the settings that made it are the same.
 *
 * @module
 */

import { join } from "node:path";
import {
  alone,
  type EndedTraining,
  type ExperimentContext,
  findEnded,
  readEnd,
  trainToEnd,
} from "doppel/experiment/mod.ts";
import { readFaceSet } from "doppel/data/mod.ts";
import { df, type FacePairModel, liae, type Sizes } from "doppel/generators/mod.ts";
import { checkpointName, every, pretrain } from "doppel/training/mod.ts";
import type { Arm } from "./arms.ts";
import { type Config, sizes } from "./presets.ts";

type Context = ExperimentContext<Config>;

/** A pretraining that the run rests on. */
export type PretrainingRow = {
  readonly kind: "pretraining";
  readonly model: string;
  readonly seed: number;
  readonly steps: number;
  readonly seconds: number;
  /** The earlier run that it was taken over from, or none. */
  readonly run: string | null;
};

/** The sizes of an arm's model. */
export function sizesOf({ model, size }: Pick<Arm, "model" | "size">, config: Config): Sizes {
  return sizes[config.size][size][model === "liae" ? "liae" : "df"];
}

/** Builds an arm's model, with its seed's first weights. */
export function buildModel(arm: Pick<Arm, "model" | "size">, config: Config, seed: number): FacePairModel {
  return (arm.model === "liae" ? liae : df)(sizesOf(arm, config), seed);
}

/**
 * The checkpoint of a model pretrained on all training persons; made when it is first asked for.
 *
 * @param context The experiment's.
 * @param arm Whose model.
 * @param seed Of first weights, batches and augmentation.
 * @returns Path of the checkpoint.
 */
export async function pretrained(context: Context, arm: Arm, seed: number): Promise<string> {
  const name = nameOf(arm, seed);
  const settings = settingsOf(arm, context.config);
  await alone(context.run, name, context.signal, async () => {
    if (!await findEnded(context, name, settings)) await pretrainModel(context, arm, seed, settings);
  });
  return join(context.run.checkpoints, name, checkpointName);
}

/**
 * The pretrainings that a run rests on.
 *
 * @param context The experiment's.
 * @param arms Its arms.
 * @returns One row for each model and seed that is there.
 */
export async function pretrainings({ run, config }: Context, arms: readonly Arm[]): Promise<PretrainingRow[]> {
  const rows = new Map<string, PretrainingRow>();
  for (const arm of arms.filter(({ pretrained }) => pretrained)) {
    for (const seed of config.seeds) {
      const end = await readEnd(join(run.checkpoints, nameOf(arm, seed)));
      if (!end) continue;
      const { steps, seconds, run: from = null } = end;
      rows.set(nameOf(arm, seed), { kind: "pretraining", model: arm.model, seed, steps, seconds, run: from });
    }
  }
  return [...rows.values()];
}

const nameOf = ({ model, size }: Arm, seed: number) => `pretrained_${model}_${size}_seed${seed}`;

function settingsOf(arm: Arm, config: Config): Readonly<Record<string, unknown>> {
  return {
    sizes: sizesOf(arm, config),
    face_type: config.face_type,
    steps: config.pretrain_steps,
    rate: config.scratch_rate,
    batch: config.batch,
    warp: config.warp,
    mixed_precision: config.mixed_precision,
  };
}

async function pretrainModel(
  context: Context,
  arm: Arm,
  seed: number,
  settings: EndedTraining["settings"],
): Promise<void> {
  const { run, config, data, signal, say, progress } = context;
  const name = nameOf(arm, seed);
  const size = sizesOf(arm, config).resolution;
  const { faces } = await readFaceSet(data, { size, faceType: config.face_type, identitySplit: "train" });
  const model = buildModel(arm, config, seed);
  say(`Pretraining ${arm.model.toUpperCase()} on ${new Set(faces.map(({ person }) => person)).size} persons`);
  try {
    await trainToEnd(
      context,
      name,
      settings,
      (append) =>
        pretrain(model, faces.filter(({ photoSplit }) => photoSplit === "train"), {
          steps: config.pretrain_steps,
          batch: config.batch,
          rate: config.scratch_rate,
          decay: 0.2,
          seed,
          // DeepFaceLab pretrains without the warp, for days; with it, a short pretraining learns what is needed next.
          augmentation: { warp: config.warp },
          mixedPrecision: config.mixed_precision,
          checkpoints: join(run.checkpoints, name),
          signal,
          callbacks: [
            every(20, ({ step, losses, rate }) => append({ arm: name, seed, step, ...losses, rate })),
            ({ step, steps, losses }) => progress(name, step, steps, `loss ${(losses["source"] ?? 0).toFixed(3)}`),
          ],
        }),
    );
  } finally {
    model.weights.dispose();
  }
}
