import assert from "node:assert/strict";
import { ssim } from "doppel/evaluation/mod.ts";
import { createPicture } from "doppel/image/mod.ts";
import { dssim, gaussianBlur, meanSquaredError } from "doppel/nn/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const noise = (seed: number) => tf.randomUniform([2, 32, 24, 3], 0, 1, "float32", seed) as tf.Tensor4D;

Deno.test("dssim() is (1 - SSIM) / 2 of the metric that agrees with scikit-image", async () => {
  const a = noise(1);
  const b = a.mul(0.7).add(noise(2).mul(0.3)) as tf.Tensor4D;
  const losses = dssim(a, b, { window: 11 }).dataSync();
  for (const i of [0, 1]) {
    const picture = async (x: tf.Tensor4D) =>
      createPicture(24, 32, 3, await x.slice([i, 0, 0, 0], [1, 32, 24, 3]).data() as Float32Array);
    // The metric averages over the whole picture with reflected edges; the loss keeps its window inside.
    const inner = ssim(await picture(a), await picture(b));
    assert.ok(Math.abs((1 - inner) / 2 - losses[i]!) < 0.02, `${(1 - inner) / 2} against ${losses[i]}`);
  }
  const equal = dssim(a, a, { window: 11 }).dataSync();
  assert.ok(equal.every((loss) => Math.abs(loss) < 1e-6));
});

Deno.test("dssim() equals a depthwise Gaussian filter, value and gradient", () => {
  const a = noise(3);
  const b = noise(4);
  const byFilter = (x: tf.Tensor4D, y: tf.Tensor4D) => {
    const kernel1 = tf.tensor1d([-2, -1, 0, 1, 2].map((d) => Math.exp(-d * d / (2 * 1.5 * 1.5))));
    const kernel2 = tf.outerProduct(kernel1, kernel1);
    const kernel = kernel2.div(kernel2.sum()).reshape([5, 5, 1, 1]).tile([1, 1, 3, 1]) as tf.Tensor4D;
    const filter = (z: tf.Tensor4D) => tf.depthwiseConv2d(z, kernel, 1, "valid");
    const [ma, mb] = [filter(x), filter(y)];
    const va = filter(x.square()).sub(ma.square());
    const vb = filter(y.square()).sub(mb.square());
    const cov = filter(x.mul(y)).sub(ma.mul(mb));
    const luminance = ma.mul(mb).mul(2).add(1e-4).div(ma.square().add(mb.square()).add(1e-4));
    const contrast = cov.mul(2).add(9e-4).div(va.add(vb).add(9e-4));
    return tf.sub(1, luminance.mul(contrast).mean([1, 2, 3])).div(2);
  };
  const mine = (y: tf.Tensor) => dssim(a, y as tf.Tensor4D, { window: 5 }).sum() as tf.Scalar;
  const theirs = (y: tf.Tensor) => byFilter(a, y as tf.Tensor4D).sum() as tf.Scalar;
  assert.ok(Math.abs(mine(b).sub(theirs(b)).dataSync()[0]!) < 1e-5);
  const difference = tf.grad(mine)(b).sub(tf.grad(theirs)(b)).abs().max().dataSync()[0]!;
  assert.ok(difference < 1e-6, `gradients differ by ${difference}`);
});

Deno.test("dssim() refuses a window that is larger than the picture", () => {
  assert.throws(
    () => dssim(noise(1), noise(2), { window: 25 }),
    /Cannot compute SSIM: expected a window of at most 24/,
  );
});

Deno.test("meanSquaredError() gives one value for each picture", () => {
  const target = tf.zeros([2, 1, 1, 2]) as tf.Tensor4D;
  const prediction = tf.tensor4d([1, 3, 0, 2], [2, 1, 1, 2]);
  assert.deepEqual([...meanSquaredError(target, prediction).dataSync()], [5, 2]);
});

Deno.test("gaussianBlur() keeps a flat picture flat and spreads a point as the Gaussian does", () => {
  const flat = gaussianBlur(tf.fill([1, 9, 9, 1], 0.3) as tf.Tensor4D, 1.5).dataSync();
  assert.ok(flat.every((value) => Math.abs(value - 0.3) < 1e-6));
  const point = tf.oneHot(tf.scalar(40, "int32"), 81).reshape([1, 9, 9, 1]).toFloat() as tf.Tensor4D;
  const blurred = gaussianBlur(point, 1).dataSync();
  const weights = [-3, -2, -1, 0, 1, 2, 3].map((d) => Math.exp(-d * d / 2));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  assert.ok(Math.abs(blurred[40]! - (1 / sum) ** 2) < 1e-6);
  assert.ok(Math.abs(blurred[41]! - Math.exp(-0.5) / sum ** 2) < 1e-6);
});
