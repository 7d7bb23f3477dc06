// The values in segmentation_truth.json were computed with NumPy by the plain definitions: windows times binomial weights,
// mean squares, a transposed convolution as a sum of shifted kernels, and cross-entropy by logaddexp.
import assert from "node:assert/strict";
import {
  binaryCrossEntropy,
  blurPool,
  filterResponseNorm,
  newWeights,
  thresholdedLinear,
  transposedConvolution,
} from "doppel/nn/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import truth from "./segmentation_truth.json" with { type: "json" };

await useTensorFlow();
const sines = (shape: number[], frequency: number) =>
  tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(frequency * i)), shape);
const gap = (tensor: tf.Tensor, values: readonly number[]) => {
  const own = tensor.dataSync();
  assert.equal(own.length, values.length);
  return values.reduce((most, value, i) => Math.max(most, Math.abs(value - own[i]!)), 0);
};
/** Gradient of a weighted sum by central differences, for a few places. */
function sameAsDifferences(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, name: string) {
  const weigh = (y: tf.Tensor) => y.mul(sines(y.shape, 0.31)).sum() as tf.Scalar;
  const gradient = tf.grad((value) => weigh(f(value)))(x).dataSync();
  const values = x.dataSync();
  for (let i = 0; i < values.length; i += Math.ceil(values.length / 7)) {
    const at = (step: number) => {
      const moved = Float32Array.from(values);
      moved[i]! += step;
      return weigh(f(tf.tensor(moved, x.shape))).dataSync()[0]!;
    };
    const difference = (at(1e-2) - at(-1e-2)) / 2e-2;
    assert.ok(Math.abs(gradient[i]! - difference) < 5e-3, `${name}, place ${i}: ${gradient[i]} and ${difference}`);
  }
}

Deno.test("blurPool() filters with binomial weights and halves the resolution, for every filter of XSeg", () => {
  const x = sines([1, 8, 8, 2], 0.37) as tf.Tensor4D;
  for (const filter of [2, 3, 4] as const) {
    const y = blurPool(filter)(x);
    assert.deepEqual(y.shape, [1, 4, 4, 2]);
    assert.ok(gap(y, truth[`blur${filter}`]) < 1e-5, `filter ${filter}`);
    sameAsDifferences((value) => blurPool(filter)(value as tf.Tensor4D), x, `filter ${filter}`);
  }
  assert.throws(() => blurPool(1), /Cannot make blur pool: expected 2 taps or more, got 1/);
});

Deno.test("filterResponseNorm() and thresholdedLinear() follow the paper's equations, gradients too", () => {
  const weights = newWeights(1);
  const norm = filterResponseNorm(weights, 3);
  const unit = thresholdedLinear(weights, 3);
  const [scale, offset, threshold] = weights.variables as tf.Variable[];
  scale!.assign(tf.tensor1d([1, 1.1, 1.2]));
  offset!.assign(tf.tensor1d([-0.1, -0.05, 0]));
  threshold!.assign(tf.tensor1d([-0.3, -0.1, 0.1]));
  const x = sines([2, 4, 5, 3], 0.37) as tf.Tensor4D;
  assert.ok(gap(norm(x), truth.frn) < 1e-5);
  assert.ok(gap(unit(norm(x)), truth.tlu) < 1e-5);
  sameAsDifferences((value) => norm(value as tf.Tensor4D), x, "x");
  // Each threshold gathers what comes back from all the places where it stands.
  const { grads } = tf.variableGrads(() => unit(norm(x)).sum() as tf.Scalar, [threshold!]);
  const raised = truth.frn.map((value, i) => value < [-0.3, -0.1, 0.1][i % 3]! ? 1 : 0);
  const expected = [0, 1, 2].map((c) => raised.reduce((sum: number, hit, i) => sum + (i % 3 === c ? hit : 0), 0));
  assert.deepEqual([...grads[threshold!.name]!.dataSync()], expected);
});

Deno.test("transposedConvolution() spreads every pixel over a kernel and doubles the resolution, gradients too", () => {
  const weights = newWeights(1);
  const layer = transposedConvolution(weights, { from: 2, to: 4 });
  const [kernel, bias] = weights.variables as tf.Variable[];
  kernel!.assign(sines([3, 3, 4, 2], 0.53));
  bias!.assign(tf.tensor1d([0, 0.1, 0.2, 0.3]));
  const x = sines([1, 3, 3, 2], 0.37) as tf.Tensor4D;
  assert.deepEqual(layer(x).shape, [1, 6, 6, 4]);
  assert.ok(gap(layer(x), truth.transposed) < 1e-5);
  sameAsDifferences((value) => layer(value as tf.Tensor4D), x, "x");
  const start = kernel!.clone();
  sameAsDifferences(
    (value) => tf.conv2dTranspose(x, value as tf.Tensor4D, [1, 6, 6, 4], 2, "same"),
    start,
    "kernel",
  );
});

Deno.test("binaryCrossEntropy() is that of the sigmoid, and finite where the sigmoid is not", () => {
  const target = sines([2, 2, 2, 1], 0.9).add(1).div(2) as tf.Tensor4D;
  const logits = sines([2, 2, 2, 1], 1.7).mul(40) as tf.Tensor4D;
  assert.ok(gap(binaryCrossEntropy(target, logits), truth.bce) < 1e-4);
  const far = binaryCrossEntropy(tf.tensor4d([0, 1], [2, 1, 1, 1]), tf.tensor4d([500, 500], [2, 1, 1, 1]));
  assert.deepEqual([...far.dataSync()], [500, 0]);
  sameAsDifferences((value) => binaryCrossEntropy(target, value as tf.Tensor4D), logits.div(20), "logits");
});
