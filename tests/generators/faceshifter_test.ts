// The values in faceshifter_truth.json were computed with NumPy by the plain definitions: loops over places for
// convolutions, a sum of shifted kernels for transposed ones, statistics by mean and var, the AAD layer by its formulae.
import assert from "node:assert/strict";
import { aei, aeiParameters, aeiSizes, type Fusion } from "doppel/generators/mod.ts";
import { newWeights, type Weights } from "doppel/nn/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { aad } from "../../lib/generators/faceshifter/aad.ts";
import { attributeEncoder } from "../../lib/generators/faceshifter/attribute_encoder.ts";
import { aeiPlanOf } from "../../lib/generators/faceshifter/sizes.ts";
import truth from "./faceshifter_truth.json" with { type: "json" };

await useTensorFlow();
const sines = (shape: number[], frequency: number) =>
  tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(frequency * i)), shape);
const gap = (tensor: tf.Tensor, values: readonly number[]) => {
  const own = tensor.dataSync();
  assert.equal(own.length, values.length);
  return values.reduce((most, value, i) => Math.max(most, Math.abs(value - own[i]!)), 0);
};
/** Gives the trained weights values that NumPy can make too; scales are moved by 1. */
function fill(weights: Weights) {
  weights.variables.filter(({ trainable }) => trainable).forEach((variable, k) =>
    variable.assign(sines(variable.shape, 0.37 + 0.11 * k).mul(0.5).add(variable.name.endsWith("/scale") ? 1 : 0))
  );
}

const h = sines([2, 3, 3, 4], 0.7) as tf.Tensor4D;
const zId = sines([2, 5], 0.9) as tf.Tensor2D;
const zAtt = sines([2, 3, 3, 6], 0.43) as tf.Tensor4D;

for (const fusion of ["aad", "add", "cat"] as Fusion[]) {
  Deno.test(`aad() with fusion ${fusion} agrees with NumPy`, () => {
    const weights = newWeights(1);
    const layer = aad(weights, 4, 6, { identity: 5, mask: 3, fusion });
    fill(weights);
    const { y, mask } = layer(h, zId, zAtt);
    assert.ok(gap(y, truth[fusion]) < 2e-5, `off by ${gap(y, truth[fusion])}`);
    if (fusion === "aad") assert.ok(gap(mask!, truth.mask) < 1e-5);
    else assert.equal(mask, undefined);
    weights.dispose();
  });
}

Deno.test("aad() above the levels used joins the identity with the normalised activation itself", () => {
  const weights = newWeights(1);
  const layer = aad(weights, 4, undefined, { identity: 5, mask: 3, fusion: "aad" });
  fill(weights);
  assert.ok(gap(layer(h, zId, undefined).y, truth.above) < 2e-5);
  weights.dispose();
});

Deno.test("attributeEncoder() agrees with NumPy at every level, by the statistics of the batch", () => {
  const weights = newWeights(1);
  const plan = aeiPlanOf({ ...aeiSizes.tiny, resolution: 8, attributes: [2, 3], generator: [4, 4, 4] });
  const encode = attributeEncoder(weights, plan);
  fill(weights);
  const faces = sines([2, 8, 8, 3], 0.61).add(1).div(2) as tf.Tensor4D;
  const levels = encode(faces, "batch");
  assert.deepEqual(levels.map(({ shape }) => shape), [[2, 2, 2, 3], [2, 4, 4, 4], [2, 8, 8, 4]]);
  levels.forEach((level, k) => {
    const off = gap(level, truth.attributes[k]!);
    assert.ok(off < 5e-5, `level ${k + 1} is off by ${off}`);
  });
  weights.dispose();
});

Deno.test("attributeEncoder() in use goes by what it learnt, a face at a time as in a batch", () => {
  const model = aei(aeiSizes.tiny, 1);
  const faces = sines([4, 16, 16, 3], 0.61).add(1).div(2) as tf.Tensor4D;
  tf.tidy(() => {
    const batch = model.attributes(faces, "batch");
    const off = () => model.attributes(faces).map((level, k) => level.sub(batch[k]!).abs().mean().dataSync()[0]!);
    const before = off();
    for (let i = 0; i < 60; i++) model.attributes(faces, "learn");
    // Not nought: the averages hold the unbiased variance, of 15 degrees of freedom at the bottom.
    off().forEach((own, k) => assert.ok(own < 0.04 && own < before[k]! / 4, `level ${k + 1}: ${before[k]} to ${own}`));
    const alone = model.attributes(faces.slice([2, 0, 0, 0], [1, 16, 16, 3]));
    model.attributes(faces).forEach((level, k) => {
      assert.ok(alone[k]!.sub(level.slice([2, 0, 0, 0], [1, -1, -1, -1])).abs().max().dataSync()[0]! < 1e-5);
    });
  });
  model.weights.dispose();
});

