/**
 * DeepFaceLab's two autoencoders: DF with two decoders, LIAE with two inters; DSSIM + squared error + mask, Adam (0.5,
 * 0.999). At 128 px with the letters "ud", DeepFaceLab's default.
 *
 * @module
 */

import {
  df,
  dfSizes,
  type FacePairModel,
  liae,
  type PairBatch,
  pairTraining,
  type Sizes,
} from "../../generators/mod.ts";
import { type CompileOptions, seedTensor, tf } from "../../runtime/mod.ts";
import { batchSize, type PairModelName, randomPictures, type Workload } from "./workload.ts";

/** Channels at 128 px: a batch takes two slow cores less than about a second. */
const medium128 = { resolution: 128, encoder: 24, decoder: 24, code: 128, mask: 8, options: "ud" } as const;

/** Architecture and sizes of each, as in `python/deepfacelab_sizes.py`. */
const models: Record<PairModelName, { readonly build: typeof df | typeof liae; readonly sizes: Sizes }> = {
  df: { build: df, sizes: dfSizes.medium },
  df128: { build: df, sizes: medium128 },
  liae: { build: liae, sizes: dfSizes.medium },
  liae128: { build: liae, sizes: medium128 },
};

/**
 * Builds the workload from the library's own model and training step.
 *
 * @param name Which of the models.
 * @param options How the step is compiled.
 * @returns The workload.
 */
export function deepFaceLabWorkload(name: PairModelName, options: CompileOptions): Workload {
  const { build, sizes } = models[name];
  return pairWorkload(build(sizes, 1), options);
}

/** Steps of a model on random pictures. */
function pairWorkload(model: FacePairModel, options: CompileOptions): Workload {
  const { resolution } = model.sizes;
  const { step } = pairTraining(model, options);
  const side = (seed: number): PairBatch["source"] => ({
    warped: randomPictures(resolution, seed),
    face: randomPictures(resolution, seed + 1),
    mask: discMask(resolution),
  });
  const batch = { source: side(0), destination: side(2) };
  const rate = tf.scalar(5e-5);
  const seed = seedTensor(1, 0);
  return {
    parameters: model.weights.parameters,
    async step() {
      const { source, destination } = await step(batch, rate, seed);
      const [[a], [b]] = await Promise.all([source.data(), destination.data()]);
      tf.dispose([source, destination]);
      return a! + b!;
    },
  };
}

/** A disc that fills three quarters of the width: `[batchSize, size, size, 1]` of zeros and ones. */
function discMask(size: number): tf.Tensor4D {
  const values = new Float32Array(size * size);
  const centre = (size - 1) / 2;
  for (let i = 0; i < values.length; i++) {
    const inside = Math.hypot(i % size - centre, Math.floor(i / size) - centre) < 0.375 * size;
    values[i] = inside ? 1 : 0;
  }
  return tf.tidy(() => tf.tensor4d(values, [1, size, size, 1]).tile([batchSize, 1, 1, 1]));
}
