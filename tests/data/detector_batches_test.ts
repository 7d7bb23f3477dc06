import assert from "node:assert/strict";
import {
  BUNDLED_FACES,
  cutMixWithinClass,
  degradePicture,
  detectorBatch,
  drawDegradation,
  featureBatch,
  readFaceSet,
  selfBlend,
  selfBlendedBatch,
} from "doppel/data/mod.ts";
import { compressPicture, createPicture, mirrorPicture, type Picture } from "doppel/image/mod.ts";
import { randomSource } from "doppel/random.ts";

/** A picture of one colour with a checked half, so that what is done to it can be seen. */
function picture(level: number, side = 16): Picture {
  const data = Float32Array.from({ length: side * side * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    return x < side / 2 ? level : level + ((x + y) % 2 ? 0.2 : -0.2);
  });
  return createPicture(side, side, 3, data);
}
const plain = { flip: 0, degradation: false } as const;
const base = { size: 8, resolution: 16, seed: 1, step: 0 };
const pictures = [0.3, 0.35, 0.4].map((level) => ({ picture: picture(level), forged: false }))
  .concat([{ picture: picture(0.7), forged: true }]);
const distance = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
const { faces } = await readFaceSet(BUNDLED_FACES, { size: 64, persons: ["person05"], perPerson: 2 });

Deno.test("detectorBatch() is half real and half forged whatever the pictures are, and the same for the same step", async () => {
  const batch = await detectorBatch(pictures, { ...base, ...plain });
  assert.deepEqual([...batch.forged], [0, 1, 0, 1, 0, 1, 0, 1]);
  for (let i = 0; i < 8; i++) {
    const first = batch.input[i * 768]!;
    assert.ok(i % 2 ? Math.abs(first - 0.7) < 1e-6 : first < 0.5, `picture ${i}: ${first}`);
  }
  const options = { ...base, cutMix: 0.5 };
  assert.deepEqual(await detectorBatch(pictures, options), await detectorBatch(pictures, options));
  assert.notDeepEqual(await detectorBatch(pictures, options), await detectorBatch(pictures, { ...options, step: 1 }));
  const small = await detectorBatch(pictures, { ...base, ...plain, resolution: 8 });
  assert.equal(small.input.length, 8 * 8 * 8 * 3);
});

Deno.test("detectorBatch() moves pictures by whole pixels to either side, each by itself", async () => {
  const side = 16;
  const ramp = createPicture(
    ...[side, side, 3] as const,
    Float32Array.from({ length: side * side * 3 }, (_, i) => Math.floor(i / 3) % side + 100 * Math.floor(i / 3 / side)),
  );
  const both = [{ picture: ramp, forged: false }, { picture: ramp, forged: true }];
  const { input } = await detectorBatch(both, { ...base, ...plain, size: 64, shift: 2 });
  const middle = (8 * side + 8) * 3;
  const moves = Array.from({ length: 64 }, (_, i) => {
    const value = input[i * side * side * 3 + middle]!;
    return [8 - value % 100, 8 - Math.floor(value / 100)] as const;
  });
  for (const axis of [0, 1] as const) {
    const seen = new Set(moves.map((move) => move[axis]));
    assert.deepEqual([...seen].toSorted((a, b) => a - b), [-2, -1, 0, 1, 2]);
  }
  assert.ok(new Set(moves.map(String)).size > 12, "right and down apart");
  const still = await detectorBatch(both, { ...base, ...plain });
  assert.deepEqual(still.input.subarray(0, ramp.data.length), ramp.data);
});

Deno.test("detectorBatch() and its kin say what is wrong", async () => {
  await assert.rejects(
    detectorBatch(pictures.slice(0, 2), base),
    /Cannot make batch: expected real and forged pictures, got 2 real and 0 forged ones/,
  );
  await assert.rejects(detectorBatch(pictures, { ...base, size: 7 }), /expected an even size, got 7/);
  await assert.rejects(selfBlendedBatch([], base), /expected at least one face, got none/);
  const grey = { picture: createPicture(16, 16, 1), forged: true };
  await assert.rejects(detectorBatch([pictures[0]!, grey], base), /expected colour pictures of shape/);
  const features = [{ features: new Float32Array(4), forged: false }];
  assert.throws(() => featureBatch(features, base), /expected features of both classes, got 1 real, 0 forged/);
});

Deno.test("featureBatch() draws vectors of both classes by turns", () => {
  const features = [0, 1, 2, 3].map((i) => ({ features: Float32Array.of(i, i), forged: i > 2 }));
  const { input, forged } = featureBatch(features, { size: 6, seed: 1, step: 2 });
  assert.deepEqual([...forged], [0, 1, 0, 1, 0, 1]);
  for (let i = 0; i < 6; i++) assert.equal(input[2 * i]! > 2, i % 2 === 1);
});

