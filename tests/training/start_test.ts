import assert from "node:assert/strict";
import { join } from "node:path";
import { df, type FacePairModel, liae } from "doppel/generators/mod.ts";
import { createPicture } from "doppel/image/mod.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";
import { pretrain, rateAt, trainPair } from "doppel/training/mod.ts";

await useTensorFlow();
const sizes = { resolution: 32, encoder: 4, decoder: 4, code: 8, mask: 2 };
const person = (phase: number) =>
  Array.from({ length: 3 }, (_, k) => ({
    picture: createPicture(
      32,
      32,
      3,
      Float32Array.from({ length: 3072 }, (_, i) => 0.5 + 0.4 * Math.sin(i / 50 + phase + k)),
    ),
    mask: createPicture(32, 32, 1, 1),
    eyesMouth: createPicture(32, 32, 1, 0.5),
  }));
const faces = { source: person(0), destination: person(2) };
const options = { batch: 2, seed: 3, mixedPrecision: "off" } as const;
const bits = (model: FacePairModel, start = "") =>
  Object.entries(model.weights.named()).filter(([key]) => key.startsWith(start)).map((
    [, variable],
  ) => [...variable.dataSync()]);

Deno.test("rateAt() is constant, falls along half a cosine, and swings", () => {
  assert.equal(rateAt({ rate: 2 }, 99, 100), 2);
  const falling = { rate: 2, decay: 0.5 };
  assert.equal(rateAt(falling, 50, 100), 2);
  assert.ok(Math.abs(rateAt(falling, 75, 100) - 1) < 1e-12);
  assert.ok(rateAt(falling, 99, 100) > 0 && rateAt(falling, 99, 100) < 0.01);
  const swinging = { rate: 2, cycle: 500 };
  assert.deepEqual([0, 250, 500].map((step) => rateAt(swinging, step, 5000)), [2, 0, 2]);
});

for (const [name, build] of [["df", df], ["liae", liae]] as const) {
  Deno.test(`trainPair() of ${name} begins with pretrained weights and new inters`, async () => {
    const folder = Deno.makeTempDirSync();
    const first = build(sizes, 1);
    await pretrain(first, [...faces.source, ...faces.destination], { ...options, steps: 2, checkpoints: folder });
    const start = { checkpoint: join(folder, "last.safetensors"), as: "pretrained" } as const;
    const second = build(sizes, 9);
    const { steps } = await trainPair(second, faces, { ...options, steps: 0, start });
    assert.equal(steps, 0);
    for (const part of Object.keys(first.weights.named())) {
      const inter = first.inters.some((prefix) => part.startsWith(prefix));
      const same = JSON.stringify(bits(first, part)) === JSON.stringify(bits(second, part));
      assert.equal(same, !inter || part.endsWith("bias") && bits(first, part)[0]!.every((value) => value === 0), part);
    }
    [first, second].forEach((model) => model.weights.dispose());
    Deno.removeSync(folder, { recursive: true });
  });
}

Deno.test("trainPair() continued from a kept checkpoint equals the unbroken run, and may change what it trains with", async () => {
  const folder = Deno.makeTempDirSync();
  const whole = df(sizes, 1);
  await trainPair(whole, faces, { ...options, steps: 6, decay: 0.5, checkpoints: folder, keepAt: [4] });
  const start = { checkpoint: join(folder, "step_4.safetensors"), as: "continued" } as const;
  const same = df(sizes, 9);
  await trainPair(same, faces, { ...options, steps: 6, decay: 0.5, start });
  assert.deepEqual(bits(same), bits(whole));
  const other = df(sizes, 9);
  const { complete } = await trainPair(other, faces, {
    ...options,
    steps: 6,
    start,
    gan: { power: 0.1, dims: 4 },
    keep: 0.3,
    augmentation: { warp: 0 },
  });
  assert.ok(complete);
  assert.notDeepEqual(bits(other), bits(whole));
  [whole, same, other].forEach((model) => model.weights.dispose());
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("trainPair() with every option on resumes bit for bit", async () => {
  const everything = {
    ...options,
    steps: 6,
    decay: 0.5,
    optimiser: "adabelief",
    keep: 0.5,
    clipNorm: 1,
    cycle: 4,
    loss: { eyesMouth: 300 },
    gan: { power: 0.1, dims: 4 },
    trueFace: { power: 0.01, dims: 8 },
    trainingColour: { method: "rct" },
  } as const;
  const whole = df(sizes, 1);
  await trainPair(whole, faces, everything);
  const folder = Deno.makeTempDirSync();
  const stop = new AbortController();
  const first = df(sizes, 1);
  const callbacks = [({ step }: { step: number }) => step === 3 ? stop.abort() : undefined];
  await trainPair(first, faces, { ...everything, checkpoints: folder, signal: stop.signal, callbacks });
  const second = df(sizes, 5);
  await trainPair(second, faces, { ...everything, checkpoints: folder });
  assert.deepEqual(bits(second), bits(whole));
  [whole, first, second].forEach((model) => model.weights.dispose());
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("trainPair() refuses eyes-and-mouth priority for faces without a map of them", async () => {
  const model = df(sizes, 1);
  const bare = { source: faces.source.map(({ picture, mask }) => ({ picture, mask })), destination: faces.destination };
  await assert.rejects(
    trainPair(model, bare, { ...options, steps: 1, loss: { eyesMouth: 300 } }),
    /Cannot train with eyes-and-mouth priority: expected a map of eyes and mouth, got none/,
  );
  model.weights.dispose();
});
