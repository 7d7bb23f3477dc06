import assert from "node:assert/strict";
import { df, liae, MASK_MODES, maskOfMode, mergePredictions, predictFaces, type Sizes } from "doppel/generators/mod.ts";
import { createPicture, type Picture } from "doppel/image/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const sizes: Sizes = { resolution: 32, encoder: 4, decoder: 4, code: 8, mask: 2 };
const noise = (seed: number) =>
  createPicture(32, 32, 3, Float32Array.from({ length: 3072 }, (_, i) => (i * seed) % 97 / 97));
const near = (a: Picture, b: Picture) => Math.max(...a.data.map((value, i) => Math.abs(value - b.data[i]!)));
const mirror = ({ width, height, channels, data }: Picture) =>
  createPicture(
    width,
    height,
    channels,
    data.map((_, i) => {
      const [pixel, c] = [Math.floor(i / channels), i % channels];
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      return data[(y * width + width - 1 - x) * channels + c]!;
    }),
  );

for (const build of [df, liae]) {
  Deno.test(`predictFaces() of ${build.name} gives each face what it gives it alone`, async () => {
    const model = build(sizes, 1);
    const faces = [noise(7), noise(31)];
    const both = await predictFaces(model, faces);
    for (const [i, face] of faces.entries()) {
      const [alone] = await predictFaces(model, [face]);
      for (const part of ["face", "mask", "ownMask"] as const) {
        assert.ok(near(both[i]![part], alone![part]) < 1e-5, part);
      }
    }
    model.weights.dispose();
  });

  Deno.test(`predictFaces() of ${build.name}, mirrored, does not mind which way round the photograph is`, async () => {
    const model = build(sizes, 1);
    const [there] = await predictFaces(model, [noise(7)], { mirrored: true });
    const [back] = await predictFaces(model, [mirror(noise(7))], { mirrored: true });
    assert.ok(near(there!.face, mirror(back!.face)) < 1e-5);
    assert.ok(there!.disagreement!.data.some((value) => value > 1e-4));
    assert.ok(near(there!.disagreement!, mirror(back!.disagreement!)) < 1e-5);
    model.weights.dispose();
  });
}

Deno.test("predictFaces() leaves no tensor behind", async () => {
  const model = liae(sizes, 1);
  const before = tf.memory().numTensors;
  await predictFaces(model, [noise(7)], { mirrored: true });
  assert.equal(tf.memory().numTensors, before);
  model.weights.dispose();
});

Deno.test("mergePredictions() follows the model that is sure, and takes the mean of equally sure ones", () => {
  const flat = (value: number, disagreement: number) => ({
    face: createPicture(32, 32, 3, value),
    mask: createPicture(32, 32, 1, value),
    ownMask: createPicture(32, 32, 1, value),
    disagreement: createPicture(32, 32, 1, disagreement),
  });
  const mean = mergePredictions([flat(0.2, 0.05), flat(0.6, 0.05)]);
  assert.ok(mean.face.data.every((value) => Math.abs(value - 0.4) < 1e-6));
  const sure = mergePredictions([flat(0.2, 0), flat(0.6, 0.2)]);
  assert.ok(sure.face.data.every((value) => Math.abs(value - 0.2) < 1e-3));
  assert.ok(sure.mask.data.every((value) => value >= 0.2 && value <= 0.6));
});

Deno.test("maskOfMode() multiplies at a star and takes the larger at a plus", () => {
  const flat = (value: number) => createPicture(4, 4, 1, value);
  const parts = {
    hull: flat(1),
    learnedPrd: flat(0.5),
    learnedDst: flat(0.4),
    xsegPrd: flat(0.9),
    xsegDst: flat(0.8),
  };
  const values = Object.fromEntries(
    MASK_MODES.map((mode) => [mode, Number(maskOfMode(mode, parts).data[5]!.toFixed(4))]),
  );
  assert.deepEqual(values, {
    "full": 1,
    "dst": 1,
    "learned-prd": 0.5,
    "learned-dst": 0.4,
    "learned-prd*learned-dst": 0.2,
    "learned-prd+learned-dst": 0.5,
    "XSeg-prd": 0.9,
    "XSeg-dst": 0.8,
    "XSeg-prd*XSeg-dst": 0.72,
    "learned-prd*learned-dst*XSeg-prd*XSeg-dst": 0.144,
  });
});
