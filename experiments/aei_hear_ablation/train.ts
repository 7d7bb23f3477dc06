/**
 * Training of the experiment's networks: AEI-Net with what its arm changes, and HEAR-Net on top of a trained one.
 *
 * @module
 */

import { join } from "node:path";
import { hearSources, occluderTextures, partByError, photosOfEach } from "doppel/data/mod.ts";
import {
  type Cell,
  cellKey,
  type EndedTraining,
  type ExperimentContext,
  findEnded,
  trainToEnd,
} from "doppel/experiment/mod.ts";
import type { DifferentiableEncoder } from "doppel/faces/mod.ts";
import {
  aei,
  type AeiModel,
  type AeiSizes,
  hear,
  type HearModel,
  type HearSizes,
  heuristicErrors,
  multiScaleDiscriminator,
} from "doppel/generators/mod.ts";
import { type Callback, checkpointName, every, loadAei, loadHear, trainAei, trainHear } from "doppel/training/mod.ts";
import { type AeiArm, armOf, type HearArm } from "./arms.ts";
import type { Persons } from "./persons.ts";
import { type Config, sizes } from "./presets.ts";

type Context = ExperimentContext<Config>;

/** A trained network and what its training came to. */
export interface Trained<Model> {
  /** Its weights are the caller's to dispose of. */
  readonly model: Model;
  readonly steps: number;
  readonly seconds: number;
  /** The earlier run that it was taken over from, or none. */
  readonly run: string | null;
}

/** What both trainings work with. */
export interface Materials {
  readonly persons: Persons;
  /** The encoder that trains, centred on the training persons. */
  readonly encoder: DifferentiableEncoder;
}

/** Where a cell's checkpoints are. */
export function checkpointFolder({ run }: Pick<Context, "run">, cell: Cell): string {
  return join(run.checkpoints, cellKey(cell));
}

/** The sizes of an arm's first stage. */
export function aeiSizesOf({ network }: AeiArm, { size }: Pick<Config, "size">): AeiSizes {
  return { ...sizes[size].aei, ...network };
}

/** The sizes of an arm's second stage. */
export function hearSizesOf({ error }: HearArm, { size }: Pick<Config, "size">): HearSizes {
  return { ...sizes[size].hear, error };
}

/**
 * Trains an AEI-Net, goes on with one that was stopped, or opens one that is finished.
 *
 * @param context The experiment's.
 * @param cell Which arm and seed.
 * @param materials Persons and encoder.
 * @param onSample Called every so many steps with the model that predicts.
 * @returns The running average, which is what predicts.
 */
export async function trainFirstStage(
  context: Context,
  cell: Cell,
  { persons, encoder }: Materials,
  onSample: (model: AeiModel, step: number) => Promise<void>,
): Promise<Trained<AeiModel>> {
  const { config, signal } = context;
  const arm = armOf(cell.arm) as AeiArm;
  const folder = checkpointFolder(context, cell);
  const settings = aeiSettings(arm, config);
  const ended = await findEnded(context, cellKey(cell), settings, `${cell.arm}, seed ${cell.seed},`);
  if (ended) return { ...await loadAei(join(folder, checkpointName)), ...costOf(ended) };
  const model = aei(settings.sizes, cell.seed);
  const discriminator = arm.loss?.adversarial === 0
    ? undefined
    : multiScaleDiscriminator(sizes[config.size].discriminator, cell.seed);
  let averaged: AeiModel | undefined;
  try {
    const { steps, batch, rate, decay, ema, sampling, autoencode, loss } = settings;
    const end = await trainToEnd(context, cellKey(cell), settings, async (append) => {
      const trained = await trainAei(model, discriminator, encoder, persons.embedded, {
        ...{ steps, batch, rate, decay, ema, sampling, autoencode, loss, signal },
        seed: cell.seed,
        soften: config.soften ? {} : false,
        mixedPrecision: config.mixed_precision,
        checkpoints: folder,
        callbacks: callbacksOf(context, cell, append, "identity"),
        watch: (watched) => every(config.sample_every, ({ step }) => onSample(watched, step)),
      });
      averaged = trained.averaged;
      return trained;
    });
    return { model: averaged!, ...costOf(end) };
  } catch (error) {
    averaged?.weights.dispose();
    throw error;
  } finally {
    model.weights.dispose();
    discriminator?.weights.dispose();
  }
}

