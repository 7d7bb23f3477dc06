/**
 * A detector of 0.14 M parameters at 128 px: depthwise separable convolutions (MobileNet, arXiv 1704.04861, without the
 * normalisation between the two), batch norm with moving averages, dropout, cross-entropy, Adam.
 *
 * @module
 */

import { adam, convolution, dense, type Layer4D, newWeights, type Weights } from "../../nn/mod.ts";
import { compile, type CompileOptions, dropout, fence, seedTensor, tf } from "../../runtime/mod.ts";
import { batchNorm } from "./batch_norm.ts";
import { batchSize, randomPictures, type Workload } from "./workload.ts";

const stem = 16;
/** Channels out and stride of each separable convolution. */
const blocks = [[32, 1], [64, 2], [64, 1], [128, 2], [128, 1], [256, 2], [256, 1]] as const;

/**
 * Builds the workload.
 *
 * @param options How the step is compiled.
 * @returns The workload.
 */
export function detectorWorkload(options: CompileOptions): Workload {
  const weights = newWeights(1);
  const classify = detector(weights);
  const optimiser = adam(weights.variables.filter(({ trainable }) => trainable));
  const step = compile(
    (x: tf.Tensor4D, y: tf.Tensor2D, rate: tf.Scalar, seed: tf.Tensor1D) =>
      optimiser.minimise(() => {
        const logits = fence(classify(x, seed), "the logits");
        return logits.softplus().sub(logits.mul(y)).mean() as tf.Scalar;
      }, rate),
    options,
  );

  const pictures = randomPictures(128, 0);
  const labels = tf.tensor2d(Array.from({ length: batchSize }, (_, i) => [i % 2]));
  const rate = tf.scalar(1e-3);
  let count = 0;
  return {
    parameters: weights.parameters,
    async step() {
      const seed = seedTensor(1, count++);
      const loss = await step(pictures, labels, rate, seed);
      const [value] = await loss.data();
      tf.dispose([seed, loss]);
      return value!;
    },
  };
}

/** From pictures `[batch, 128, 128, 3]` and a seed for dropout to logits `[batch, 1]`. */
function detector(weights: Weights): (x: tf.Tensor4D, seed: tf.Tensor1D) => tf.Tensor2D {
  const first = weights.within("stem");
  const layers: Layer4D[] = [
    convolution(first, { from: 3, to: stem, stride: 2, bias: false }),
    batchNorm(first.within("norm"), stem),
    (x) => x.relu(),
  ];
  let from = stem;
  blocks.forEach(([to, stride], i) => {
    const block = weights.within(`block${i + 1}`);
    layers.push(
      depthwise(block.within("depthwise"), from, stride),
      convolution(block.within("pointwise"), { from, to, kernel: 1, bias: false }),
      batchNorm(block.within("norm"), to),
      (x) => x.relu(),
    );
    from = to;
  });
  const head = dense(weights.within("head"), from, 1);
  return (x, seed) => {
    const features = layers.reduce((y, layer) => layer(y), x).mean([1, 2]) as tf.Tensor2D;
    return head(dropout(features, 0.2, seed));
  };
}

/** A 3x3 convolution of each channel by itself, with one zero on each side. */
function depthwise(weights: Weights, channels: number, stride: number): Layer4D {
  const filter = weights.make("kernel", [3, 3, channels, 1], "he_normal") as tf.Variable<tf.Rank.R4>;
  return (x) =>
    stride === 1
      ? tf.depthwiseConv2d(x, filter, 1, "same")
      : tf.depthwiseConv2d(tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]), filter, stride, "valid");
}
