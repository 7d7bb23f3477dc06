import assert from "node:assert/strict";
import { join } from "node:path";
import { detectorBatch, featureBatch, type LabelledPicture } from "doppel/data/mod.ts";
import {
  classifier,
  type Detector,
  detector,
  linearProbe,
  mesoInception,
  scorePictures,
  tgdTransfer,
} from "doppel/detectors/mod.ts";
import { rocAuc } from "doppel/evaluation/mod.ts";
import { createPicture } from "doppel/image/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { earlyStop, loadDetector, saveCheckpoint, train, trainDetector } from "doppel/training/mod.ts";

await useTensorFlow();
const side = 32;
/** A smooth picture; a forged one has a faint pattern of checks over it. */
function labelled(number: number): LabelledPicture {
  const forged = number % 2 === 1;
  const data = Float32Array.from({ length: side * side * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    const smooth = 0.5 + 0.2 * Math.sin(x / 7 + number) + 0.2 * Math.cos(y / 9 + 2 * number + i % 3);
    return smooth + (forged ? ((x + y) % 2 ? 0.04 : -0.04) : 0);
  });
  return { picture: createPicture(side, side, 3, data), forged };
}
const pictures = Array.from({ length: 12 }, (_, i) => labelled(i));
const unseen = Array.from({ length: 8 }, (_, i) => labelled(100 + i));
const batches = (step: number) =>
  detectorBatch(pictures, {
    size: 4,
    resolution: side,
    seed: 1,
    step,
    degradation: { blur: 0.2, sigma: 0.5, jpeg: 0.2 },
  });
const vectors = pictures.map(({ forged }, i) => ({
  features: Float32Array.from({ length: 16 }, (_, j) => Math.sin(7 * i + j * j) + (forged ? 1 : 0) * (j % 2)),
  forged,
}));
const features = (step: number) => featureBatch(vectors, { size: 4, seed: 1, step });
const probe = (seed: number) => detector(linearProbe, linearProbe.sizes.tiny, seed);
const bits = (model: Detector) => model.weights.variables.map((variable) => [...variable.dataSync()]);
const options = { seed: 3, mixedPrecision: "off" as const };

