import assert from "node:assert/strict";
import { join } from "node:path";
import { type FaceSample } from "doppel/data/mod.ts";
import { segmentFaces, xseg } from "doppel/faces/mod.ts";
import { createPicture } from "doppel/image/mod.ts";
import { intersectionOverUnion } from "doppel/evaluation/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { loadXSeg, saveCheckpoint, trainXSeg } from "doppel/training/mod.ts";

await useTensorFlow();
const sizes = { resolution: 32, base: 4, levels: 3, code: 16 };
/** A bright disc on a dark ground, with the disc as its mask. */
function disc(x: number, y: number, radius: number): FaceSample {
  const mask = createPicture(32, 32, 1);
  for (let i = 0; i < 1024; i++) mask.data[i] = Math.hypot(i % 32 - x, (i >> 5) - y) < radius ? 1 : 0;
  const data = Float32Array.from({ length: 3072 }, (_, i) => mask.data[(i / 3) | 0]! * 0.6 + 0.2);
  return { picture: createPicture(32, 32, 3, data), mask };
}
const faces = [disc(14, 15, 9), disc(17, 16, 11), disc(15, 17, 8)];
const bits = (model: ReturnType<typeof xseg>) => model.weights.variables.map((variable) => [...variable.dataSync()]);
const options = { batch: 4, seed: 3, mixedPrecision: "off" as const };

Deno.test("trainXSeg() learns to find a disc, and leaves nothing behind", async () => {
  const before = tf.memory().numTensors;
  const model = xseg(sizes, 1);
  const losses: number[] = [];
  const result = await trainXSeg(model, faces, {
    ...options,
    steps: 120,
    rate: 1e-2,
    augmentation: { occluded: 0, surroundings: 0, degrade: 0, warp: 0 },
    callbacks: [({ losses: { mask } }) => void losses.push(mask!)],
  });
  assert.deepEqual(result, { steps: 120, complete: true, mixedPrecision: false });
  assert.ok(losses.at(-1)! < losses[0]! / 3, `${losses[0]} to ${losses.at(-1)}`);
  const other = disc(16, 14, 10);
  const [mask] = await segmentFaces(model, [other.picture]);
  assert.ok(intersectionOverUnion(mask!, other.mask) > 0.85, String(intersectionOverUnion(mask!, other.mask)));
  model.weights.dispose();
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("trainXSeg() resumed from a checkpoint equals an unbroken run bit for bit, and loadXSeg() opens it", async () => {
  const whole = xseg(sizes, 1);
  await trainXSeg(whole, faces, { ...options, steps: 8 });
  const folder = Deno.makeTempDirSync();
  const stop = new AbortController();
  const first = xseg(sizes, 1);
  const broken = await trainXSeg(first, faces, {
    ...options,
    steps: 8,
    checkpoints: folder,
    signal: stop.signal,
    callbacks: [({ step }) => step === 3 ? stop.abort() : undefined],
  });
  assert.deepEqual([broken.steps, broken.complete], [3, false]);
  const second = xseg(sizes, 9);
  await trainXSeg(second, faces, { ...options, steps: 8, checkpoints: folder });
  assert.deepEqual(bits(second), bits(whole));
  const loaded = await loadXSeg(join(folder, "last.safetensors"));
  assert.deepEqual([loaded.sizes, bits(loaded)], [sizes, bits(whole)]);
  [whole, first, second, loaded].forEach((model) => model.weights.dispose());
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("trainXSeg() and loadXSeg() say what is wrong", async () => {
  const model = xseg(sizes, 1);
  await assert.rejects(
    trainXSeg(model, [], { ...options, steps: 1 }),
    /expected at least one face with a mask, got none/,
  );
  const small = { picture: createPicture(16, 16, 3), mask: createPicture(16, 16, 1) };
  await assert.rejects(
    trainXSeg(model, [small], { ...options, steps: 1 }),
    /Cannot train XSeg: expected faces of 32x32 pixels, got 16x16/,
  );
  const path = join(Deno.makeTempDirSync(), "df.safetensors");
  await saveCheckpoint(path, {}, { step: 1, model: "df", sizes: {} });
  await assert.rejects(
    loadXSeg(path),
    /Cannot load segmentation network: expected a checkpoint of xseg, got one of df/,
  );
  const before = tf.memory().numTensors;
  await saveCheckpoint(path, {}, { step: 1, model: "xseg", sizes });
  await assert.rejects(loadXSeg(path), /Cannot load checkpoint: expected model\/.+ of shape .+, got none/);
  assert.equal(tf.memory().numTensors, before);
  model.weights.dispose();
});
