import assert from "node:assert/strict";
import { groupNorm, newWeights } from "doppel/nn/mod.ts";
import { addBias, bfloat16Features, compile, convolve, fence, tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const noise = (shape: [number, number, number, number], seed: number) =>
  tf.randomNormal(shape, 0, 1, "float32", seed) as tf.Tensor4D;

/** Gradient of a filter where what came out is weighed by `weights`. */
function filterGradient(x: tf.Tensor4D, filter: tf.Tensor4D, weights: tf.Tensor4D): tf.Tensor {
  return tf.grad((w) => convolve(x, w as tf.Tensor4D).mul(weights).sum())(filter);
}

const apart = (a: tf.Tensor, b: tf.Tensor) => a.sub(b).abs().max().dataSync()[0]! / b.abs().max().dataSync()[0]!;

Deno.test("convolve() has one gradient of a filter, whether by a product of few positions or by oneDNN's convolution", () => {
  for (const [side, size] of [[3, 48], [5, 40]] as const) {
    // One picture has at most 4,096 positions, the three together more.
    const x = noise([3, size, size, 4], 1);
    const weights = noise([3, size, size, 6], 2);
    const filter = noise([side, side, 4, 6], 3);
    const together = filterGradient(x, filter, weights);
    const single = tf.unstack(x).map((picture, i) =>
      filterGradient(picture.expandDims(0) as tf.Tensor4D, filter, weights.slice([i], [1]))
    );
    assert.ok(size * size <= 4096 && 3 * size * size > 4096);
    assert.ok(apart(tf.addN(single), together) < 1e-5, `side ${side}: ${apart(tf.addN(single), together)}`);
  }
});

Deno.test("convolve() gives a filter of unequal channels the gradient that differences give", () => {
  const x = noise([1, 5, 7, 2], 1);
  const weights = noise([1, 5, 7, 3], 2);
  const filter = noise([3, 3, 2, 3], 3);
  const value = (w: tf.Tensor4D) => convolve(x, w).mul(weights).sum().dataSync()[0]!;
  const gradient = filterGradient(x, filter, weights).dataSync();
  for (const place of [0, 7, 23, 53]) {
    const nudge = tf.oneHot(tf.tensor1d([place], "int32"), 54).reshape([3, 3, 2, 3]).mul(0.5) as tf.Tensor4D;
    const difference = value(filter.add(nudge)) - value(filter.sub(nudge));
    assert.ok(Math.abs(difference - gradient[place]!) < 1e-3, `place ${place}: ${difference}, ${gradient[place]}`);
  }
});

Deno.test({
  name: "addBias() sums its gradient up in float32 in mixed precision, after convolutions and elsewhere",
  ignore: bfloat16Features().length === 0, // no bfloat16 in this processor: the rewriter does nothing there
  async fn() {
    const filters = [noise([3, 3, 4, 8], 1), noise([3, 3, 8, 8], 2)] as const;
    const weights = newWeights(1);
    const norm = groupNorm(weights, 8);
    const layers: Record<string, (x: tf.Tensor4D, bias: tf.Tensor1D) => tf.Tensor> = {
      "after a convolution": (x, bias) => addBias(convolve(x, filters[0]), bias),
      "after a product": (x, bias) => addBias(convolve(x, filters[0]).mul(0.5) as tf.Tensor4D, bias),
      "after a norm": (x, bias) => addBias(norm(convolve(x, filters[0])), bias),
    };
    for (const [name, layer] of Object.entries(layers)) {
      for (const size of [32, 64]) {
        const x = noise([4, size, size, 4], 3);
        const gradientOf = async (mixedPrecision: boolean) => {
          const step = compile((picture: tf.Tensor4D, bias: tf.Tensor1D) => ({
            // Another convolution behind it brings the gradient in bfloat16.
            gradient: tf.grad((b) =>
              fence(convolve(layer(picture, b as tf.Tensor1D) as tf.Tensor4D, filters[1]), "output").mean().mul(1000)
            )(bias),
          }), { mixedPrecision });
          const { gradient } = await step(x, tf.zeros([8]));
          step.dispose();
          return gradient!;
        };
        const off = apart(await gradientOf(true), await gradientOf(false));
        assert.ok(off < 0.01, `${name}, ${size} px: ${off}`);
      }
    }
  },
});
