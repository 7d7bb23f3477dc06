/**
 * Trains HEAR-Net on top of a trained first stage, with batches made ahead, checkpoints, exact resume and a clean stop.
 *
 * @module
 */

import { type HearAugmentation, hearBatch, type HearFace, type HearSource } from "../data/mod.ts";
import {
  type AeiEncoder,
  hear,
  type HearLossWeights,
  type HearModel,
  type HearSizes,
  hearTraining,
  type RandomSoftness,
  requireFit,
  type SwapStage,
} from "../generators/mod.ts";
import { prefixed } from "../nn/mod.ts";
import { cannot } from "../problem.ts";
import { seedTensor, tf, usesMixedPrecision } from "../runtime/mod.ts";
import { loadCheckpoint, readCheckpointNotes } from "./checkpoint.ts";
import { type Trained, type TrainingOptions, trainWithCheckpoints } from "./checkpointed.ts";
import { rateAt } from "./rate_schedule.ts";

/** What HEAR-Net is trained on. */
export interface HearTrainingData {
  /** Aligned faces of the network's resolution. */
  readonly faces: readonly HearFace[];
  /** Identities to be put into them, as the encoder embeds them: of two persons at least. */
  readonly sources: readonly HearSource[];
}

/** How HEAR-Net is trained. */
export interface TrainHearOptions extends TrainingOptions {
  /** Pairs in a batch. Default 8. */
  readonly batch?: number;
  /** Learning rate of Adam. Default 4e-4, as for the first stage. */
  readonly rate?: number;
  /** Share of the steps, at the end, over which the rate falls to 0 along half a cosine. Default 0.5. */
  readonly decay?: number;
  /** How targets are drawn, moved and covered. */
  readonly augmentation?: HearAugmentation;
  /** Weights of the loss. Default `HEAR_WEIGHTS`. */
  readonly weights?: HearLossWeights;
  /** Moves and blurs refined swaps before the identity encoder, so that no pattern pleases it; false for not. Default {}. */
  readonly soften?: RandomSoftness | false;
}

/**
 * Trains HEAR-Net. The first stage and the encoder are not changed, and their weights are not in its checkpoints.
 *
 * @example Train on the faces that the first stage was trained on, the hardest tenth among them
 * ```ts
 * import { type EmbeddedFaces, hearSources, partByError } from "doppel/data/mod.ts";
 * import { type AeiEncoder, hear, hearSizes, heuristicErrors, type SwapStage } from "doppel/generators/mod.ts";
 * import { trainHear } from "doppel/training/mod.ts";
 *
 * export async function fit(aei: SwapStage, encoder: AeiEncoder, embedded: EmbeddedFaces) {
 *   const model = hear(hearSizes.small, 1);
 *   const errors = await heuristicErrors(aei, encoder, embedded.faces.map(({ picture }) => picture));
 *   const { hard, rest: faces } = partByError(embedded.faces, errors);
 *   const options = { steps: 2000, seed: 1, augmentation: { hard }, checkpoints: "runs/hear" };
 *   await trainHear(model, { stage: aei, encoder }, { faces, sources: hearSources(embedded) }, options);
 *   return model;
 * }
 * ```
 *
 * @param model The model; its weights are changed in place.
 * @param frozen The trained first stage, and the encoder that trained it.
 * @param data Faces and source identities.
 * @param options Steps, rate, seed, occluders, loss, checkpoints.
 * @returns Steps done and precision used.
 * @throws {Problem} When faces are missing, faces, stages and embeddings do not fit together, a source of another person
 * is missing, a checkpoint does not fit, or the loss is no longer finite.
 */
export async function trainHear(
  model: HearModel,
  frozen: { readonly stage: SwapStage; readonly encoder: AeiEncoder },
  { faces, sources }: HearTrainingData,
  options: TrainHearOptions,
): Promise<Trained> {
  const { steps, batch: size = 8, rate = 4e-4, decay = 0.5, seed, augmentation = {}, weights, soften = {} } = options;
  const side = model.sizes.resolution;
  const { width } = faces[0]?.picture ?? { width: side };
  if (width !== side) throw cannot("train HEAR-Net", `faces of ${side}x${side} pixels`, `${width}x${width}`);
  requireFit("train HEAR-Net", frozen.stage, model, sources.map(({ embedding }) => embedding));
  const mixedPrecision = usesMixedPrecision(options.mixedPrecision);
  const how = { mixedPrecision, soften, ...(weights && { weights }) };
  const training = hearTraining(model, frozen.stage, frozen.encoder, how);
  const variables = {
    ...prefixed("model", model.weights.named()),
    ...prefixed("optimiser", training.optimiser.state),
  };
  try {
    const trained = await trainWithCheckpoints({ model, variables }, options, {
      check: (path) => requireSizes(path, model),
      batch: (step) => {
        const { target, source, same } = hearBatch(faces, sources, { size, seed, step, ...augmentation });
        return {
          target: tf.tensor4d(target, [size, side, side, 3]),
          source: tf.tensor2d(source, [size, source.length / size]),
          same: tf.tensor1d(same),
          rate: tf.scalar(rateAt({ rate, decay }, step, steps)),
          seed: seedTensor(seed, step),
        };
      },
      step: async ({ rate: now, seed: own, ...pairs }) => ({ ...await training.step(pairs, now, own) }),
    });
    return { ...trained, mixedPrecision };
  } finally {
    training.dispose();
  }
}

/**
 * Opens a trained HEAR-Net.
 *
 * @param path A checkpoint that {@linkcode trainHear} wrote.
 * @returns The model with its weights, and the steps it was trained for. It belongs to the first stage that it was trained
 * on.
 * @throws {Problem} When the file is missing, damaged, or of another model.
 */
export async function loadHear(path: string): Promise<{ model: HearModel; steps: number }> {
  const { model: name, sizes, step } = await readCheckpointNotes(path);
  if (name !== "hear") throw cannot("load HEAR-Net", "a checkpoint of hear", `one of ${name}`, path);
  const model = hear(sizes as unknown as HearSizes, 1);
  try {
    await loadCheckpoint(path, prefixed("model", model.weights.named()));
    return { model, steps: step };
  } catch (error) {
    model.weights.dispose();
    throw error;
  }
}

/** The arm without the heuristic error has weights of the same shapes, which would be taken for its own. */
async function requireSizes(path: string, { name, sizes }: HearModel): Promise<void> {
  const notes = await readCheckpointNotes(path);
  const worded = (model: string, own: object) => `${model} ${JSON.stringify(own)}`;
  const [expected, got] = [worded(name, sizes), worded(notes.model, notes.sizes)];
  if (got !== expected) throw cannot("go on with HEAR-Net", `a checkpoint of ${expected}`, got, path);
}
