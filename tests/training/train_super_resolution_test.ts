import assert from "node:assert/strict";
import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
import { mean, psnr, ssim } from "doppel/evaluation/mod.ts";
import { enhanceFaces, softenFace, upscaler, type UpscalerModel } from "doppel/generators/mod.ts";
import { randomSource } from "doppel/random.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";
import { readCheckpointNotes, trainSuperResolution } from "doppel/training/mod.ts";

await useTensorFlow();
const sizes = { channels: 8, blocks: 1 };
const pictures = async (persons: readonly string[]) =>
  (await readFaceSet(BUNDLED_FACES, { size: 64, persons, perPerson: 6 })).faces.map(({ picture }) => picture);
const faces = await pictures(["person05", "person13", "person21"]);
const bits = (model: UpscalerModel) => model.weights.variables.map((variable) => [...variable.dataSync()]);

Deno.test("trainSuperResolution() resumed from a checkpoint equals an unbroken run bit for bit", async () => {
  const options = { steps: 10, batch: 2, crop: 32, seed: 3, mixedPrecision: "off" as const };
  const whole = upscaler(sizes, 1);
  const done = await trainSuperResolution(whole, faces, options);
  assert.deepEqual(done, { steps: 10, complete: true, mixedPrecision: false });

  const checkpoints = Deno.makeTempDirSync();
  const stop = new AbortController();
  const first = upscaler(sizes, 1);
  const broken = await trainSuperResolution(first, faces, {
    ...options,
    checkpoints,
    signal: stop.signal,
    callbacks: [({ step }) => step === 4 ? stop.abort() : undefined],
  });
  assert.deepEqual([broken.steps, broken.complete], [4, false]);
  const notes = await readCheckpointNotes(`${checkpoints}/last.safetensors`);
  assert.deepEqual(notes, { step: 4, model: "super_resolution", sizes });
  const second = upscaler(sizes, 9);
  await trainSuperResolution(second, faces, { ...options, checkpoints });
  assert.deepEqual(bits(second), bits(whole));
  [whole, first, second].forEach((model) => model.weights.dispose());
  Deno.removeSync(checkpoints, { recursive: true });
});

Deno.test("trainSuperResolution() learns in 150 steps what bicubic enlargement lacks, on a person it never saw", async () => {
  const stranger = await pictures(["person20"]);
  const soft = stranger.map((face, i) => softenFace(face, randomSource(1, "test", i)));
  const model = upscaler({ channels: 16, blocks: 2 }, 1);
  // An untrained network is bicubic enlargement.
  const before = await enhanceFaces(model, soft);
  const { complete } = await trainSuperResolution(model, faces, {
    steps: 150,
    batch: 4,
    crop: 32,
    rate: 2e-3,
    seed: 1,
  });
  const after = await enhanceFaces(model, soft);
  const gain = (figure: typeof psnr) =>
    mean(stranger.map((face, i) => figure(after[i]!, face) - figure(before[i]!, face)));
  assert.ok(complete);
  assert.ok(gain(psnr) > 0.3, `PSNR by ${gain(psnr)} dB`);
  assert.ok(gain(ssim) > 0.01, `SSIM by ${gain(ssim)}`);
  model.weights.dispose();
});

Deno.test("trainSuperResolution() ends with a sentence when there is nothing to cut or the loss is no number", async () => {
  const model = upscaler(sizes, 1);
  await assert.rejects(
    trainSuperResolution(model, [], { steps: 1, seed: 1 }),
    /Cannot make batch: .*at least one face/,
  );
  await assert.rejects(
    trainSuperResolution(model, faces, { steps: 1, seed: 1, crop: 33 }),
    /an even crop of at most 64 pixels, got 33/,
  );
  await assert.rejects(
    trainSuperResolution(model, faces, { steps: 30, batch: 2, crop: 32, seed: 1, rate: 1e30, mixedPrecision: "off" }),
    /Cannot train on: expected finite numbers in .+; lower the learning rate/,
  );
  model.weights.dispose();
});
