/**
 * AEI-Net `small` at 64 px with its discriminator, 4.7 M parameters: the generator's step on all four losses, the
 * discriminator's, and the running average of the weights. In place of the identity descriptor, which is the same frozen
 * network for whoever trains AEI-Net, every competitor embeds faces by the same cheap fixed projection.
 *
 * @module
 */

import {
  aei,
  type AeiEncoder,
  type AeiLosses,
  aeiLossWeights,
  aeiSizes,
  aeiTraining,
  discriminatorSizes,
  multiScaleDiscriminator,
} from "../../generators/mod.ts";
import { type CompileOptions, randomNormal, seedTensor, tf } from "../../runtime/mod.ts";
import { batchSize, randomPictures, type Workload } from "./workload.ts";

/** Side of what the projection sees of a face. */
const SEEN = 8;

/**
 * Builds the workload from the library's own models and training step.
 *
 * @param options How the step is compiled.
 * @returns The workload; its loss is that of the generator and the discriminator together.
 */
export function aeiWorkload(options: CompileOptions): Workload {
  const { resolution, identity } = aeiSizes.small;
  const model = aei(aeiSizes.small, 1);
  const discriminator = multiScaleDiscriminator(discriminatorSizes.small, 2);
  const { step } = aeiTraining(model, discriminator, projectionEncoder(resolution, identity), options);
  const batch = {
    target: randomPictures(resolution, 0),
    source_id: tf.tidy(() => {
      const directions = randomNormal([batchSize, identity], seedTensor(1, 1));
      return directions.div(directions.square().sum(1, true).sqrt()) as tf.Tensor2D;
    }),
    same: tf.tensor1d(Array.from({ length: batchSize }, (_, i) => i < 2 ? 1 : 0)),
  };
  const rate = tf.scalar(4e-4);
  const seed = seedTensor(1, 0);
  return {
    parameters: model.weights.parameters + discriminator.weights.parameters,
    step: async () => await totalLoss(await step(batch, rate, seed)),
  };
}

/**
 * Adds up the losses of a step.
 *
 * @param losses The losses; they are disposed of.
 * @returns Their sum by the paper's weights, and the discriminator's.
 */
export async function totalLoss(losses: AeiLosses): Promise<number> {
  const weights: Readonly<Record<string, number>> = { ...aeiLossWeights, discriminator: 1 };
  let total = 0;
  for (const [name, loss] of Object.entries(losses)) total += weights[name]! * (await loss.data<"float32">())[0]!;
  tf.dispose(losses);
  return total;
}

/**
 * What embeds faces here: their pixels, averaged to 8 by 8, by a matrix of cosines.
 *
 * @param resolution Side of the faces, a multiple of 8.
 * @param length Length of an embedding.
 * @returns The encoder.
 */
export function projectionEncoder(resolution: number, length: number): AeiEncoder {
  const values = SEEN * SEEN * 3;
  const matrix = tf.keep(tf.tensor2d(
    Float32Array.from({ length: values * length }, (_, i) => {
      return Math.cos((Math.floor(i / length) + 1) * (i % length + 1));
    }),
    [values, length],
  ));
  const side = resolution / SEEN;
  return {
    embed: (faces) => {
      const seen = tf.avgPool(faces, side, side, "valid").sub(0.5).reshape([-1, values]);
      return seen.matMul(matrix) as tf.Tensor2D;
    },
  };
}
