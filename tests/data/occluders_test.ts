import assert from "node:assert/strict";
import { join } from "node:path";
import {
  BUNDLED_FACES,
  cutFromMask,
  cutTextures,
  drawOccluder,
  OCCLUDER_KINDS,
  paintTexture,
  pasteOccluder,
  readFaceList,
  segmentationBatch,
  varyLight,
} from "doppel/data/mod.ts";
import { createPicture, readPicture } from "doppel/image/mod.ts";
import { randomSource } from "doppel/random.ts";

const mean = (data: Float32Array) => data.reduce((total, value) => total + value, 0) / data.length;

for (const kind of OCCLUDER_KINDS) {
  Deno.test(`drawOccluder() draws ${kind} that covers part of the picture, the same for the same numbers`, () => {
    let covered = 0;
    for (let i = 0; i < 40; i++) {
      const occluder = drawOccluder(64, randomSource(1, kind, i), [], { kinds: [kind] });
      assert.deepEqual([occluder.kind, occluder.alpha.width, occluder.picture.channels], [kind, 64, 3]);
      for (const { data } of [occluder.alpha, occluder.picture]) {
        assert.ok(data.every((value) => value >= 0 && value <= 1), `${kind} ${i}`);
      }
      const share = mean(occluder.alpha.data);
      assert.ok(share < 0.85, `${kind} ${i} covers ${share}`);
      covered += share / 40;
    }
    assert.ok(covered > 0.01, `${kind} covers ${covered} on average`);
    const [a, b, c] = [0, 0, 1].map((i) => drawOccluder(64, randomSource(1, kind, i), [], { kinds: [kind] }));
    assert.deepEqual(a, b);
    assert.notDeepEqual(a!.alpha.data, c!.alpha.data);
  });
}

Deno.test("pasteOccluder() and cutFromMask() change what the occluder covers and nothing else", () => {
  const occluder = drawOccluder(48, randomSource(2, "x"), [], { kinds: ["ellipse"] });
  const picture = createPicture(48, 48, 3, 0.5);
  const pasted = pasteOccluder(picture, occluder);
  const mask = cutFromMask(createPicture(48, 48, 1, 1), occluder);
  occluder.alpha.data.forEach((alpha, i) => {
    const pixel = (data: Float32Array) => [...data.subarray(3 * i, 3 * i + 3)];
    if (alpha === 0) assert.deepEqual([...pixel(pasted.data), mask.data[i]], [0.5, 0.5, 0.5, 1]);
    if (alpha === 1) {
      pixel(pasted.data).forEach((value, c) => assert.ok(Math.abs(value - occluder.picture.data[3 * i + c]!) < 1e-6));
      assert.equal(mask.data[i], 0);
    }
  });
  assert.ok(picture.data.every((value) => value === 0.5), "the picture given is left as it is");
  assert.throws(
    () => cutFromMask(createPicture(9, 48, 1), occluder),
    /Cannot paste occluder: expected one of 9x48 pixels/,
  );
  assert.throws(() => drawOccluder(8, randomSource(1), [], { kinds: [] }), /expected at least one kind, got none/);
});

Deno.test("cutTextures() keeps off the face, and finds the cheeks", async () => {
  const { faces } = await readFaceList(BUNDLED_FACES);
  for (const { path, landmarks } of faces.filter((_, i) => i % 100 === 0)) {
    const photo = await readPicture(join(BUNDLED_FACES, path));
    // The face painted over with a colour that no texture may have then, the cheeks with another.
    const xs = landmarks.filter((_, i) => i % 2 === 0);
    const ys = landmarks.filter((_, i) => i % 2 === 1);
    const marked = createPicture(photo.width, photo.height, 3, [0, 0.4, 0]);
    for (let y = Math.ceil(Math.min(...ys)); y < Math.max(...ys); y++) {
      for (let x = Math.ceil(Math.min(...xs)); x < Math.max(...xs); x++) marked.data[3 * (y * photo.width + x)] = 1;
    }
    const beside = cutTextures(marked, landmarks, randomSource(1, path), { count: 6, size: 16 });
    const skin = cutTextures(marked, landmarks, randomSource(1, path), { count: 6, size: 16, from: "skin" });
    assert.ok(beside.length > 0 && skin.length === 6);
    for (const texture of beside) assert.ok(texture.data.every((value, i) => i % 3 !== 0 || value === 0), path);
    for (const texture of skin) assert.ok(texture.data.every((value, i) => i % 3 !== 0 || value === 1), path);
  }
});

