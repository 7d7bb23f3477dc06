import assert from "node:assert/strict";
import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
import { meanAbsoluteError, sharpness } from "doppel/evaluation/mod.ts";
import { enhanceFaces, softenedBatch, softenFace, upscaler, upscalerSizes } from "doppel/generators/mod.ts";
import { createPicture, type Picture, resizeMatrix, resizePicture } from "doppel/image/mod.ts";
import { randomSource } from "doppel/random.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const { faces } = await readFaceSet(BUNDLED_FACES, { size: 64, persons: ["person05"], perPerson: 4 });
const pictures = faces.map(({ picture }) => picture);
const half = (picture: Picture) =>
  resizePicture(picture, picture.width / 2, picture.height / 2, { interpolation: "bicubic" });
const double = (picture: Picture) =>
  resizePicture(picture, picture.width * 2, picture.height * 2, { interpolation: "bicubic" });
const still = { blur: 0, noise: 0 };

Deno.test("resizeMatrix() does to a row what resizePicture() does, for more and for fewer pixels", () => {
  for (const interpolation of ["bilinear", "bicubic", "lanczos", "area"] as const) {
    for (const to of [5, 31]) {
      const row = createPicture(13, 1, 1, Float32Array.from({ length: 13 }, (_, i) => Math.sin(i * i)));
      const matrix = resizeMatrix(13, to, interpolation);
      const product = Float32Array.from({ length: to }, (_, y) => {
        const sum = row.data.reduce((total, value, x) => total + value * matrix[y * 13 + x]!, 0);
        return Math.min(Math.max(...row.data), Math.max(Math.min(...row.data), sum));
      });
      const expected = resizePicture(row, to, 1, { interpolation }).data;
      product.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-6, `${interpolation} to ${to}`));
    }
  }
});

Deno.test("upscaler() is bicubic enlargement before it is trained, whatever the size", async () => {
  const model = upscaler(upscalerSizes.small, 1);
  const wide = createPicture(21, 14, 3, Float32Array.from({ length: 21 * 14 * 3 }, (_, i) => 0.5 + 0.4 * Math.sin(i)));
  for (const picture of [half(pictures[0]!), wide]) {
    const [enhanced] = await enhanceFaces(model, [picture]);
    // Overshoot is clipped to [0, 1] here, to the range of the picture there.
    const [low, high] = [Math.min(...picture.data), Math.max(...picture.data)];
    const clipped = enhanced!.data.map((value) => Math.min(high, Math.max(low, value)));
    double(picture).data.forEach((value, i) =>
      assert.ok(Math.abs(value - clipped[i]!) < 1e-5, `${clipped[i]} ${value}`)
    );
  }
  model.weights.dispose();
});

Deno.test("enhanceFaces() mixes the network in by its power, stays in range and leaves no tensor behind", async () => {
  const model = upscaler({ channels: 4, blocks: 1 }, 1);
  tf.tidy(() => model.weights.named()["detail/bias"]!.assign(tf.fill([12], 0.4)));
  const [soft] = pictures.map(half);
  const before = tf.memory().numTensors;
  const [none, some, all] = await Promise.all(
    [0, 0.5, 1].map(async (power) => (await enhanceFaces(model, [soft!], { power }))[0]!),
  );
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(none, double(soft!));
  assert.ok(all!.data.every((value) => value >= 0 && value <= 1) && all!.data.some((value) => value === 1));
  some!.data.forEach((value, i) => assert.ok(Math.abs(value - (none!.data[i]! + all!.data[i]!) / 2) < 1e-6));
  await assert.rejects(enhanceFaces(model, [soft!], { power: 2 }), /a power between 0 and 1, got 2/);
  await assert.rejects(enhanceFaces(model, [createPicture(8, 8, 1)]), /colour pictures of shape \[8, 8, 3\]/);
  model.weights.dispose();
});

Deno.test("softenFace() halves the resolution, and softens more the more it may", () => {
  const random = () => randomSource(1, "test");
  assert.deepEqual(softenFace(pictures[0]!, random(), still), half(pictures[0]!));
  const blurred = [0, 1, 2, 3].map((blur) => sharpness(softenFace(pictures[0]!, random(), { blur, noise: 0 })));
  blurred.slice(1).forEach((value, i) => assert.ok(value < blurred[i]!, blurred.join(" ")));
  const noisy = softenFace(pictures[0]!, random(), { blur: 0, noise: 0.5 });
  assert.ok(noisy.data.every((value) => value >= 0 && value <= 1));
  assert.ok(meanAbsoluteError(noisy, half(pictures[0]!)) > 0.01);
  assert.throws(() => softenFace(createPicture(9, 8, 3), random()), /expected even sides, got 9x8/);
});

Deno.test("softenedBatch() mirrors some faces and not all", () => {
  const ramp = createPicture(16, 16, 3, Float32Array.from({ length: 768 }, (_, i) => Math.floor(i / 3) % 16 / 16));
  const { face } = softenedBatch([ramp], { size: 40, crop: 16, seed: 1, step: 0 });
  const rising = Array.from({ length: 40 }, (_, i) => face[i * 768]! < face[i * 768 + 45]!).filter((yes) => yes).length;
  assert.ok(rising > 8 && rising < 32, `${rising} of 40`);
});

Deno.test("softenedBatch() cuts the same square out of face and softened face, mirrored alike", () => {
  const options = { size: 12, crop: 32, seed: 3, step: 5, ...still };
  const { soft, face } = softenedBatch(pictures, options);
  assert.deepEqual(softenedBatch(pictures, options), { soft, face });
  assert.notDeepEqual(softenedBatch(pictures, { ...options, step: 6 }).face, face);
  for (let i = 0; i < 12; i++) {
    const cut = createPicture(32, 32, 3, face.slice(i * 3072, (i + 1) * 3072));
    const small = createPicture(16, 16, 3, soft.slice(i * 768, (i + 1) * 768));
    // Equal but for the border, where the whole face was seen and the cut ends.
    for (let y = 2; y < 14; y++) {
      for (let x = 2; x < 14; x++) {
        for (let c = 0; c < 3; c++) {
          const at = (y * 16 + x) * 3 + c;
          assert.ok(Math.abs(small.data[at]! - half(cut).data[at]!) < 1e-5, `face ${i} at ${x}, ${y}`);
        }
      }
    }
  }
  assert.throws(() => softenedBatch([], options), /expected at least one face, got none/);
  assert.throws(() => softenedBatch(pictures, { ...options, crop: 65 }), /an even crop of at most 64 pixels, got 65/);
  assert.throws(() => softenedBatch(pictures, { ...options, crop: 66 }), /an even crop of at most 64 pixels, got 66/);
});
