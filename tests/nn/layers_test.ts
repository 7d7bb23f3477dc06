import assert from "node:assert/strict";
import { adam, convolution, dense, newWeights } from "doppel/nn/mod.ts";
import { addBias, batchNormTraining, depthToSpace, leakyRelu, tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, "float32", seed);
const gap = (a: tf.Tensor, b: tf.Tensor) => a.sub(b).abs().max().dataSync()[0]!;

/** Compares value and gradients of two functions. */
function sameGradients(name: string, mine: (...x: tf.Tensor[]) => tf.Tensor, theirs: typeof mine, inputs: tf.Tensor[]) {
  const weigh = (f: typeof mine) => (...x: tf.Tensor[]) => {
    const y = f(...x);
    return y.mul(random(y.shape, 99)).sum() as tf.Scalar;
  };
  assert.ok(gap(mine(...inputs), theirs(...inputs)) < 1e-5, `${name}: values`);
  const [a, b] = [tf.grads(weigh(mine))(inputs), tf.grads(weigh(theirs))(inputs)];
  a.forEach((gradient, i) =>
    assert.ok(gap(gradient, b[i]!) < 1e-4, `${name}: gradient ${i} by ${gap(gradient, b[i]!)}`)
  );
}

Deno.test("native ops() have the values and gradients of what tfjs composes", () => {
  const x = random([2, 6, 6, 8], 1);
  sameGradients("leakyRelu", (a) => leakyRelu(a!, 0.1), (a) => tf.relu(a!).sub(tf.relu(a!.neg()).mul(0.1)), [x]);
  sameGradients("addBias", (a, b) => addBias(a!, b!), (a, b) => tf.add(a!, b!), [x, random([8], 2)]);
  sameGradients(
    "batchNorm",
    (a, g, b) => batchNormTraining(a as tf.Tensor4D, g as tf.Tensor1D, b as tf.Tensor1D).y,
    (a, g, b) => {
      const { mean, variance } = tf.moments(a!, [0, 1, 2]);
      return a!.sub(mean).div(variance.add(1e-3).sqrt()).mul(g!).add(b!);
    },
    [x, random([8], 3), random([8], 4)],
  );
  const shuffle = (a: tf.Tensor) => a.reshape([2, 6, 6, 2, 2, 2]).transpose([0, 1, 3, 2, 4, 5]).reshape([2, 12, 12, 2]);
  sameGradients("depthToSpace", (a) => depthToSpace(a as tf.Tensor4D, 2), (a) => shuffle(a!), [x]);
  const moments = batchNormTraining(x as tf.Tensor4D, tf.ones([8]), tf.zeros([8]));
  const variance = tf.moments(x, [0, 1, 2]).variance.mul(72 / 71);
  assert.ok(gap(moments.mean, x.mean([0, 1, 2])) < 1e-6 && gap(moments.variance, variance) < 1e-5, "moments");
});

Deno.test("convolution() pads symmetrically, value and gradient, where TensorFlow's own padding does not", () => {
  const weights = newWeights(1);
  const layer = convolution(weights, { from: 3, to: 4, kernel: 5, stride: 2 });
  const [kernel, bias] = weights.variables as unknown as [tf.Tensor4D, tf.Tensor1D];
  const byHand = (x: tf.Tensor, w: tf.Tensor) =>
    tf.conv2d(tf.pad(x as tf.Tensor4D, [[0, 0], [2, 2], [2, 2], [0, 0]]), w as tf.Tensor4D, 2, "valid").add(bias);
  const x = random([2, 16, 16, 3], 5) as tf.Tensor4D;
  assert.ok(gap(layer(x), byHand(x, kernel)) < 1e-5);
  assert.ok(gap(layer(x), tf.conv2d(x, kernel, 2, "same")) > 0.1, "differs from SAME");
  const loss = (y: tf.Tensor) => y.square().sum() as tf.Scalar;
  const own = tf.variableGrads(() => loss(layer(x)), [weights.variables[0]!]).grads[weights.variables[0]!.name]!;
  assert.ok(gap(own, tf.grad((w) => loss(byHand(x, w)))(kernel)) < 2e-3);
});

Deno.test("dense() multiplies and adds, with the gradients of tfjs", () => {
  const weights = newWeights(1);
  const layer = dense(weights, 5, 3);
  const [matrix, bias] = weights.variables as unknown as [tf.Tensor2D, tf.Tensor1D];
  const x = random([4, 5], 1) as tf.Tensor2D;
  assert.ok(gap(layer(x), tf.matMul(x, matrix).add(bias)) < 1e-6);
  const gradient = tf.grad((y) => layer(y as tf.Tensor2D).square().sum())(x);
  assert.ok(gap(gradient, tf.grad((y) => tf.matMul(y as tf.Tensor2D, matrix).add(bias).square().sum())(x)) < 1e-5);
});

Deno.test("adam() takes the steps of tfjs's Adam", () => {
  const start = random([3, 2], 1);
  const mine = newWeights(1);
  const a = mine.make("w", [3, 2], "zeros");
  a.assign(start);
  const b = tf.variable(start);
  const optimiser = adam([a], { beta1: 0.5, beta2: 0.99, epsilon: 1e-7 });
  const theirs = tf.train.adam(0.01, 0.5, 0.99, 1e-7);
  for (let i = 0; i < 10; i++) {
    optimiser.minimise(() => a.square().sub(a).sum() as tf.Scalar, tf.scalar(0.01));
    theirs.minimize(() => b.square().sub(b).sum() as tf.Scalar, false, [b]);
  }
  assert.ok(gap(a, b) < 1e-4, `weights differ by ${gap(a, b)}`);
});

Deno.test("newWeights() draws the same values for the same seed and name, and others otherwise", () => {
  const draw = (seed: number, name: string) => [...newWeights(seed).make(name, [64, 32], "glorot_uniform").dataSync()];
  const first = draw(1, "a");
  assert.deepEqual(first, draw(1, "a"));
  assert.notDeepEqual(first, draw(2, "a"));
  assert.notDeepEqual(first, draw(1, "b"));
  const limit = Math.sqrt(6 / 96);
  assert.ok(first.every((value) => Math.abs(value) <= limit));
  const variance = first.reduce((sum, value) => sum + value * value, 0) / first.length;
  assert.ok(Math.abs(variance / (limit * limit / 3) - 1) < 0.1, "the variance of a uniform distribution");
});

Deno.test("newWeights() refuses a name twice and re-initialises what it is told to", () => {
  const weights = newWeights(1);
  const a = weights.within("inter").make("kernel", [8], "he_normal");
  const b = weights.within("encoder").make("kernel", [8], "he_normal");
  const before = [[...a.dataSync()], [...b.dataSync()]];
  assert.throws(() => weights.within("inter").make("kernel", [8], "zeros"), /"inter\/kernel" twice/);
  weights.reinitialise("inter/", 2);
  assert.notDeepEqual([...a.dataSync()], before[0]);
  assert.deepEqual([...b.dataSync()], before[1]);
});