Deno.test("paintTexture() uses the texture's own colours, turned and lit", () => {
  const texture = createPicture(8, 8, 3, [0.8, 0.1, 0.1]);
  let red = 0;
  for (let i = 0; i < 60; i++) {
    const { data } = paintTexture(16, randomSource(1, i), [texture]);
    if (mean(data.filter((_, k) => k % 3 === 0)) > 2 * mean(data.filter((_, k) => k % 3 === 2))) red++;
  }
  assert.ok(red > 45 && red < 60, `${red} of 60 are red; a fifth are of a plain colour`);
});

Deno.test("varyLight() leaves a picture alone at strength 0, and never leaves [0, 1]", () => {
  const random = randomSource(3);
  const ramp = createPicture(20, 20, 3, Float32Array.from({ length: 1200 }, (_, i) => (i * 37 % 256) / 255));
  const same = varyLight(ramp, random, { brightness: 0, contrast: 0, hue: 0, saturation: 0, degrade: 0 });
  // The matrices of YIQ are printed with three digits.
  same.data.forEach((value, i) => assert.ok(Math.abs(value - ramp.data[i]!) < 5e-3));
  const strong = varyLight(ramp, random, { brightness: 0.5, contrast: 0.9, hue: 90, saturation: 1, degrade: 1 });
  assert.ok(strong.data.every((value) => value >= 0 && value <= 1));
  assert.notDeepEqual(strong.data, ramp.data);
  const grey = varyLight(createPicture(4, 4, 3, 0.4), random, { brightness: 0, contrast: 0, hue: 180, degrade: 0 });
  assert.ok(grey.data.every((value) => Math.abs(value - 0.4) < 1e-3), "grey has no hue to turn");
});

Deno.test("segmentationBatch() moves face and mask alike and cuts occluders out of the mask", () => {
  // A face that is its own mask: white where the mask is 1.
  const mask = createPicture(32, 32, 1);
  for (let y = 8; y < 24; y++) mask.data.fill(1, y * 32 + 8, y * 32 + 24);
  const white = Float32Array.from({ length: 32 * 32 * 3 }, (_, i) => mask.data[(i / 3) | 0]!);
  const sample = { picture: createPicture(32, 32, 3, white), mask };
  const still = { brightness: 0, contrast: 0, hue: 0, saturation: 0, degrade: 0, surroundings: 0 };
  const plain = segmentationBatch([sample], { size: 4, seed: 1, step: 0, ...still, occluded: 0 });
  plain.mask.forEach((value, i) => assert.ok(Math.abs(value - plain.face[3 * i]!) < 5e-3));
  const covered = segmentationBatch([sample], { size: 16, seed: 1, step: 0, ...still, occluded: 1 });
  const bare = segmentationBatch([sample], { size: 16, seed: 1, step: 0, ...still, occluded: 0 });
  assert.ok(mean(covered.mask) < 0.9 * mean(bare.mask), `${mean(covered.mask)} of ${mean(bare.mask)}`);
  assert.deepEqual(covered, segmentationBatch([sample], { size: 16, seed: 1, step: 0, ...still, occluded: 1 }));
  assert.notDeepEqual(covered, segmentationBatch([sample], { size: 16, seed: 1, step: 1, ...still, occluded: 1 }));
  assert.throws(
    () => segmentationBatch([], { size: 1, seed: 1, step: 0 }),
    /expected at least one face with a mask, got none/,
  );
  const small = { picture: createPicture(16, 16, 3), mask: createPicture(16, 16, 1) };
  assert.throws(
    () => segmentationBatch([sample, small], { size: 9, seed: 1, step: 0 }),
    /expected faces and masks of 32x32 pixels, got 16x16/,
  );
});
