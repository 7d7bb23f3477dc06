/**
 * Brings a trained detector to a target with a few pictures of it.
 *
 * The persons of `validation` choose the step and the learning rate, by their AUC on the target and on what was known before.
 * They have more pictures than the shots: so have the papers' validation sets, and none of these pictures is trained on, but
 * whoever has five pictures of a forgery has no such choice.
 *
 * @module
 */

import { detectorBatch } from "doppel/data/mod.ts";
import type { Detector } from "doppel/detectors/mod.ts";
import { rocAuc, type Scored } from "doppel/evaluation/mod.ts";
import { copyValues, copyVariable } from "doppel/nn/mod.ts";
import { cannot } from "doppel/problem.ts";
import { index, randomSource } from "doppel/random.ts";
import { usesMixedPrecision } from "doppel/runtime/mod.ts";
import { trainDetector } from "doppel/training/mod.ts";
import { type Adaptation, stepsOf } from "./adaptations.ts";
import type { PictureSet, PictureSets } from "./picture_sets.ts";
import type { Config } from "./presets.ts";
import { recipes, stepsWith } from "./recipes.ts";
import type { DetectionPicture, DomainName } from "./sets.ts";

/** Weights that were reached, and how they do. */
export interface Reached {
  readonly step: number;
  /** Sum of the AUC on all validation sets. */
  readonly value: number;
  /** Scores of each validation set. */
  readonly validation: readonly (readonly Scored[])[];
  /** Scores of each test set. */
  readonly test: readonly (readonly Scored[])[];
}

/** One setting of a method, tried. */
export interface Trial {
  /** The best step by validation; the detector has its weights. */
  readonly best: Reached;
  /** The last step. */
  readonly last: Reached;
  readonly steps: number;
  readonly seconds: number;
}

/** A detector that can be brought to a target again and again, each time from where it stood. */
export interface Adapter {
  /**
   * Adapts from the start.
   *
   * @param pool Target pictures, from {@linkcode targetPool}.
   * @param rate Learning rate.
   * @returns The best and the last weights' scores.
   * @throws The signal's reason when it was stopped.
   */
  adapt(pool: readonly DetectionPicture[], rate: number): Promise<Trial>;
  /** Frees the step and the copies; the detector stays as it is. */
  dispose(): void;
}

/** What an adapter works with. */
export interface AdapterOptions {
  readonly config: Config;
  readonly seed: number;
  /** Sets that choose the step: the target's, and of what was known before. */
  readonly validation: readonly PictureSet[];
  /** Sets that are scored when all is chosen. */
  readonly test: readonly PictureSet[];
  readonly signal?: AbortSignal | undefined;
  /** Told how far a training is. */
  readonly onStep?: (step: number, steps: number, loss: number) => void;
}

/**
 * Draws the pictures of a target that adaptation sees: photographs of its `train` persons, each forged and as it was.
 *
 * @param pictures The target's `train` set.
 * @param shots How many photographs.
 * @param seed The cell's seed; equal seeds draw equal photographs for all methods and variants, and fewer shots a part of those
 * of more.
 * @param domain The target.
 * @returns Real and forged pictures by turns.
 * @throws {Problem} When the target has not so many.
 */
export function targetPool(
  pictures: readonly DetectionPicture[],
  shots: number,
  seed: number,
  domain: DomainName,
): DetectionPicture[] {
  const photos = pictures.length / 2;
  if (shots > photos) {
    throw cannot("adapt detectors", `at least ${shots} photographs to train on`, String(photos), `${domain}, shots`);
  }
  const random = randomSource(seed, "target pictures", domain);
  const order = Array.from({ length: photos }, (_, i) => i);
  for (let i = 0; i < shots; i++) {
    const other = i + index(random, photos - i);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order.slice(0, shots).flatMap((i) => [pictures[2 * i]!, pictures[2 * i + 1]!]);
}

/**
 * Makes a detector ready to be adapted; the step is compiled once for all settings.
 *
 * @param method The method.
 * @param model The detector, as it was trained before.
 * @param sets The picture sets.
 * @param options Settings, seed, sets.
 * @returns The adapter.
 */
export function openAdapter(
  method: Adaptation,
  model: Detector,
  sets: PictureSets,
  { config, seed, validation, test, signal, onStep }: AdapterOptions,
): Adapter {
  const { batch: size, resolution, adapt_steps, validate_every } = config;
  const mixedPrecision = usesMixedPrecision(recipes[method.on].mixedPrecision);
  const training = method.training(model, { mixedPrecision }, stepsWith(method.on, adapt_steps));
  const variables = [...model.weights.variables, ...Object.values(training.state)];
  const number = ++opened;
  const start = variables.map((variable, i) => copyVariable(variable, `adapter${number}/${i}`));
  const score = async (which: readonly PictureSet[]) => {
    const scored: Scored[][] = [];
    for (const set of which) scored.push(await sets.score(model, set));
    return scored;
  };
  return {
    async adapt(pool, rate) {
      const began = performance.now();
      copyValues(start, variables);
      const steps = stepsOf(method, pool.length / 2, config);
      let seen: Scored[][] = [];
      let ofLast: Scored[][] = [];
      const looks: Omit<Reached, "test">[] = [];
      const trained = await trainDetector(
        model,
        (step) => detectorBatch(pool, { size, resolution, seed, step, ...method.augmentation }),
        {
          ...{ steps, rate, seed, signal },
          ...(method.falling ? { decay: 1, drop: { every: Math.ceil(steps * 250 / 300), factor: 0.1 } } : {}),
          // The step is kept for the next setting.
          training: () => ({ ...training, dispose() {} }),
          validation: {
            every: Math.min(validate_every, Math.max(1, Math.round(steps / LOOKS))),
            measure: async () => {
              seen = await score(validation);
              return seen.reduce((sum, own) => sum + rocAuc(own), 0);
            },
            onMeasured: (step, value) => looks.push({ step, value, validation: seen }),
          },
          callbacks: [async ({ step, losses }) => {
            onStep?.(step, steps, losses["total"] ?? 0);
            // The best weights take the last ones' place as soon as training ends.
            if (step === steps) ofLast = await score(test);
          }],
        },
      );
      if (!trained.complete) throw signal?.reason;
      const last = { ...looks.at(-1)!, test: ofLast };
      const chosen = looks.find(({ step }) => step === trained.best!.step)!;
      const best = chosen.step === last.step ? last : { ...chosen, test: await score(test) };
      return { best, last, steps, seconds: (performance.now() - began) / 1000 };
    },
    dispose() {
      training.dispose();
      start.forEach((variable) => variable.dispose());
    },
  };
}

/** Looks at validation pictures in an adaptation. */
const LOOKS = 4;

let opened = 0;
