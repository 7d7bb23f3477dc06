import assert from "node:assert/strict";
import { batchNorm, convolution, countWeights, instanceNorm, newWeights, normaliseInstances } from "doppel/nn/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import truth from "../generators/faceshifter_truth.json" with { type: "json" };

await useTensorFlow();
const sines = (shape: number[], frequency: number) =>
  tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(frequency * i)), shape);
const gap = (a: tf.Tensor, b: tf.Tensor) => a.sub(b).abs().max().dataSync()[0]!;

Deno.test("normaliseInstances() agrees with NumPy, and its gradient with the one through mean and variance", () => {
  tf.tidy(() => {
    const x = sines([2, 3, 3, 4], 0.7) as tf.Tensor4D;
    assert.ok(gap(normaliseInstances(x), tf.tensor(truth.instances, x.shape)) < 1e-5);
    const plain = (y: tf.Tensor) => {
      const { mean, variance } = tf.moments(y, [1, 2], true);
      return y.sub(mean).div(variance.add(1e-5).sqrt());
    };
    const weigh = (y: tf.Tensor) => y.mul(sines(x.shape, 0.31)).sum() as tf.Scalar;
    const own = tf.grad((y) => weigh(normaliseInstances(y as tf.Tensor4D)))(x);
    assert.ok(gap(own, tf.grad((y) => weigh(plain(y)))(x)) < 1e-5);
  });
});

Deno.test("instanceNorm() scales and shifts each channel", () => {
  const weights = newWeights(1);
  const layer = instanceNorm(weights, 2);
  weights.named()["scale"]!.assign(tf.tensor1d([2, 3]));
  weights.named()["offset"]!.assign(tf.tensor1d([5, -1]));
  const { mean, variance } = tf.moments(layer(sines([1, 4, 4, 2], 0.7) as tf.Tensor4D), [0, 1, 2]);
  [5, -1].forEach((value, i) => assert.ok(Math.abs(mean.dataSync()[i]! - value) < 1e-5));
  [4, 9].forEach((value, i) => assert.ok(Math.abs(variance.dataSync()[i]! - value) < 1e-2));
  weights.dispose();
});

Deno.test("batchNorm() moves its averages only when it is to learn, and goes by them in use", () => {
  const weights = newWeights(1);
  const layer = batchNorm(weights, 1, { momentum: 0.5, epsilon: 0 });
  const averages = () => ["mean", "variance"].map((name) => weights.named()[name]!.dataSync()[0]!);
  // Mean 2, variance 4, unbiased 16 / 3.
  const x = tf.tensor4d([0, 4, 0, 4], [1, 2, 2, 1]);
  assert.deepEqual([...layer(x, "batch").dataSync()].map(Math.round), [-1, 1, -1, 1]);
  assert.deepEqual(averages(), [0, 1]);
  layer(x, "learn");
  const [mean, variance] = averages() as [number, number];
  assert.ok(Math.abs(mean - 1) < 1e-6 && Math.abs(variance - (1 + 16 / 3) / 2) < 1e-5, `${mean}, ${variance}`);
  assert.ok(gap(layer(x, "moving"), x.sub(mean).div(Math.sqrt(variance))) < 1e-5);
  assert.equal(weights.parameters, 2);
  weights.dispose();
});

Deno.test("convolution() pads by as many zeros as it is told", () => {
  const weights = newWeights(1);
  const x = tf.zeros([1, 8, 8, 1]) as tf.Tensor4D;
  const side = (pad?: number) => {
    const own = weights.within(`pad${pad}`);
    return convolution(own, { from: 1, to: 1, kernel: 4, stride: 2, ...(pad !== undefined && { pad }) })(x).shape[1];
  };
  assert.deepEqual([side(1), side(2), side(), side(0)], [4, 5, 5, 3]);
  weights.dispose();
});

Deno.test("countWeights() counts trainable values and leaves nothing behind", () => {
  const before = tf.memory().numTensors;
  const build = (weights: ReturnType<typeof newWeights>) => {
    convolution(weights.within("conv"), { from: 3, to: 5 });
    batchNorm(weights.within("norm"), 5);
  };
  const weights = newWeights(1);
  build(weights);
  assert.equal(countWeights(build), 3 * 3 * 3 * 5 + 5 + 10);
  assert.equal(countWeights(build), weights.parameters);
  weights.dispose();
  assert.equal(tf.memory().numTensors, before);
});
