import assert from "node:assert/strict";
import { BUNDLED_FACES, drawOccluder, pasteOccluder, readFaceSet } from "doppel/data/mod.ts";
import { mean, occlusionErrors } from "doppel/evaluation/mod.ts";
import {
  aei,
  type AeiEncoder,
  type AeiModel,
  aeiSizes,
  hear,
  type HearModel,
  hearSizes,
  swapFaces,
  withHear,
} from "doppel/generators/mod.ts";
import { createPicture } from "doppel/image/mod.ts";
import { randomSource } from "doppel/random.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { loadHear, readCheckpointNotes, trainHear } from "doppel/training/mod.ts";

await useTensorFlow();
const side = 32;
const sizes = { ...hearSizes.tiny, resolution: side };
const persons = async (names: readonly string[], perPerson: number) =>
  (await readFaceSet(BUNDLED_FACES, { size: side, persons: names, perPerson })).faces;
const faces = await persons(["person05", "person13", "person21"], 6);

/** A first stage that keeps an eighth of the resolution and takes on the mean colour that it is told. */
const stage: AeiModel = {
  ...aei({ ...aeiSizes.tiny, resolution: side, identity: 3 }, 1),
  attributes: (target) => {
    const low = tf.avgPool(target, 8, 8, "valid");
    return [tf.image.resizeBilinear(low, [side, side]).sub(target.mean([1, 2], true)) as tf.Tensor4D];
  },
  generate: (identity, [detail]) => ({
    face: detail!.add(identity.reshape([-1, 1, 1, 3])).clipByValue(0, 1) as tf.Tensor4D,
    masks: [],
  }),
  swap: (target, identity) => stage.generate(identity, stage.attributes(target)).face,
};
const encoder: AeiEncoder = { embed: (x) => x.mean([1, 2]) as tf.Tensor2D };
const frozen = { stage, encoder };
const sources = [
  { person: "a", embedding: Float32Array.of(0.6, 0.45, 0.4) },
  { person: "b", embedding: Float32Array.of(0.4, 0.35, 0.35) },
];
const data = { faces, sources };
const bits = ({ weights }: HearModel) => weights.variables.map((variable) => [...variable.dataSync()]);

Deno.test("trainHear() resumed from a checkpoint equals an unbroken run bit for bit", async () => {
  const options = { steps: 8, batch: 2, seed: 3, mixedPrecision: "off" as const };
  const whole = hear(sizes, 1);
  const done = await trainHear(whole, frozen, data, options);
  assert.deepEqual(done, { steps: 8, complete: true, mixedPrecision: false });

  const checkpoints = Deno.makeTempDirSync();
  const stop = new AbortController();
  const first = hear(sizes, 1);
  const broken = await trainHear(first, frozen, data, {
    ...options,
    checkpoints,
    signal: stop.signal,
    callbacks: [({ step }) => step === 3 ? stop.abort() : undefined],
  });
  assert.deepEqual([broken.steps, broken.complete], [3, false]);
  const notes = await readCheckpointNotes(`${checkpoints}/last.safetensors`);
  assert.deepEqual(notes, { step: 3, model: "hear", sizes });

  const other = hear({ ...sizes, error: "zeros" }, 1);
  const before = bits(other);
  await assert.rejects(
    trainHear(other, frozen, data, { ...options, checkpoints }),
    /Cannot go on with HEAR-Net: expected a checkpoint of hear .*"zeros".*, got hear .*"given"/,
  );
  assert.deepEqual(bits(other), before, "the other arm's weights are left alone");

  const opened = await loadHear(`${checkpoints}/last.safetensors`);
  assert.deepEqual([opened.steps, opened.model.sizes, bits(opened.model)], [3, sizes, bits(first)]);

  const second = hear(sizes, 9);
  await trainHear(second, frozen, data, { ...options, checkpoints });
  assert.deepEqual(bits(second), bits(whole));
  [whole, first, second, other, opened.model].forEach(({ weights }) => weights.dispose());
  Deno.removeSync(checkpoints, { recursive: true });
});

Deno.test("trainHear() learns in 120 steps to bring occluders back on a person it never saw, and only by the error", async () => {
  const strangers = await persons(["person20"], 8);
  const covered = strangers.map(({ picture, mask }, i) => {
    const occluder = drawOccluder(side, randomSource(9, i), [], { kinds: ["fingers", "bar", "glasses", "text"] });
    return { picture: pasteOccluder(picture, occluder), occluder: occluder.alpha, face: mask };
  });
  const insideOf = async (error: "given" | "zeros") => {
    const model = hear({ ...sizes, error }, 1);
    const before = tf.memory().numTensors;
    await trainHear(model, frozen, data, { steps: 120, batch: 4, rate: 2e-3, seed: 1, soften: false });
    assert.equal(tf.memory().numTensors, before);
    const inside = async (one: AeiModel) => {
      const swaps = await swapFaces(one, covered.map(({ picture }) => picture), sources[0]!.embedding);
      return mean(
        covered.flatMap(({ picture, ...masks }, i) =>
          occlusionErrors({ swap: swaps[i]!, photograph: picture, ...masks }).inside ?? []
        ),
      );
    };
    const found = { swap: await inside(stage), refined: await inside(withHear(stage, model, encoder)) };
    model.weights.dispose();
    return found;
  };
  const [given, zeros] = [await insideOf("given"), await insideOf("zeros")];
  assert.ok(given.refined < 0.85 * given.swap, `${given.refined} of ${given.swap} is left`);
  assert.ok(given.refined < 0.85 * zeros.refined, `${given.refined} with the error, ${zeros.refined} without`);
});

Deno.test("trainHear() ends with a sentence when its data do not fit or the loss is no number", async () => {
  const model = hear(sizes, 1);
  const once = { steps: 1, seed: 1, batch: 1 };
  await assert.rejects(
    trainHear(model, frozen, { faces: [], sources }, once),
    /Cannot make batch: .*at least one face/,
  );
  await assert.rejects(
    trainHear(model, frozen, { faces, sources: [] }, once),
    /at least one source identity, got none/,
  );
  const small = [{ person: "a", picture: createPicture(16, 16, 3) }];
  await assert.rejects(
    trainHear(model, frozen, { faces: small, sources }, once),
    /Cannot train HEAR-Net: expected faces of 32x32 pixels, got 16x16/,
  );
  const long = [...sources, { person: "c", embedding: new Float32Array(128) }];
  await assert.rejects(
    trainHear(model, frozen, { faces, sources: long }, once),
    /Cannot train HEAR-Net: expected embeddings of 3 numbers, got 128/,
  );
  await assert.rejects(loadHear("nowhere.safetensors"), /Cannot read checkpoint: expected a file, got none/);
  await assert.rejects(
    trainHear(model, frozen, data, { ...once, steps: 30, rate: 1e30, mixedPrecision: "off" }),
    /Cannot train on: expected finite numbers in .+; lower the learning rate/,
  );
  model.weights.dispose();
});