/**
 * Trains a HEAR-Net, goes on with one that was stopped, or opens one that is finished.
 *
 * @param context The experiment's.
 * @param cell Which arm and seed.
 * @param materials Persons and encoder.
 * @param stage The trained first stage.
 * @returns The network.
 */
export async function trainSecondStage(
  context: Context,
  cell: Cell,
  { persons, encoder }: Materials,
  stage: AeiModel,
): Promise<Trained<HearModel>> {
  const { config, signal } = context;
  const arm = armOf(cell.arm) as HearArm;
  const folder = checkpointFolder(context, cell);
  const settings = hearSettings(arm, config);
  const ended = await findEnded(context, cellKey(cell), settings, `${cell.arm}, seed ${cell.seed},`);
  if (ended) return { ...await loadHear(join(folder, checkpointName)), ...costOf(ended) };
  const faces = persons.faces;
  const errors = arm.hard ? await heuristicErrors(stage, encoder, faces.map(({ picture }) => picture)) : [];
  const { hard, rest } = arm.hard ? partByError(faces, errors) : { hard: [], rest: faces };
  const textures = await occluderTextures(photosOfEach(context.data, persons.faces), { seed: 1 });
  const model = hear(settings.sizes, cell.seed);
  try {
    const { steps, batch, rate, decay } = settings;
    const end = await trainToEnd(context, cellKey(cell), settings, (append) =>
      trainHear(
        model,
        { stage, encoder },
        { faces: rest, sources: hearSources(persons.embedded) },
        {
          ...{ steps, batch, rate, decay, signal },
          seed: cell.seed,
          augmentation: { hard, textures },
          soften: config.soften ? {} : false,
          mixedPrecision: config.mixed_precision,
          checkpoints: folder,
          callbacks: callbacksOf(context, cell, append, "reconstruction"),
        },
      ));
    return { model, ...costOf(end) };
  } catch (error) {
    model.weights.dispose();
    throw error;
  }
}

/** Everything that makes a first stage, beside its seed. */
function aeiSettings(arm: AeiArm, config: Config) {
  const { batch, rate, decay, ema, soften, same_pair, mixed, noisy, mixed_precision, unseen, train_photographs } =
    config;
  const { morphs, morphed, autoencode } = config;
  return {
    sizes: aeiSizesOf(arm, config),
    discriminator: sizes[config.size].discriminator,
    steps: arm.length === "long" ? config.steps : config.ablation_steps,
    loss: arm.length === "long" ? { identity: config.identity_weight } : arm.loss ?? {},
    sampling: { same: arm.same ?? 0.2, samePair: same_pair, mixed, noisy, morphed },
    ...{ morphs, autoencode },
    ...{ batch, rate, decay, ema, soften, mixed_precision, unseen, train_photographs },
  };
}

/** Everything that makes a second stage, what made the first one included. */
function hearSettings(arm: HearArm, config: Config) {
  const { batch, hear_rate: rate, decay, hear_steps: steps } = config;
  const first = aeiSettings(armOf(arm.on) as AeiArm, config);
  return { sizes: hearSizesOf(arm, config), hard: arm.hard, steps, batch, rate, decay, first };
}

const costOf = ({ steps, seconds, run }: Omit<EndedTraining, "settings">) => ({ steps, seconds, run: run ?? null });

function callbacksOf(
  { progress }: Context,
  cell: Cell,
  append: (record: Record<string, unknown>) => void,
  shown: string,
): Callback[] {
  return [
    every(20, ({ step, losses, rate }) => append({ ...cell, step, ...losses, rate })),
    ({ step, steps, losses }) =>
      progress(`training ${cellKey(cell)}`, step, steps, `${shown} ${(losses[shown] ?? 0).toFixed(3)}`),
  ];
}