Deno.test("trainDetector() learns to tell pictures that it has not seen, and leaves nothing behind", async () => {
  const before = tf.memory().numTensors;
  const model = detector(classifier, { ...classifier.sizes.tiny, view: "residual" }, 1);
  const losses: number[] = [];
  const result = await trainDetector(model, batches, {
    ...options,
    steps: 60,
    rate: 3e-3,
    decay: 1,
    warmUp: 5,
    callbacks: [({ losses: { total } }) => void losses.push(total!)],
  });
  assert.deepEqual(result, { steps: 60, complete: true, mixedPrecision: false });
  assert.ok(losses.at(-1)! < losses[0]! / 2, `${losses[0]} to ${losses.at(-1)}`);
  const scores = await scorePictures(model, unseen.map(({ picture }) => picture));
  const auc = rocAuc(unseen.map(({ forged }, i) => ({ forged, score: scores[i]! })));
  assert.ok(auc > 0.9, `AUC ${auc}`);
  model.weights.dispose();
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("trainDetector() with T-GD resumes bit for bit, its teacher among the rest, and loadDetector() opens it", async () => {
  const run = (model: Detector, more: Partial<Parameters<typeof trainDetector>[2]>) =>
    trainDetector(model, batches, {
      ...options,
      steps: 7,
      rate: 1e-2,
      training: (student, precision) => tgdTransfer(student, { ...precision, renewEvery: 2 }),
      ...more,
    });
  const sizes = { ...mesoInception.sizes.tiny, dropout: 0.3 };
  const whole = detector(mesoInception, sizes, 1);
  await run(whole, {});
  const folder = Deno.makeTempDirSync();
  const stop = new AbortController();
  const first = detector(mesoInception, sizes, 1);
  const broken = await run(first, {
    checkpoints: folder,
    signal: stop.signal,
    callbacks: [({ step }) => step === 3 ? stop.abort() : undefined],
  });
  assert.deepEqual([broken.steps, broken.complete], [3, false]);
  const second = detector(mesoInception, sizes, 9);
  await run(second, { checkpoints: folder });
  assert.deepEqual(bits(second), bits(whole));
  const loaded = await loadDetector(join(folder, "last.safetensors"));
  assert.deepEqual([loaded.name, loaded.sizes, bits(loaded)], ["meso_inception", sizes, bits(whole)]);
  [whole, first, second, loaded].forEach(({ weights }) => weights.dispose());
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("trainDetector() ends when validation has not been better for long enough, with the best weights", async () => {
  const before = tf.memory().numTensors;
  const figures = [0.5, 0.7, 0.7, 0.6, 0.9];
  const seen: number[][][] = [];
  const validation = (offset = 0) => ({
    every: 2,
    patience: 2,
    measure: (model: Detector) => {
      seen.push(bits(model));
      return figures[offset + seen.length - 1]!;
    },
  });
  const folder = Deno.makeTempDirSync();
  const model = probe(1);
  const result = await trainDetector(model, features, {
    ...options,
    steps: 20,
    validation: validation(),
    checkpoints: folder,
  });
  assert.deepEqual([result.steps, result.complete], [8, true]);
  assert.equal(result.best?.step, 4);
  assert.ok(Math.abs(result.best!.value - 0.7) < 1e-6);
  assert.deepEqual(bits(model), seen[1]);
  const best = await loadDetector(join(folder, "best.safetensors"));
  assert.deepEqual(bits(best), seen[1]);

  // Begun again, it knows that it has ended.
  const again = probe(5);
  const known = await trainDetector(again, features, {
    ...options,
    steps: 20,
    validation: validation(),
    checkpoints: folder,
  });
  assert.deepEqual([known.steps, known.complete, known.best], [8, true, result.best]);
  assert.deepEqual(bits(again), seen[1]);

  // Broken off and resumed, it waits no longer than unbroken.
  Deno.removeSync(join(folder, "last.safetensors"));
  seen.length = 0;
  const stop = new AbortController();
  const callbacks = [({ step }: { step: number }) => step === 5 ? stop.abort() : undefined];
  const part = probe(1);
  const parts = { ...options, steps: 20, checkpoints: folder };
  const half = await trainDetector(part, features, {
    ...parts,
    validation: validation(),
    signal: stop.signal,
    callbacks,
  });
  assert.deepEqual([half.steps, half.complete], [5, false]);
  const rest = probe(7);
  const resumed = await trainDetector(rest, features, { ...parts, validation: validation() });
  assert.deepEqual(resumed, result);
  assert.deepEqual(bits(rest), bits(model));
  [model, best, again, part, rest].forEach(({ weights }) => weights.dispose());
  assert.equal(tf.memory().numTensors, before);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("trainDetector() ends at once when validation is as good as can be, and knows it when begun again", async () => {
  const folder = Deno.makeTempDirSync();
  const figures = [0.5, 1, 0.7];
  let looks = 0;
  const validation = { every: 2, enough: 1, measure: () => figures[looks++]! };
  for (const seed of [1, 5]) {
    const model = probe(seed);
    const result = await trainDetector(model, features, { ...options, steps: 20, validation, checkpoints: folder });
    assert.deepEqual(result, { steps: 4, complete: true, mixedPrecision: false, best: { step: 4, value: 1 } });
    model.weights.dispose();
  }
  assert.equal(looks, 2);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("trainDetector() lowers the rate in steps, which an unlike run shows", async () => {
  const [even, dropped] = [probe(1), probe(1)];
  await trainDetector(even, features, { ...options, steps: 3 });
  await trainDetector(dropped, features, { ...options, steps: 3, drop: { every: 1, factor: 0 } });
  const once = probe(1);
  await trainDetector(once, features, { ...options, steps: 1 });
  // From the second step on the rate is 0.
  assert.deepEqual(bits(dropped), bits(once));
  assert.notDeepEqual(bits(even), bits(once));
  [even, dropped, once].forEach(({ weights }) => weights.dispose());
});

Deno.test("trainDetector(), earlyStop() and loadDetector() say what is wrong", async () => {
  const model = probe(1);
  await assert.rejects(
    trainDetector(model, batches, { ...options, steps: 1 }),
    /Cannot train detector: expected a batch of shape \[4,16\], got 12288 values and 4 labels \(linear_probe\)/,
  );
  assert.throws(
    () => earlyStop(model.weights.named(), { measure: () => 1, every: 0 }),
    /Cannot watch training: expected a positive whole interval and patience, got 0/,
  );
  const validation = { measure: () => NaN, every: 1 };
  await assert.rejects(
    trainDetector(model, features, { ...options, steps: 1, validation }),
    /Cannot watch training: expected a finite figure, got NaN/,
  );
  const path = join(Deno.makeTempDirSync(), "df.safetensors");
  await saveCheckpoint(path, {}, { step: 1, model: "df", sizes: {} });
  await assert.rejects(
    loadDetector(path),
    /Cannot load detector: expected a checkpoint of forensic_transfer, .+ got one of df/,
  );
  const before = tf.memory().numTensors;
  await saveCheckpoint(path, {}, { step: 1, model: "linear_probe", sizes: { length: 16 } });
  await assert.rejects(
    loadDetector(path),
    /Cannot load checkpoint: expected model\/head\/kernel of shape \[16,1\], got none/,
  );
  assert.equal(tf.memory().numTensors, before);
  model.weights.dispose();
});

Deno.test("train() takes promised batches in order, and fails as they do", async () => {
  const order: number[] = [];
  const task = (fail: number) => ({
    steps: 4,
    batch: async (step: number) => {
      await new Promise((resolve) => setTimeout(resolve, 3 - step));
      if (step === fail) throw new RangeError(`no batch ${step}`);
      return { x: tf.scalar(step) };
    },
    step: async ({ x }: { x: tf.Scalar }) => {
      order.push((await x.data())[0]!);
      return { loss: x.clone() as tf.Scalar };
    },
  });
  const before = tf.memory().numTensors;
  assert.equal(await train(task(9)), 4);
  assert.deepEqual(order, [0, 1, 2, 3]);
  assert.equal(tf.memory().numTensors, before);
  await assert.rejects(train(task(2)), /no batch 2/);
});
