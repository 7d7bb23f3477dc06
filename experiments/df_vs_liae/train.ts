/**
 * Training of the experiment's models: pretraining once for each model and seed, then the arms on their pairs.
 *
 * @module
 */

import { join } from "node:path";
import {
  type Cell,
  cellKey,
  type EndedTraining,
  type ExperimentContext,
  openMetricsLog,
  readEnd,
  writeEnd,
} from "doppel/experiment/mod.ts";
import { readFaceSet, type SetFace } from "doppel/data/mod.ts";
import { type FacePairModel, predictFaces, type Side } from "doppel/generators/mod.ts";
import { checkpointName, every, loadCheckpoint, prefixed, trainPair } from "doppel/training/mod.ts";
import { armOf } from "./arms.ts";
import { buildModel, pretrained } from "./pretraining.ts";
import type { Config } from "./presets.ts";
import { faceError } from "./reconstruct.ts";

type Context = ExperimentContext<Config>;

/** Faces of a pair at one size, by side and split. */
export interface PairData {
  readonly train: Readonly<Record<Side, readonly SetFace[]>>;
  readonly heldOut: Readonly<Record<Side, readonly SetFace[]>>;
}

/** How the training of a pair ended. */
interface PairEnd extends EndedTraining {
  /** Squared error on the training faces, which another arm may be trained until. */
  readonly error: number;
}

/** A trained model and what its training came to. */
export interface TrainedArm {
  readonly model: FacePairModel;
  /** Steps on the pair. */
  readonly steps: number;
  /** Seconds of training on the pair, without pretraining. */
  readonly seconds: number;
}

/** The faces of a pair as an arm needs them. */
export async function pairData({ config, data }: Context, pair: string, size: number): Promise<PairData> {
  const [source, destination] = pair.split("+") as [string, string];
  const { faces } = await readFaceSet(data, { size, faceType: config.face_type, persons: [source, destination] });
  const of = (split: "train" | "held_out", most = Infinity) => {
    const person = (name: string) =>
      faces.filter((face) => face.person === name && face.photoSplit === split).slice(0, most);
    return { source: person(source), destination: person(destination) };
  };
  return { train: of("train"), heldOut: of("held_out", config.photographs || Infinity) };
}

/** Where an arm's checkpoints are. */
export function checkpointFolder({ run }: Pick<Context, "run">, cell: Cell): string {
  return join(run.checkpoints, cellKey(cell));
}

/** Loads the model that an arm ended with, as an earlier cell left it. */
export async function loadTrained(context: Context, cell: Cell): Promise<FacePairModel> {
  const model = buildModel(armOf(cell.arm), context.config, cell.seed);
  await loadCheckpoint(join(checkpointFolder(context, cell), checkpointName), prefixed("model", model.weights.named()));
  return model;
}

/**
 * Trains an arm on a pair.
 *
 * @param context The experiment's.
 * @param cell Which arm, seed and pair.
 * @param faces Faces of the pair at the arm's size.
 * @param onQuarter Told when a quarter of the steps are done.
 * @param onSample Called every so many steps, for sample grids.
 * @returns The model; its weights are the caller's to dispose of.
 */
export async function trainArm(
  context: Context,
  cell: Cell,
  faces: PairData,
  onQuarter: (model: FacePairModel) => Promise<void>,
  onSample: (model: FacePairModel, step: number) => Promise<void>,
): Promise<TrainedArm> {
  const { run, config, signal, progress } = context;
  const arm = armOf(cell.arm);
  const folder = checkpointFolder(context, cell);
  const ended = await readEnd(folder);
  if (ended) return { model: await loadTrained(context, cell), steps: ended.steps, seconds: ended.seconds };
  const model = buildModel(arm, config, cell.seed);
  const key = cellKey(cell);
  const steps = arm.size === "ablation" ? config.ablation_steps : config.steps;
  const start = arm.from
    ? { checkpoint: fileAt(context, { ...cell, arm: arm.from }, threeQuarters(steps)), as: "continued" as const }
    : arm.pretrained
    ? { checkpoint: await pretrained(context, arm, cell.seed), as: "pretrained" as const }
    : undefined;
  const goal = arm.until
    ? (await readEnd<PairEnd>(checkpointFolder(context, { ...cell, arm: arm.until })))!.error
    : undefined;
  const enough = new AbortController();
  const log = await openMetricsLog(run.metrics);
  const began = performance.now();
  try {
    const { warp = config.warp } = arm.training?.augmentation ?? {};
    const { complete, steps: reached } = await trainPair(model, faces.train, {
      ...arm.training,
      steps,
      batch: config.batch,
      rate: arm.pretrained ? config.rate : config.scratch_rate,
      decay: config.decay,
      seed: cell.seed,
      discriminatorSeed: cell.seed,
      augmentation: { warp },
      ...(arm.pretrained && { unwarped: config.unwarped }),
      mixedPrecision: config.mixed_precision,
      checkpoints: folder,
      keepAt: [threeQuarters(steps)],
      ...(start && { start }),
      signal: AbortSignal.any([enough.signal, ...(signal ? [signal] : [])]),
      callbacks: [
        every(20, ({ step, losses, rate }) => log.append({ ...cell, step, ...losses, rate })),
        ({ step, losses }) => {
          const loss = (losses["source"] ?? 0) + (losses["destination"] ?? 0);
          progress(`training ${key}`, step, steps, `loss ${loss.toFixed(3)}`);
        },
        ({ step }) => step === Math.ceil(steps / 4) ? onQuarter(model) : undefined,
        every(config.sample_every, ({ step }) => onSample(model, step)),
        ...(goal === undefined ? [] : [every(50, async () => {
          if (await trainingError(model, faces) <= goal) enough.abort();
        })]),
      ],
    });
    if (!complete && signal?.aborted) throw signal.reason;
    const seconds = (performance.now() - began) / 1000;
    const end: PairEnd = { steps: reached, seconds, error: await trainingError(model, faces) };
    await writeEnd(folder, end);
    return { model, steps: reached, seconds };
  } catch (error) {
    model.weights.dispose();
    throw error;
  } finally {
    log.close();
  }
}

const threeQuarters = (steps: number) => Math.ceil(steps * 3 / 4);
const fileAt = (context: Context, cell: Cell, step: number) =>
  join(checkpointFolder(context, cell), `step_${step}.safetensors`);

/** Squared error inside the mask over the training faces of both sides, without warp. */
async function trainingError(model: FacePairModel, { train }: PairData): Promise<number> {
  let sum = 0;
  for (const side of ["source", "destination"] as const) {
    const predicted = await predictFaces(model, train[side].map(({ picture }) => picture), { to: side });
    sum += predicted.reduce((total, { face }, i) => total + faceError(face, train[side][i]!), 0) / predicted.length / 2;
  }
  return sum;
}
