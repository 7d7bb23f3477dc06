/**
 * Trains a super-resolution network on aligned faces, with checkpoints, exact resume and a clean stop.
 *
 * @module
 */

import { join } from "node:path";
import { softenedBatch, type Softness, type UpscalerModel, upscalerTraining } from "../generators/mod.ts";
import type { Picture } from "../image/mod.ts";
import { tf, usesMixedPrecision } from "../runtime/mod.ts";
import { loadCheckpoint, prefixed, saveCheckpoint } from "./checkpoint.ts";
import { type Callback, every, train } from "./loop.ts";
import { checkpointName } from "./train_pair.ts";

/** How a super-resolution network is trained. */
export interface TrainSuperResolutionOptions {
  /** Steps to do in all. */
  readonly steps: number;
  /** Crops in a batch. Default 8. */
  readonly batch?: number;
  /** Side of the squares that are cut out of faces, even. Default 64, or the whole face where that is smaller. */
  readonly crop?: number;
  /** Learning rate of Adam at the first step; it falls to 0 at the last one, along half a cosine. Default 1e-3. */
  readonly rate?: number;
  /** Seed of batches and softening, from 1 up. The model's first weights have their own. */
  readonly seed: number;
  /** How strongly faces are softened. */
  readonly softness?: Softness;
  /** bfloat16 in convolutions: "auto" where the processor has it in hardware. Default "auto". */
  readonly mixedPrecision?: "auto" | "on" | "off";
  /** Folder of checkpoints; without one nothing is saved. A checkpoint found there is gone on from. */
  readonly checkpoints?: string;
  /** Steps between checkpoints. Default 500. */
  readonly saveEvery?: number;
  /** Called after every step. */
  readonly callbacks?: readonly Callback[];
  /** Stops training after the step at hand, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
}

/** What training came to. */
export interface TrainedSuperResolution {
  /** Steps done in all. */
  readonly steps: number;
  /** Whether all steps were done. */
  readonly complete: boolean;
  /** Whether mixed precision was used. */
  readonly mixedPrecision: boolean;
}

/**
 * Trains a super-resolution network.
 *
 * @example Train on the persons who may be learned from
 * ```ts
 * import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
 * import { upscaler, upscalerSizes } from "doppel/generators/mod.ts";
 * import { useTensorFlow } from "doppel/runtime/mod.ts";
 * import { trainSuperResolution } from "doppel/training/mod.ts";
 *
 * export async function fit() {
 *   await useTensorFlow();
 *   const { faces } = await readFaceSet(BUNDLED_FACES, { size: 128, identitySplit: "train" });
 *   const model = upscaler(upscalerSizes.small, 1);
 *   await trainSuperResolution(model, faces.map(({ picture }) => picture), { steps: 2000, seed: 1 });
 *   return model;
 * }
 * ```
 *
 * @param model The model; its weights are changed in place.
 * @param faces Aligned faces of one size, sharp, `[size, size, 3]` in [0, 1].
 * @param options Steps, rate, seed, softness, checkpoints.
 * @returns Steps done and precision used.
 * @throws {Problem} When there are no faces, the crop is odd or too large, a checkpoint does not fit, or the loss is no
 * longer finite.
 */
export async function trainSuperResolution(
  model: UpscalerModel,
  faces: readonly Picture[],
  {
    steps,
    batch: size = 8,
    crop = Math.min(64, faces[0]?.width ?? 64),
    rate = 1e-3,
    seed,
    softness = {},
    mixedPrecision = "auto",
    checkpoints,
    saveEvery = 500,
    callbacks = [],
    signal,
  }: TrainSuperResolutionOptions,
): Promise<TrainedSuperResolution> {
  const bfloat16 = usesMixedPrecision(mixedPrecision);
  const { optimiser, step } = upscalerTraining(model, { mixedPrecision: bfloat16 });
  const variables = { ...prefixed("model", model.weights.named()), ...prefixed("optimiser", optimiser.state) };
  const path = checkpoints && join(checkpoints, checkpointName);
  const save = async (done: number) => {
    if (path) await saveCheckpoint(path, variables, { step: done, model: model.name, sizes: { ...model.sizes } });
  };
  try {
    const found = path && await Deno.stat(path).then(() => true, () => false);
    const done = found ? (await loadCheckpoint(path, variables)).step : 0;
    const reached = await train({
      steps,
      done,
      signal,
      batch: (number) => {
        const { soft, face } = softenedBatch(faces, { size, crop, seed, step: number, ...softness });
        return {
          soft: tf.tensor4d(soft, [size, crop / 2, crop / 2, 3]),
          face: tf.tensor4d(face, [size, crop, crop, 3]),
          rate: tf.scalar(rate * (1 + Math.cos(Math.PI * number / steps)) / 2),
        };
      },
      step: async ({ soft, face, rate: now }) => ({ ...await step({ soft, face }, now) }),
      callbacks: [...callbacks, every(saveEvery, (log) => save(log.step))],
    });
    if (reached < steps) await save(reached);
    return { steps: reached, complete: reached >= steps, mixedPrecision: bfloat16 };
  } finally {
    step.dispose();
    optimiser.dispose();
  }
}
