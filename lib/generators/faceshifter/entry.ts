/**
 * AEI-Net's entries in the registry, with a small batch for the tests that every model has to pass.
 *
 * @module
 */

import { seedTensor, tf } from "../../runtime/mod.ts";
import type { GeneratorEntry, Trial } from "../registry.ts";
import { aei } from "./aei.ts";
import { type AeiLossWeights, aeiLossWeights } from "./aei_loss.ts";
import { aeiParameters } from "./aei_parameters.ts";
import { type AeiBatch, type AeiEncoder, aeiTraining } from "./aei_training_step.ts";
import { discriminatorSizes, multiScaleDiscriminator } from "./multi_scale_discriminator.ts";
import { type AeiSizes, aeiSizes } from "./sizes.ts";

const paper = "FaceShifter, Li et al., arXiv 1912.13457";

/** AEI-Net. */
export const aeiEntry: GeneratorEntry = {
  name: "aei",
  paper,
  parameters: { small: "4.35", paper: "184.3" },
  count: (size) => counted(aeiSizes[size as keyof typeof aeiSizes]),
  trial: (seed) => trial(aeiSizes.tiny, seed),
};

/** The ablation whose layers put them beside each other, here with attributes at the two lowest of four levels alone. */
export const aeiCatEntry: GeneratorEntry = {
  name: "aei",
  paper: `${paper}, fusion "cat" and fewer levels of attributes`,
  parameters: {},
  count: () => counted({ ...aeiSizes.paper, fusion: "cat", levels: 3 }),
  trial: (seed) => trial({ ...aeiSizes.tiny, fusion: "cat", levels: 2 }, seed),
};

function counted(sizes: AeiSizes): number {
  const { attributes, generator } = aeiParameters(sizes);
  return attributes + generator;
}

/** Two smooth faces, one to be made again and one to get another identity, which is here a projection of its pixels. */
function trial(sizes: AeiSizes, seed: number): Trial {
  const { resolution: side, identity } = sizes;
  const model = aei(sizes, seed);
  const discriminator = multiScaleDiscriminator(discriminatorSizes.tiny, seed);
  const projection = tf.randomNormal([side * side * 3, identity], 0, 1, "float32", 13) as tf.Tensor2D;
  const unit = (x: tf.Tensor) => x.div(x.square().sum(1, true).sqrt()) as tf.Tensor2D;
  const encoder: AeiEncoder = {
    embed: (faces) => unit(faces.sub(0.5).reshape([-1, side * side * 3]).matMul(projection)),
  };
  const batch = tf.tidy((): AeiBatch & tf.TensorContainerObject => {
    const blocks = tf.randomUniform([2, 4, 4, 3], 0, 1, "float32", 11) as tf.Tensor4D;
    const target = tf.image.resizeBilinear(blocks, [side, side]);
    const [own] = tf.split(encoder.embed(target), 2) as [tf.Tensor2D];
    const other = unit(tf.randomNormal([1, identity], 0, 1, "float32", 12));
    return { target, source_id: tf.concat([own, other]), same: tf.tensor1d([1, 0]) };
  });
  const { step, state, averaged, dispose } = aeiTraining(model, discriminator, encoder);
  const rate = tf.scalar(2e-3);
  const stepSeed = seedTensor(seed, 0);
  return {
    weights: model.weights,
    state,
    async step() {
      const losses = await step(batch, rate, stepSeed);
      // Without the adversarial part, which does not fall: the discriminator learns as well.
      const parts = ["identity", "attributes", "reconstruction"] as const satisfies (keyof AeiLossWeights)[];
      const total = parts.reduce((sum, name) => sum + aeiLossWeights[name] * losses[name].dataSync()[0]!, 0);
      tf.dispose(losses);
      return total;
    },
    outputs: () =>
      tf.tidy(() => ({
        face: model.swap(batch.target, batch.source_id).shape,
        averaged: averaged.swap(batch.target, batch.source_id).shape,
      })) as unknown as Record<string, number[]>,
    expected: { face: [2, side, side, 3], averaged: [2, side, side, 3] },
    dispose() {
      tf.dispose([rate, stepSeed, projection]);
      tf.dispose(batch as tf.TensorContainer);
      dispose();
      discriminator.weights.dispose();
      model.weights.dispose();
    },
  };
}
