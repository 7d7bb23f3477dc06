import assert from "node:assert/strict";
import { join } from "node:path";
import { seedTensor, tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { df, pairTraining } from "doppel/generators/mod.ts";
import { createPicture } from "doppel/image/mod.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  every,
  loadCheckpoint,
  readCheckpointNotes,
  saveCheckpoint,
  type StepLog,
  train,
  trainPair,
} from "doppel/training/mod.ts";

await useTensorFlow();
const sizes = { resolution: 32, encoder: 4, decoder: 4, code: 8, mask: 2 };
const face = (value: number) => ({ picture: createPicture(32, 32, 3, value), mask: createPicture(32, 32, 1, 1) });
const faces = { source: [face(0.2), face(0.4)], destination: [face(0.7), face(0.9)] };
const bits = (model: ReturnType<typeof df>) => model.weights.variables.map((variable) => [...variable.dataSync()]);

Deno.test("safetensors() come back as they went in, and are laid out as the format says", () => {
  const file = {
    tensors: { a: { shape: [2, 1], values: Float32Array.of(1, -2) }, b: { shape: [], values: Float32Array.of(3) } },
    notes: { x: "é" },
  };
  const bytes = encodeSafetensors(file);
  assert.deepEqual(decodeSafetensors(bytes, "here"), file);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.equal((8 + length) % 8, 0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  assert.deepEqual(header.b, { dtype: "F32", shape: [], data_offsets: [8, 12] });
  assert.equal(new DataView(bytes.buffer).getFloat32(8 + length + 4, true), -2);
});

Deno.test("decodeSafetensors() refuses damaged files with one sentence", () => {
  const whole = encodeSafetensors({ tensors: { a: { shape: [4], values: new Float32Array(4) } }, notes: {} });
  for (
    const bytes of [
      new Uint8Array(3),
      whole.slice(0, 20),
      whole.slice(0, -4),
      new TextEncoder().encode("not a checkpoint"),
    ]
  ) {
    assert.throws(
      () => decodeSafetensors(bytes, "x.safetensors"),
      /^Problem: Cannot read checkpoint: expected .+ \(x\.safetensors\)$/,
    );
  }
});

Deno.test("loadCheckpoint() refuses another model and changes nothing", async () => {
  const path = join(Deno.makeTempDirSync(), "a.safetensors");
  const [small, large] = [df(sizes, 1), df({ ...sizes, code: 16 }, 2)];
  await saveCheckpoint(path, small.weights.named(), { step: 7, model: "df", sizes });
  assert.deepEqual(await readCheckpointNotes(path), { step: 7, model: "df", sizes });
  const before = bits(large);
  await assert.rejects(
    loadCheckpoint(path, large.weights.named()),
    /Cannot load checkpoint: expected inter\/dense1\/kernel of shape/,
  );
  assert.deepEqual(bits(large), before);
  await assert.rejects(loadCheckpoint(path + "x", {}), /Cannot read checkpoint: expected a file, got none/);
});

Deno.test("train() makes the next batch while the step before it runs", async () => {
  const events: string[] = [];
  await train({
    steps: 2,
    batch: (step) => {
      events.push(`batch ${step}`);
      return { x: tf.scalar(step) };
    },
    step: async ({ x }, step) => {
      events.push(`begin ${step}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      events.push(`end ${step}`);
      return { loss: x.mul(2) as tf.Scalar };
    },
  });
  assert.deepEqual(events, ["batch 0", "begin 0", "batch 1", "end 0", "begin 1", "end 1"]);
});

Deno.test("train() reports steps, losses and rate, disposes of everything and stops when told", async () => {
  const before = tf.memory().numTensors;
  const stop = new AbortController();
  const logs: StepLog[] = [];
  const reached = await train({
    steps: 100,
    done: 10,
    signal: stop.signal,
    batch: (step) => ({ x: tf.scalar(step) }),
    step: ({ x }) => Promise.resolve({ loss: x.add(1) as tf.Scalar }),
    callbacks: [(log) => void logs.push(log), every(2, ({ step }) => step === 14 ? stop.abort() : undefined)],
  });
  assert.equal(reached, 14);
  assert.deepEqual(logs.map(({ step, losses }) => [step, losses["loss"]]), [[11, 11], [12, 12], [13, 13], [14, 14]]);
  assert.ok(logs.every(({ rate, seconds }) => rate > 0 && seconds > 0));
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("trainPair() resumed from a checkpoint equals an unbroken run bit for bit", async () => {
  const options = { batch: 2, seed: 3, saveEvery: 100, mixedPrecision: "off" as const };
  const whole = df(sizes, 1);
  assert.deepEqual(await trainPair(whole, faces, { ...options, steps: 12 }), {
    steps: 12,
    complete: true,
    mixedPrecision: false,
  });

  const folder = Deno.makeTempDirSync();
  const stop = new AbortController();
  const first = df(sizes, 1);
  const broken = await trainPair(first, faces, {
    ...options,
    steps: 12,
    checkpoints: folder,
    signal: stop.signal,
    callbacks: [({ step }) => step === 5 ? stop.abort() : undefined],
  });
  assert.deepEqual([broken.steps, broken.complete], [5, false]);
  const second = df(sizes, 9);
  await trainPair(second, faces, { ...options, steps: 12, checkpoints: folder });
  assert.deepEqual(bits(second), bits(whole));
  [whole, first, second].forEach((model) => model.weights.dispose());
});

Deno.test("trainPair() ends with a sentence when the loss is no longer a number", async () => {
  const model = df(sizes, 1);
  await assert.rejects(
    trainPair(model, faces, { steps: 50, batch: 2, seed: 1, rate: 1e30, mixedPrecision: "off" }),
    /Cannot train on: expected finite numbers in .+, got (NaN|Inf|-Inf).* \(step \d+; lower the learning rate\)/,
  );
});

Deno.test("pairTraining() counts the background only when asked to", async () => {
  const lossOf = async (masked: boolean) => {
    const model = df(sizes, 1);
    const training = pairTraining(model, { loss: { masked } });
    const side = (background: number) => {
      const mask = tf.zeros([1, 32, 32, 1]).pad([[0, 0], [0, 0], [0, 0], [0, 0]]) as tf.Tensor4D;
      return {
        warped: tf.zeros([1, 32, 32, 3]) as tf.Tensor4D,
        face: tf.fill([1, 32, 32, 3], background) as tf.Tensor4D,
        mask,
      };
    };
    const losses = [];
    for (const background of [0, 1]) {
      const { source } = await training.step(
        { source: side(background), destination: side(0) },
        tf.scalar(0),
        seedTensor(1, 0),
      );
      losses.push(source.dataSync()[0]!);
    }
    training.dispose();
    model.weights.dispose();
    return losses;
  };
  const [dark, bright] = await lossOf(true);
  assert.equal(dark, bright);
  const [darkAll, brightAll] = await lossOf(false);
  assert.ok(Math.abs(darkAll! - brightAll!) > 1e-3);
});

Deno.test("trainPair() switches the warp off for the last share of the steps", async () => {
  const picture = createPicture(32, 32, 3, Float32Array.from({ length: 3072 }, (_, i) => Math.sin(i) / 2 + 0.5));
  const uneven = [{ picture, mask: createPicture(32, 32, 1, 1) }];
  const after = async (options: { unwarped?: number; augmentation?: { warp: number } }) => {
    const model = df(sizes, 1);
    try {
      await trainPair(model, { source: uneven, destination: uneven }, {
        ...{ steps: 2, batch: 1, seed: 1 },
        ...options,
      });
      return bits(model);
    } finally {
      model.weights.dispose();
    }
  };
  const never = await after({ augmentation: { warp: 0 } });
  const always = await after({});
  assert.deepEqual(await after({ unwarped: 1 }), never);
  const half = await after({ unwarped: 0.5 });
  assert.notDeepEqual(half, never);
  assert.notDeepEqual(half, always);
});
