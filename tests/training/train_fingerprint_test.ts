import assert from "node:assert/strict";
import { join } from "node:path";
import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
import { mean, meanAbsoluteError } from "doppel/evaluation/mod.ts";
import {
  fingerprint,
  fingerprintDiscriminatorSizes,
  type FingerprintModel,
  fingerprintSizes,
  multiScaleDiscriminator,
  reconstructPictures,
  upscaler,
} from "doppel/generators/mod.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";
import { checkpointName, loadFingerprint, prefixed, saveCheckpoint, trainFingerprint } from "doppel/training/mod.ts";

await useTensorFlow();
const pictures = async (person: string) =>
  (await readFaceSet(BUNDLED_FACES, { size: 64, persons: [person], perPerson: 4 })).faces.map(({ picture }) => picture);
const faces = await pictures("person05");
const bits = (model: FingerprintModel) => model.weights.variables.map((variable) => [...variable.dataSync()]);
const opened = (seed: number) =>
  [
    fingerprint(fingerprintSizes.tiny, "nearest", seed),
    multiScaleDiscriminator(fingerprintDiscriminatorSizes.tiny, seed),
  ] as const;

Deno.test("trainFingerprint() resumed from a checkpoint equals an unbroken run bit for bit, and is opened again", async () => {
  const options = { steps: 6, batch: 2, crop: 16, seed: 3, mixedPrecision: "off" as const };
  const [whole, wholeJudge] = opened(1);
  assert.deepEqual(await trainFingerprint(whole, wholeJudge, faces, options), {
    ...{ steps: 6, complete: true, mixedPrecision: false },
  });
  const checkpoints = Deno.makeTempDirSync();
  const stop = new AbortController();
  const [first, firstJudge] = opened(1);
  const broken = await trainFingerprint(first, firstJudge, faces, {
    ...options,
    checkpoints,
    signal: stop.signal,
    callbacks: [({ step }) => step === 3 ? stop.abort() : undefined],
  });
  assert.deepEqual([broken.steps, broken.complete], [3, false]);
  const [second, secondJudge] = opened(9);
  await trainFingerprint(second, secondJudge, faces, { ...options, checkpoints, saveEvery: 1 });
  assert.deepEqual(bits(second), bits(whole));

  const { model, steps } = await loadFingerprint(join(checkpoints, checkpointName));
  assert.equal(steps, 6);
  assert.deepEqual(model.sizes, { channels: 8, blocks: 1, up_sampler: "nearest" });
  assert.deepEqual(bits(model), bits(whole));

  const other = fingerprint(fingerprintSizes.tiny, "bilinear", 1);
  await assert.rejects(
    trainFingerprint(other, secondJudge, faces, { ...options, checkpoints }),
    /Cannot go on training: expected a checkpoint with the up-sampler bilinear, got nearest/,
  );
  [whole, wholeJudge, first, firstJudge, second, secondJudge, model, other].forEach(({ weights }) => weights.dispose());
  Deno.removeSync(checkpoints, { recursive: true });
});

Deno.test("trainFingerprint() learns in 80 steps to give back a person whom it never saw", async () => {
  const stranger = await pictures("person20");
  const [model, discriminator] = opened(1);
  const error = async () => {
    const made = await reconstructPictures(model, stranger);
    return mean(made.map((picture, i) => meanAbsoluteError(picture, stranger[i]!)));
  };
  const before = await error();
  await trainFingerprint(model, discriminator, faces, {
    steps: 80,
    batch: 4,
    crop: 32,
    seed: 1,
    rate: 3e-3,
    decay: 0.5,
  });
  const after = await error();
  assert.ok(after < before / 2, `${before}, then ${after}`);
  [model, discriminator].forEach(({ weights }) => weights.dispose());
});

Deno.test("loadFingerprint() refuses another model's checkpoint with a sentence", async () => {
  const path = Deno.makeTempFileSync({ suffix: ".safetensors" });
  const other = upscaler({ channels: 4, blocks: 1 }, 1);
  await saveCheckpoint(path, prefixed("model", other.weights.named()), { step: 1, model: other.name, sizes: {} });
  await assert.rejects(
    loadFingerprint(path),
    /Cannot load autoencoder: expected a checkpoint of fingerprint, got one of super_resolution/,
  );
  other.weights.dispose();
  Deno.removeSync(path);
});
