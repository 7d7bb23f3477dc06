// The values in detector_truth.json were computed in float64: group normalisation, standardised kernels (unbiased deviation
// plus 1e-5), grouped, depthwise and dilated convolutions, SGD and the cross-entropy of two outputs by PyTorch 2.15; the
// residual by NumPy's convolve over pictures whose edges are repeated.
import assert from "node:assert/strict";
import { crossEntropy, standardise, thirdOrderResidual } from "doppel/detectors/mod.ts";
import { batchNorm, groupNorm, newWeights, sgd } from "doppel/nn/mod.ts";
import { compile, convolve, tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { dilatedConvolution } from "../../lib/detectors/baselines/meso_inception.ts";
import { stochasticDepth } from "../../lib/detectors/noise.ts";
import { standardisedConvolution, standardisedDepthwise } from "../../lib/detectors/tgd/standardised_convolution.ts";
import truth from "./detector_truth.json" with { type: "json" };

await useTensorFlow();
const sines = (shape: number[], frequency: number) =>
  tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(frequency * i)), shape);
const same = (tensor: tf.Tensor, values: readonly number[], name: string, within = 2e-5) => {
  const own = tensor.dataSync();
  assert.equal(own.length, values.length, name);
  const gap = values.reduce((most, value, i) => Math.max(most, Math.abs(value - own[i]!)), 0);
  assert.ok(gap < within, `${name}: ${gap}`);
};

Deno.test("groupNorm() equals PyTorch's, gradient too", () => {
  const weights = newWeights(1);
  const norm = groupNorm(weights, 16);
  weights.variables[0]!.assign(tf.tensor1d(Array.from({ length: 16 }, (_, i) => 1 + 0.1 * i)));
  weights.variables[1]!.assign(tf.tensor1d(Array.from({ length: 16 }, (_, i) => -0.2 + 0.05 * i)));
  const x = sines([2, 4, 5, 16], 0.37) as tf.Tensor4D;
  same(norm(x), truth.group_norm, "output");
  const gradient = tf.grad((y) => norm(y as tf.Tensor4D).mul(sines([2, 4, 5, 16], 0.31)).sum())(x);
  same(gradient, truth.group_norm_gradient, "gradient");
  assert.throws(() => groupNorm(weights.within("b"), 12), /expected channels that are a multiple of 8, got 12/);
});

Deno.test("standardise() equals PyTorch's, gradient too", () => {
  const kernel = sines([3, 3, 4, 6], 0.7) as tf.Tensor4D;
  same(standardise(kernel), truth.standardised, "kernel");
  const gradient = tf.grad((k) => standardise(k as tf.Tensor4D).mul(sines([3, 3, 4, 6], 0.31)).sum())(kernel);
  same(gradient, truth.standardised_gradient, "gradient");
  // A kernel of equal weights has no direction; its gradient must not be infinite.
  const flat = tf.grad((k) => standardise(k as tf.Tensor4D).square().sum())(tf.ones([1, 1, 4, 2]));
  assert.ok([...flat.dataSync()].every(Number.isFinite));
});

Deno.test("standardisedConvolution() in groups and by channel equals PyTorch's", () => {
  const x = sines([1, 6, 6, 8], 0.37) as tf.Tensor4D;
  const weights = newWeights(1);
  const grouped = standardisedConvolution(weights, { from: 8, to: 8, stride: 2, groups: 4 });
  weights.variables[0]!.assign(sines([3, 3, 2, 8], 0.7));
  same(grouped(x), truth.grouped, "grouped");
  const depthwise = standardisedDepthwise(weights.within("depthwise"), { channels: 8, kernel: 5, stride: 2 });
  weights.variables[1]!.assign(sines([5, 5, 8, 1], 0.7));
  same(depthwise(x), truth.depthwise, "depthwise", 1e-4);
  assert.throws(() => standardisedConvolution(weights, { from: 6, to: 8, groups: 4 }), /multiples of 4, got 6 and 8/);
  assert.throws(
    () => standardisedConvolution(weights, { from: 1, to: 8, kernel: 1 }),
    /Cannot standardise weights: expected two or more for each output channel, got one/,
  );
});

Deno.test("dilatedConvolution() equals PyTorch's", () => {
  for (const dilation of [2, 3] as const) {
    const weights = newWeights(1);
    const layer = dilatedConvolution(weights, 2, dilation);
    weights.variables[0]!.assign(sines([3, 3, 2, 2], 0.7));
    same(layer(sines([1, 8, 8, 2], 0.37) as tf.Tensor4D), truth[`dilated${dilation}`], `dilation ${dilation}`);
  }
});

