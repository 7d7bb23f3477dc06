/**
 * A GAN of 1.7 M parameters at 64 px (DCGAN, arXiv 1511.06434, with nearest neighbours and a convolution in place of the
 * transposed one). A step trains the discriminator, then the generator on noise of its own.
 *
 * @module
 */

import { adam, convolution, dense, type Layer4D, newWeights, type Weights } from "../../nn/mod.ts";
import {
  compile,
  type CompileOptions,
  fence,
  leakyRelu,
  randomNormal,
  saltSeed,
  seedTensor,
  tf,
} from "../../runtime/mod.ts";
import { batchNorm } from "./batch_norm.ts";
import { batchSize, randomPictures, type Workload } from "./workload.ts";

const noiseLength = 128;
const base = 128;
const generatorChannels = [128, 128, 64, 32];
const discriminatorChannels = [32, 64, 128, 256];

/**
 * Builds the workload.
 *
 * @param options How the step is compiled.
 * @returns The workload; its loss is that of the discriminator and the generator together.
 */
export function ganWorkload(options: CompileOptions): Workload {
  const generatorWeights = newWeights(1);
  const discriminatorWeights = newWeights(2);
  const generate = generator(generatorWeights);
  const judge = discriminator(discriminatorWeights);
  const [generatorAdam, discriminatorAdam] = [generatorWeights, discriminatorWeights].map((weights) =>
    adam(weights.variables.filter(({ trainable }) => trainable), { beta1: 0.5 })
  ) as [ReturnType<typeof adam>, ReturnType<typeof adam>];
  // Real pictures come first in the discriminator's batch.
  const isReal = tf.tidy(() => tf.concat([tf.ones([batchSize, 1]), tf.zeros([batchSize, 1])], 0));
  const pass = tf.ones([batchSize, 1]);

  const step = compile((real: tf.Tensor4D, rate: tf.Scalar, seed: tf.Tensor1D) => {
    const noise = (salt: number) => randomNormal([batchSize, noiseLength], saltSeed(seed, salt)) as tf.Tensor2D;
    const fake = generate(noise(0));
    const discriminatorLoss = discriminatorAdam.minimise(
      () => crossEntropy(judge(tf.concat([real, fake], 0)), isReal),
      rate,
    );
    const generatorLoss = generatorAdam.minimise(() => crossEntropy(judge(generate(noise(1))), pass), rate);
    return discriminatorLoss.add(generatorLoss);
  }, options);

  const pictures = randomPictures(64, 0);
  const rate = tf.scalar(2e-4);
  let count = 0;
  return {
    parameters: generatorWeights.parameters + discriminatorWeights.parameters,
    async step() {
      const seed = seedTensor(1, count++);
      const loss = await step(pictures, rate, seed);
      const [value] = await loss.data();
      tf.dispose([seed, loss]);
      return value!;
    },
  };
}

/** From noise `[batch, noiseLength]` to pictures `[batch, 64, 64, 3]` in [0, 1]. */
function generator(weights: Weights): (noise: tf.Tensor2D) => tf.Tensor4D {
  const start = dense(weights.within("start"), noiseLength, 4 * 4 * base);
  let from = base;
  const stages: Layer4D[] = generatorChannels.map((to, i) => {
    const stage = weights.within(`stage${i + 1}`);
    const conv = convolution(stage, { from, to, bias: false });
    const norm = batchNorm(stage.within("norm"), to);
    from = to;
    return (x) => leakyRelu(norm(conv(doubleSize(x))), 0.2);
  });
  const picture = convolution(weights.within("picture"), { from, to: 3 });
  return (noise) => {
    const first = leakyRelu(start(noise), 0.2).reshape([-1, 4, 4, base]) as tf.Tensor4D;
    return picture(stages.reduce((x, stage) => stage(x), first)).sigmoid();
  };
}

/** From pictures `[batch, 64, 64, 3]` to logits `[batch, 1]`, positive for real. */
function discriminator(weights: Weights): (x: tf.Tensor4D) => tf.Tensor2D {
  let from = 3;
  const stages: Layer4D[] = discriminatorChannels.map((to, i) => {
    const conv = convolution(weights.within(`stage${i + 1}`), { from, to, kernel: 5, stride: 2 });
    from = to;
    return (x) => leakyRelu(conv(x), 0.2);
  });
  const head = dense(weights.within("head"), 4 * 4 * from, 1);
  return (x) => head(stages.reduce((y, stage) => stage(y), x).reshape([-1, 4 * 4 * from]));
}

/** Binary cross-entropy of logits, averaged. */
function crossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const safe = fence(logits, "the logits");
  return safe.softplus().sub(safe.mul(labels)).mean() as tf.Scalar;
}

/** Nearest neighbours, twice the size. */
function doubleSize(x: tf.Tensor4D): tf.Tensor4D {
  return tf.image.resizeNearestNeighbor(x, [x.shape[1] * 2, x.shape[2] * 2]);
}
