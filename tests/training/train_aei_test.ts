import assert from "node:assert/strict";
import { join } from "node:path";
import type { EmbeddedFaces } from "doppel/data/mod.ts";
import {
  aei,
  type AeiEncoder,
  aeiSizes,
  discriminatorSizes,
  multiScaleDiscriminator,
  swapFaces,
} from "doppel/generators/mod.ts";
import { createPicture } from "doppel/image/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { loadAei, saveCheckpoint, trainAei, type TrainAeiOptions } from "doppel/training/mod.ts";

await useTensorFlow();
const sizes = aeiSizes.tiny;
const encoder: AeiEncoder = { embed: (faces) => faces.slice([0, 7, 6, 0], [-1, 1, 4, 2]).reshape([-1, 8]).sub(0.5) };
/** Four plain faces of two persons. */
const faces: EmbeddedFaces = {
  centre: new Float32Array(8).fill(0.1),
  faces: [0.2, 0.3, 0.7, 0.8].map((grey, i) => ({
    person: grey < 0.5 ? "dark" : "bright",
    picture: createPicture(16, 16, 3, Float32Array.from({ length: 768 }, (_, k) => grey + (k % 7) / 70)),
    descriptor: Float32Array.from({ length: 8 }, (_, k) => Math.sin(i + k)),
  })),
};
const options: TrainAeiOptions = { steps: 6, batch: 2, seed: 3, mixedPrecision: "off" };
const bits = ({ weights }: { weights: { variables: readonly tf.Variable[] } }) =>
  weights.variables.map((variable) => [...variable.dataSync()]);
const fresh = (seed: number) => ({
  model: aei(sizes, seed),
  discriminator: multiScaleDiscriminator(discriminatorSizes.tiny, seed),
});

Deno.test("trainAei() resumed from a checkpoint equals an unbroken run bit for bit, and loadAei() opens it", async () => {
  const before = tf.memory().numTensors;
  const whole = fresh(1);
  const unbroken = await trainAei(whole.model, whole.discriminator, encoder, faces, options);
  const folder = Deno.makeTempDirSync();
  const stop = new AbortController();
  const first = fresh(1);
  const broken = await trainAei(first.model, first.discriminator, encoder, faces, {
    ...options,
    checkpoints: folder,
    signal: stop.signal,
    callbacks: [({ step }) => step === 3 ? stop.abort() : undefined],
  });
  assert.deepEqual([broken.steps, broken.complete], [3, false]);
  const second = fresh(9);
  let watched: string[] | undefined;
  const resumed = await trainAei(second.model, second.discriminator, encoder, faces, {
    ...options,
    checkpoints: folder,
    keepAt: [5],
    watch: (averaged) => ({ losses }) => {
      assert.equal(averaged.name, "aei");
      watched = Object.keys(losses);
    },
  });
  assert.deepEqual([resumed.steps, resumed.complete, resumed.mixedPrecision], [6, true, false]);
  assert.ok(watched!.includes("identity"));
  assert.deepEqual(bits(second.model), bits(whole.model));
  assert.deepEqual(bits(second.discriminator), bits(whole.discriminator));
  assert.deepEqual(bits(resumed.averaged), bits(unbroken.averaged));

  const path = join(folder, "last.safetensors");
  const [averaged, last] = [await loadAei(path), await loadAei(path, { weights: "last" })];
  assert.deepEqual([averaged.model.sizes, averaged.steps, [...averaged.centre]], [
    { ...sizes },
    6,
    [...faces.centre],
  ]);
  assert.deepEqual(bits(averaged.model), bits(unbroken.averaged));
  assert.deepEqual(bits(last.model), bits(whole.model));
  const kept = await loadAei(join(folder, "step_5.safetensors"));
  assert.equal(kept.steps, 5);
  const [swap] = await swapFaces(averaged.model, [faces.faces[0]!.picture], faces.centre);
  assert.deepEqual([swap!.width, swap!.height, swap!.channels], [16, 16, 3]);

  const other = fresh(1);
  const moved = { ...faces, centre: faces.centre.map((own) => own + 0.01) };
  await assert.rejects(
    trainAei(other.model, other.discriminator, encoder, moved, { ...options, checkpoints: folder, steps: 8 }),
    /Cannot go on training: expected faces with the centre of the checkpoint, got one that is 0.0100 off/,
  );
  const models = [whole, first, second, other].flatMap(({ model, discriminator }) => [model, discriminator]);
  const opened = [unbroken, broken, resumed].map((own) => own.averaged);
  [...models, ...opened, averaged.model, last.model, kept.model].forEach(({ weights }) => weights.dispose());
  assert.equal(tf.memory().numTensors, before);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("trainAei() and loadAei() say what does not fit", async () => {
  const { model } = fresh(1);
  const without = { ...options, loss: { adversarial: 0 } };
  const small = { ...faces, faces: [{ ...faces.faces[0]!, picture: createPicture(8, 8, 3) }] };
  await assert.rejects(
    trainAei(model, undefined, encoder, small, without),
    /Cannot train AEI-Net: expected faces of 16x16 pixels, got 8x8/,
  );
  await assert.rejects(
    trainAei(model, undefined, encoder, { ...faces, centre: new Float32Array(128) }, without),
    /expected embeddings of 8 numbers, as its sizes say, got 128/,
  );
  const path = join(Deno.makeTempDirSync(), "df.safetensors");
  await saveCheckpoint(path, {}, { step: 1, model: "df", sizes: {} });
  await assert.rejects(loadAei(path), /Cannot load AEI-Net: expected a checkpoint of aei, got one of df/);
  const before = tf.memory().numTensors;
  await saveCheckpoint(path, {}, { step: 1, model: "aei", sizes: { ...sizes } });
  await assert.rejects(loadAei(path), /Cannot load checkpoint: expected averaged\/.+ of shape .+, got none/);
  assert.equal(tf.memory().numTensors, before);
  model.weights.dispose();
});
