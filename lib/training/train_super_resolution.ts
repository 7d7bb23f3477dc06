/**
 * Trains a super-resolution network on aligned faces, with checkpoints, exact resume and a clean stop.
 *
 * @module
 */

import { softenedBatch, type Softness, type UpscalerModel, upscalerTraining } from "../generators/mod.ts";
import type { Picture } from "../image/mod.ts";
import { prefixed } from "../nn/mod.ts";
import { tf, usesMixedPrecision } from "../runtime/mod.ts";
import { type Trained, type TrainingOptions, trainWithCheckpoints } from "./checkpointed.ts";
import { rateAt } from "./rate_schedule.ts";

/** How a super-resolution network is trained. */
export interface TrainSuperResolutionOptions extends TrainingOptions {
  /** Crops in a batch. Default 8. */
  readonly batch?: number;
  /** Side of the squares that are cut out of faces, even. Default 64, or the whole face where that is smaller. */
  readonly crop?: number;
  /** Learning rate of Adam at the first step; it falls to 0 at the last one, along half a cosine. Default 1e-3. */
  readonly rate?: number;
  /** How strongly faces are softened. */
  readonly softness?: Softness;
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
  options: TrainSuperResolutionOptions,
): Promise<Trained> {
  const { steps, batch: size = 8, rate = 1e-3, seed, softness = {} } = options;
  const { crop = Math.min(64, faces[0]?.width ?? 64) } = options;
  const mixedPrecision = usesMixedPrecision(options.mixedPrecision);
  const { optimiser, step } = upscalerTraining(model, { mixedPrecision });
  const variables = { ...prefixed("model", model.weights.named()), ...prefixed("optimiser", optimiser.state) };
  try {
    const trained = await trainWithCheckpoints({ model, variables }, options, {
      batch: (number) => {
        const { soft, face } = softenedBatch(faces, { size, crop, seed, step: number, ...softness });
        return {
          soft: tf.tensor4d(soft, [size, crop / 2, crop / 2, 3]),
          face: tf.tensor4d(face, [size, crop, crop, 3]),
          rate: tf.scalar(rateAt({ rate, decay: 1 }, number, steps)),
        };
      },
      step: async ({ soft, face, rate: now }) => ({ ...await step({ soft, face }, now) }),
    });
    return { ...trained, mixedPrecision };
  } finally {
    step.dispose();
    optimiser.dispose();
  }
}