Deno.test("attributeEncoder() tells a dark face from a bright one", () => {
  const model = aei(aeiSizes.tiny, 1);
  tf.tidy(() => {
    const face = sines([1, 16, 16, 3], 0.61).mul(0.2).add(0.3) as tf.Tensor4D;
    const [dark, bright] = [face, face.add(0.4) as tf.Tensor4D].map((x) => model.attributes(x));
    dark!.forEach((level, k) => {
      assert.ok(level.sub(bright![k]!).abs().mean().dataSync()[0]! > 0.02, `level ${k + 1} is the same for both`);
    });
  });
  model.weights.dispose();
});

Deno.test("aeiParameters() counts the paper's sizes: 67.1 M attribute encoder, 117.3 M generator", () => {
  // Counted by hand from the layers: 16 x 4,192,352 in kernels of 4x4 and 10,112 scales and offsets.
  const { attributes, generator } = aeiParameters(aeiSizes.paper);
  assert.equal(attributes, 67_087_744);
  assert.equal((generator / 1e6).toFixed(1), "117.3");
});

Deno.test("aeiParameters() counts what aei() makes, in every arm", () => {
  const arms = [{}, { fusion: "add" }, { fusion: "cat" }, { levels: 3 }, { levels: 1 }, { head: "block" }] as const;
  const counts = arms.map((arm) => {
    const sizes = { ...aeiSizes.tiny, ...arm };
    const { attributes, generator } = aeiParameters(sizes);
    const model = aei(sizes, 1);
    assert.equal(model.weights.parameters, attributes + generator, JSON.stringify(arm));
    model.weights.dispose();
    return attributes + generator;
  });
  assert.ok(counts[1]! < counts[0]! && counts[3]! < counts[0]! && counts[4]! < counts[3]!, String(counts));
});

Deno.test("aei() gives as many levels of attributes as asked for, and masks for its AAD layers alone", () => {
  const { resolution, identity } = aeiSizes.tiny;
  tf.tidy(() => {
    const faces = tf.randomUniform([2, resolution, resolution, 3], 0, 1, "float32", 1) as tf.Tensor4D;
    const source = tf.randomNormal([2, identity], 0, 1, "float32", 2) as tf.Tensor2D;
    const full = aei({ ...aeiSizes.tiny, head: "block" }, 1);
    assert.deepEqual(full.attributes(faces).map(({ shape }) => shape[1]), [2, 4, 8, 16]);
    const { face, masks } = full.generate(source, full.attributes(faces));
    assert.deepEqual(masks.map((own) => own.map(({ shape }) => shape[1])), [[2, 2], [4, 4], [8, 8], [16, 16, 16]]);
    for (const tensor of [face, ...masks.flat()]) {
      assert.ok(tensor.min().dataSync()[0]! >= 0 && tensor.max().dataSync()[0]! <= 1);
    }
    const three = aei({ ...aeiSizes.tiny, fusion: "add", levels: 3 }, 1);
    assert.equal(three.attributes(faces).length, 3);
    const made = three.generate(source, three.attributes(faces));
    assert.deepEqual([made.face.shape, made.masks], [[2, 16, 16, 3], [[], [], [], []]]);
    [full, three].forEach((model) => model.weights.dispose());
  });
});

Deno.test("aei() refuses sizes that do not fit together", () => {
  const build = (change: object) => () => aei({ ...aeiSizes.tiny, ...change }, 1);
  assert.throws(
    build({ resolution: 20 }),
    /Cannot build AEI-Net: expected a resolution that is a multiple of 16, got 20/,
  );
  assert.throws(build({ generator: [8, 8] }), /expected channels of 4 levels in the generator, got 2/);
  assert.throws(build({ levels: 5 }), /expected "all" or 1 to 4 levels of attributes, got 5/);
  assert.throws(build({ attributes: [8] }), /expected two or more convolutions in the attribute encoder, got 1/);
});
