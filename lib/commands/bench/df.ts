/**
 * DF of 11.9 M parameters at 64 px: an encoder, an inter and two decoders, DSSIM + squared error + mask, Adam (0.5, 0.999).
 *
 * @module
 */

import { df, dfSizes, type PairBatch, pairTraining } from "../../generators/mod.ts";
import { type CompileOptions, seedTensor, tf } from "../../runtime/mod.ts";
import { batchSize, randomPictures, type Workload } from "./workload.ts";

/**
 * Builds the workload from the library's own model and training step.
 *
 * @param options How the step is compiled.
 * @returns The workload.
 */
export function dfWorkload(options: CompileOptions): Workload {
  const sizes = dfSizes.medium;
  const model = df(sizes, 1);
  const { step } = pairTraining(model, options);
  const side = (seed: number): PairBatch["source"] => ({
    warped: randomPictures(sizes.resolution, seed),
    face: randomPictures(sizes.resolution, seed + 1),
    mask: discMask(sizes.resolution),
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
