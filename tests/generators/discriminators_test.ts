import assert from "node:assert/strict";
import {
  codeDiscriminator,
  df,
  liae,
  pairTraining,
  type PairTrainingOptions,
  patchDiscriminator,
  receptiveField,
  stridesFor,
} from "doppel/generators/mod.ts";
import { seedTensor, tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const sizes = { resolution: 32, encoder: 4, decoder: 4, code: 8, mask: 2 };

Deno.test("stridesFor() finds the receptive field asked for, first stride 2, with the fewest layers", () => {
  for (const patch of [3, 7, 8, 11, 15, 16, 28, 40]) {
    const strides = stridesFor(patch);
    assert.equal(strides[0], 2);
    assert.ok(strides.length <= 9);
    assert.ok(Math.abs(receptiveField(strides) - patch) <= 1, `${patch}: ${strides} sees ${receptiveField(strides)}`);
  }
  assert.deepEqual(stridesFor(3), [2]);
  assert.deepEqual(stridesFor(7), [2, 2], "3 + 2 * 2");
});

Deno.test("patchDiscriminator() gives logits for every pixel and for every patch", () => {
  const discriminator = patchDiscriminator(4, 8, 1, 4);
  const stride = stridesFor(8).reduce((product, own) => product * own, 1);
  const { centre, full } = discriminator.judge(tf.randomUniform([2, 32, 32, 4]) as tf.Tensor4D);
  assert.deepEqual(full.shape, [2, 32, 32, 1]);
  assert.deepEqual(centre.shape, [2, 32 / stride, 32 / stride, 1]);
  discriminator.weights.dispose();
});

Deno.test("codeDiscriminator() has 1 + side / 8 strided convolutions of doubling width", () => {
  // By hand for side 8, 16 channels, base 256: 4x4x16x256 + 256, 3x3x256x512 + 512, 1x1x512x1 + 1.
  const discriminator = codeDiscriminator(8, 16, 1);
  assert.equal(discriminator.weights.parameters, 16 * 16 * 256 + 256 + 9 * 256 * 512 + 512 + 512 + 1);
  assert.equal(discriminator.judge(tf.zeros([3, 8, 8, 16]) as tf.Tensor4D).shape[3], 1);
  discriminator.weights.dispose();
});

const batchOf = () => {
  const side = (seed: number) => {
    const face = tf.randomUniform([2, 32, 32, 3], 0, 1, "float32", seed) as tf.Tensor4D;
    return { warped: face, face: face.clone(), mask: tf.ones([2, 32, 32, 1]) as tf.Tensor4D };
  };
  return { source: side(1), destination: side(2) };
};

const variants: Readonly<Record<string, PairTrainingOptions>> = {
  "the paper's GAN": { gan: { power: 0.1, dims: 4 } },
  "DeepFaceLab's GAN": { gan: { power: 0.1, dims: 4, sides: "source" } },
  "true face": { trueFace: { power: 0.01, dims: 8 } },
  "everything": {
    gan: { power: 0.1, dims: 4 },
    trueFace: { power: 0.01, dims: 8 },
    optimiser: "adabelief",
    keep: 0.5,
    clipNorm: 1,
  },
};
for (const [name, options] of Object.entries(variants)) {
  Deno.test(`pairTraining() with ${name} trains its discriminators, leaks nothing, and steps alike eager and compiled`, async () => {
    const curves: number[][] = [];
    for (const eager of [true, false]) {
      const model = df(sizes, 1);
      const training = pairTraining(model, { ...options, eager });
      const batch = batchOf();
      const rate = tf.scalar(1e-3);
      const curve: number[] = [];
      const weights = Object.entries(training.state).filter(([key]) =>
        /discriminator.*kernel/.test(key) && !/optimiser/.test(key)
      );
      const before = weights.map(([, variable]) => [...variable.dataSync()]);
      let tensors = 0;
      for (let i = 0; i < 4; i++) {
        const losses = await training.step(batch, rate, seedTensor(1, i));
        for (const key of Object.keys(losses).sort()) curve.push(losses[key]!.dataSync()[0]!);
        tf.dispose(losses);
        if (i === 1) tensors = tf.memory().numTensors;
      }
      // The two seeds made above are the test's own.
      assert.equal(tf.memory().numTensors, tensors + 2);
      weights.forEach(([key, variable], i) =>
        assert.notDeepEqual([...variable.dataSync()], before[i], `${key} stayed`)
      );
      assert.ok(curve.every(Number.isFinite));
      curves.push(curve);
      training.dispose();
      model.weights.dispose();
    }
    assert.deepEqual(curves[0], curves[1]);
  });
}

Deno.test("pairTraining() refuses true face for LIAE, whose sides do not share an inter", () => {
  const model = liae(sizes, 1);
  assert.throws(
    () => pairTraining(model, { trueFace: { power: 0.01 } }),
    /Cannot train with true face: expected DF, got LIAE/,
  );
  model.weights.dispose();
});

Deno.test("pairTraining() leaves frozen weights alone, as LIAE's inter_AB when the warp is off", async () => {
  const model = liae(sizes, 1);
  const training = pairTraining(model, { frozen: ["inter_AB/"] });
  const kernels = Object.entries(model.weights.named()).filter(([key]) => key.endsWith("kernel"));
  const before = kernels.map(([, variable]) => [...variable.dataSync()]);
  tf.dispose(await training.step(batchOf(), tf.scalar(1e-3), seedTensor(1, 0)));
  kernels.forEach(([key, variable], i) => {
    const moved = JSON.stringify([...variable.dataSync()]) !== JSON.stringify(before[i]);
    assert.equal(moved, !key.startsWith("inter_AB/"), key);
  });
  training.dispose();
  model.weights.dispose();
});

Deno.test("pairTraining() trains without the mask branch when the mask has no weight", async () => {
  const model = df(sizes, 1);
  const training = pairTraining(model, { loss: { masked: false, mask: 0 } });
  const mask = model.weights.named()["decoder_source/mask/kernel"]!;
  const before = [...mask.dataSync()];
  tf.dispose(await training.step(batchOf(), tf.scalar(1e-3), seedTensor(1, 0)));
  assert.deepEqual([...mask.dataSync()], before);
  training.dispose();
  model.weights.dispose();
});