Deno.test("sgd() equals PyTorch's over four steps", () => {
  const weight = tf.variable(sines([5], 0.7));
  const optimiser = sgd([weight]);
  for (let i = 0; i < 4; i++) {
    optimiser.minimise(
      () => weight.square().mul(tf.tensor1d([1, 2, 3, 4, 5])).sum().div(2) as tf.Scalar,
      tf.scalar(0.1),
    );
  }
  same(weight, truth.sgd, "weight");
  assert.throws(() => sgd([weight], { momentum: 1 }), /expected a momentum in \[0, 1\), got 1/);
});

Deno.test("crossEntropy() of the difference of two outputs is that of their softmax", () => {
  const [real, forged] = tf.split(sines([6, 2], 0.9).mul(4), 2, 1) as [tf.Tensor, tf.Tensor];
  const loss = crossEntropy(forged.sub(real).reshape([-1]) as tf.Tensor1D, tf.tensor1d([0, 1, 0, 1, 0, 1]));
  assert.ok(Math.abs(loss.dataSync()[0]! - truth.cross_entropy) < 1e-6);
});

Deno.test("thirdOrderResidual() equals NumPy's, and is 0 on what is smooth", () => {
  same(thirdOrderResidual(sines([1, 7, 9, 3], 0.37) as tf.Tensor4D), truth.residual, "residual", 1e-5);
  // A third difference of a parabola is 0, but where the edge is repeated.
  const parabola = tf.range(0, 12).square().div(144).reshape([1, 1, 12, 1]).tile([1, 12, 1, 1]) as tf.Tensor4D;
  const inside = thirdOrderResidual(parabola).slice([0, 1, 1, 0], [1, 9, 9, 2]);
  assert.ok(inside.abs().max().dataSync()[0]! < 1e-6);
});

Deno.test("batchNorm() of a step follows the batch, and then gives in use what it gave in training", async () => {
  const weights = newWeights(1);
  const norm = batchNorm(weights, 3);
  const x = sines([4, 5, 5, 3], 0.37).mul(3).add(1) as tf.Tensor4D;
  const step = compile((x: tf.Tensor4D) => norm(x, "learn"));
  let last: tf.Tensor | undefined;
  for (let i = 0; i < 120; i++) {
    last?.dispose();
    last = await step(x);
  }
  // The average is of the unbiased variance, which is larger by 1 in 99.
  same(norm(x, "moving"), [...last!.dataSync()], "in use", 2e-2);
  step.dispose();
});

Deno.test("stochasticDepth() leaves whole branches out, keeps their mean, and does nothing in use", () => {
  const branch = tf.ones([4000, 1, 1, 2]) as tf.Tensor4D;
  const mode = { seed: tf.tensor1d([1, 2], "int32"), statistics: "learn" } as const;
  const kept = [...stochasticDepth(branch, 0.25, 3, mode).dataSync()];
  assert.deepEqual([...new Set(kept.map((value) => value.toFixed(4)))].sort(), ["0.0000", "1.3333"]);
  assert.ok(kept.every((value, i) => value === kept[i - i % 2]));
  assert.ok(Math.abs(kept.reduce((sum, value) => sum + value, 0) / kept.length - 1) < 0.05);
  assert.equal(stochasticDepth(branch, 0.25, 3), branch);
});

Deno.test("convolve() with a 1x1 kernel and stride 2 leaves out what it does not read, gradient too", () => {
  // Of 60 rows the last is not read; oneDNN's gradient wrote beyond its memory at these sizes.
  const x = sines([16, 60, 60, 8], 0.37) as tf.Tensor4D;
  const filter = sines([1, 1, 8, 16], 0.7) as tf.Tensor4D;
  const weigh = (y: tf.Tensor) => y.mul(sines(y.shape, 0.31)).sum();
  const [dx, dw] = tf.grads((a, w) => weigh(convolve(a as tf.Tensor4D, w as tf.Tensor4D, 2, 0)))([x, filter]);
  // Every other pixel, and a matrix product.
  const taken = x.reshape([16, 30, 2, 30, 2, 8]).slice([0, 0, 0, 0, 0, 0], [16, 30, 1, 30, 1, 8]).reshape([-1, 8]);
  const signs = sines([16, 30, 30, 16], 0.31).reshape([-1, 16]);
  same(dw!.reshape([8, 16]), [...tf.matMul(taken, signs, true).dataSync()], "filter", 1e-2);
  const expected = tf.matMul(signs, filter.reshape([8, 16]), false, true).reshape([16, 30, 1, 30, 1, 8]);
  const spread = tf.pad(expected, [[0, 0], [0, 0], [0, 1], [0, 0], [0, 1], [0, 0]]);
  same(dx!, [...spread.dataSync()], "picture", 1e-4);
});