Deno.test("drawDegradation() draws half of CNNDetection's blurs and files, and degradePicture() does what was drawn", async () => {
  const random = randomSource(1, "test");
  const draws = Array.from({ length: 4000 }, () => drawDegradation(random));
  const share = (test: (draw: typeof draws[number]) => boolean) => draws.filter(test).length / draws.length;
  assert.ok(Math.abs(share(({ sigma }) => sigma > 0) - 0.5) < 0.03);
  assert.ok(Math.abs(share(({ quality }) => quality !== undefined) - 0.5) < 0.03);
  assert.ok(Math.abs(share(({ sigma, quality }) => sigma > 0 && quality !== undefined) - 0.25) < 0.03);
  const qualities = draws.flatMap(({ quality }) => quality ?? []);
  assert.deepEqual([Math.min(...qualities), Math.max(...qualities)], [30, 100]);
  assert.ok(Math.max(...draws.map(({ sigma }) => sigma)) <= 3 && draws.every(({ size }) => size === 1));
  // One draw must not shift the next: with and without blur, the same qualities come out.
  const other = randomSource(1, "test");
  assert.deepEqual(draws.map(({ quality }) => quality), draws.map(() => drawDegradation(other, { blur: 0 }).quality));

  const face = faces[0]!.picture;
  const none = { size: 1, sigma: 0, quality: undefined };
  assert.equal(await degradePicture(face, none), face);
  const [fine, coarse] = [await compressPicture(face, 95), await compressPicture(face, 20)];
  assert.ok(distance(fine.data, face.data) < distance(coarse.data, face.data));
  assert.ok(distance(coarse.data, face.data) < 0.05);
  assert.deepEqual(await degradePicture(face, { ...none, quality: 20 }), coarse);
  const detail = ({ data }: Picture) =>
    data.reduce((sum, value, i) => i < 3 ? 0 : sum + Math.abs(value - data[i - 3]!), 0);
  assert.ok(detail(await degradePicture(face, { ...none, sigma: 2 })) < detail(face) * 0.8);
  assert.ok(detail(await degradePicture(face, { ...none, size: 0.5 })) < detail(face));
});

Deno.test("mirrorPicture() twice is the picture", () => {
  const face = faces[0]!.picture;
  const mirrored = mirrorPicture(face);
  assert.deepEqual(mirrored.data.slice(0, 3), face.data.slice(63 * 3, 64 * 3));
  assert.deepEqual(mirrorPicture(mirrored), face);
});

Deno.test("cutMixWithinClass() takes rectangles from pictures of the same label alone", () => {
  const [batch, side] = [6, 10];
  const forged = [0, 1, 0, 1, 0, 1];
  let mixed = 0;
  for (let step = 0; step < 40; step++) {
    // Each picture is filled with its number, so that one can see where a pixel comes from.
    const input = Float32Array.from({ length: batch * side * side }, (_, i) => Math.floor(i / (side * side)));
    cutMixWithinClass(input, [batch, side, side, 1], forged, randomSource(step, "cut"));
    let rectangle: string | undefined;
    for (let i = 0; i < batch; i++) {
      const own = input.subarray(i * side * side, (i + 1) * side * side);
      const others = new Set(own);
      others.delete(i);
      assert.ok(others.size <= 1 && [...others].every((other) => other % 2 === i % 2), `picture ${i}: ${[...others]}`);
      if (others.size === 0) continue;
      mixed++;
      const places = [...own].flatMap((value, at) => value === i ? [] : [at]);
      rectangle ??= String(places);
      assert.equal(String(places), rectangle, "one rectangle for all");
      const [rows, columns] = [places.map((at) => Math.floor(at / side)), places.map((at) => at % side)];
      const span = (of: number[]) => Math.max(...of) - Math.min(...of) + 1;
      assert.equal(span(rows) * span(columns), places.length);
    }
  }
  assert.ok(mixed > 60, String(mixed));
});

Deno.test("selfBlend() changes the face within its mask alone, subtly, and by every draw otherwise", () => {
  const random = randomSource(3, "blend");
  const face = faces[0]!;
  let changed = 0;
  for (let i = 0; i < 12; i++) {
    const { real, forged, mask } = selfBlend(face, random);
    for (let pixel = 0; pixel < 64 * 64; pixel++) {
      if (mask.data[pixel] !== 0) continue;
      for (let c = 0; c < 3; c++) assert.equal(forged.data[pixel * 3 + c], real.data[pixel * 3 + c]);
    }
    const covered = mask.data.filter((value) => value > 0).length / mask.data.length;
    assert.ok(covered > 0.15 && covered < 0.8, `covers ${covered}`);
    assert.ok(Math.max(...mask.data) <= 1 && Math.min(...mask.data) >= 0);
    const gap = distance(forged.data, real.data);
    assert.ok(gap > 1e-4 && gap < 0.1, `differs by ${gap}`);
    if (real !== face.picture) changed++;
  }
  assert.ok(changed > 2 && changed < 10, "either copy is the changed one");
});

Deno.test("selfBlendedBatch() holds each face as it is and forged, worsened alike", async () => {
  const options = { size: 4, resolution: 64, seed: 1, step: 0 };
  const batch = await selfBlendedBatch(faces, { ...options, degradation: { blur: 1, jpeg: 0 } });
  assert.deepEqual([...batch.forged], [0, 1, 0, 1]);
  const at = (i: number) => batch.input.subarray(i * 64 * 64 * 3, (i + 1) * 64 * 64 * 3);
  for (const i of [0, 2]) assert.ok(distance(at(i), at(i + 1)) < 0.1 && distance(at(i), at(i + 1)) > 0);
  assert.deepEqual(batch, await selfBlendedBatch(faces, { ...options, degradation: { blur: 1, jpeg: 0 } }));
});
