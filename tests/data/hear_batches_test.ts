import assert from "node:assert/strict";
import { hearBatch, hearSources, partByError, varyTarget } from "doppel/data/mod.ts";
import { createPicture } from "doppel/image/mod.ts";
import { randomSource } from "doppel/random.ts";

const side = 16;
const person = (name: string, colour: number) => ({ person: name, picture: createPicture(side, side, 3, colour) });
const faces = [person("ann", 0.2), person("bea", 0.4), person("cid", 0.6)];
const sources = ["ann", "bea", "cid"].map((name, i) => ({ person: name, embedding: Float32Array.of(i + 1, -1) }));
const targetOf = (target: Float32Array, i: number) => target.subarray(i * side * side * 3, (i + 1) * side * side * 3);
const options = { size: 60, seed: 1, step: 0 };

Deno.test("hearBatch() gives pairs of other persons, and zeros for the source of same pairs", () => {
  const { target, source, same } = hearBatch(faces, sources, { ...options, occluded: 0 });
  assert.deepEqual([target.length, source.length, same.length], [60 * side * side * 3, 120, 60]);
  let same1 = 0;
  same.forEach((value, i) => {
    // A plain face tells whose it is by its colour.
    const own = faces.findIndex(({ picture }) => Math.abs(picture.data[0]! - targetOf(target, i)[0]!) < 1e-4);
    assert.ok(own >= 0);
    if (value === 1) assert.deepEqual([...source.subarray(2 * i, 2 * i + 2)], [0, 0], "no source of its own");
    else assert.ok(source[2 * i]! >= 1 && source[2 * i] !== own + 1 && source[2 * i + 1] === -1, `pair ${i}`);
    same1 += value;
  });
  assert.ok(same1 > 15 && same1 < 45, `${same1} of 60 at a share of one half`);
  assert.ok(hearBatch(faces, sources, { ...options, sameShare: 1 }).same.every((value) => value === 1));
  assert.ok(hearBatch(faces, sources, { ...options, sameShare: 0 }).same.every((value) => value === 0));
});

Deno.test("hearBatch() is the same for the same seed and step, and another for another", () => {
  const batch = hearBatch(faces, sources, options);
  assert.deepEqual(hearBatch(faces, sources, options), batch);
  assert.notDeepEqual(hearBatch(faces, sources, { ...options, step: 1 }).target, batch.target);
  assert.notDeepEqual(hearBatch(faces, sources, { ...options, seed: 2 }).target, batch.target);
});

Deno.test("hearBatch() covers as many faces as asked for, but not the hard ones", () => {
  const hard = [person("dee", 0.8)];
  const { target } = hearBatch(faces, sources, { ...options, hard, hardShare: 0.5, occluded: 1 });
  let [plain, covered] = [0, 0];
  for (let i = 0; i < 60; i++) {
    const own = targetOf(target, i);
    const isPlain = own.every((value) => Math.abs(value - own[0]!) < 1e-4);
    if (isPlain && Math.abs(own[0]! - 0.8) < 1e-4) plain++;
    else covered++;
  }
  assert.ok(plain > 15 && plain < 45, `${plain} hard of 60`);
  assert.ok(covered > 15);
  const without = hearBatch(faces, sources, { ...options, hard, hardShare: 0, occluded: 0 });
  assert.ok(without.target.every((value) => value < 0.61), "none of the hard ones");
  assert.ok(target.every((value) => value >= 0 && value <= 1));
});

Deno.test("hearBatch() refuses what it cannot make pairs of", () => {
  assert.throws(() => hearBatch([], sources, options), /expected at least one face, got none/);
  assert.throws(() => hearBatch(faces, [], options), /expected at least one source identity, got none/);
  assert.throws(
    () => hearBatch(faces.slice(0, 1), sources.slice(0, 1), options),
    /a source identity of another person than ann, got none/,
  );
  const odd = [...faces, { person: "eve", picture: createPicture(8, 8, 3) }];
  assert.throws(() => hearBatch(odd, sources, options), /faces of 16x16 pixels, got 8x8/);
  const long = [...sources, { person: "eve", embedding: new Float32Array(3) }];
  assert.throws(() => hearBatch(faces, long, options), /embeddings of length 2, got one of length 3/);
});

Deno.test("hearSources() sees faces from the centre", () => {
  const embedded = faces.map((face, i) => ({ ...face, descriptor: Float32Array.of(3 * i, 1 + 4 * i) }));
  const found = hearSources({ faces: embedded.slice(1), centre: Float32Array.of(0, 1) });
  assert.deepEqual(found.map(({ person }) => person), ["bea", "cid"]);
  for (const { embedding } of found) {
    [0.6, 0.8].forEach((value, i) => assert.ok(Math.abs(embedding[i]! - value) < 1e-6, `${embedding}`));
  }
});

Deno.test("varyTarget() brings an occluder's colours nearer to the photograph's when asked to", () => {
  const grey = createPicture(side, side, 3, 0.5);
  const spread = (matched: number) => {
    let total = 0;
    for (let i = 0; i < 40; i++) {
      const still = { rotation: 0, scale: 0, shift: 0, flip: 0, occluded: 1, occluders: 1, kinds: ["cloth" as const] };
      const { data } = varyTarget(grey, randomSource(1, i), { ...still, matched });
      total += data.reduce((sum, value) => sum + Math.abs(value - 0.5), 0) / data.length;
    }
    return total / 40;
  };
  assert.ok(spread(1) < 0.6 * spread(0), `${spread(1)} against ${spread(0)}`);
  assert.ok(spread(1) > 0.005, "and yet not wholly");
});

Deno.test("partByError() puts the tenth with the largest errors apart", () => {
  const names = Array.from({ length: 30 }, (_, i) => `face ${i}`);
  const errors = names.map((_, i) => (i * 7 % 30) / 100);
  const { hard, rest } = partByError(names, errors);
  const largest = [29, 28, 27].map((rank) => names[errors.indexOf(rank / 100)]);
  assert.deepEqual(hard, largest);
  assert.deepEqual(rest, names.filter((name) => !largest.includes(name)));
  assert.equal(partByError(names.slice(0, 11), errors.slice(0, 11)).hard.length, 2, "rounded up");
  assert.deepEqual(partByError(names, errors, { share: 0 }), { hard: [], rest: names });
  assert.deepEqual(partByError(["a", "b"], [1, 1], { share: 0.5 }).hard, ["a"], "equal errors keep their order");
  assert.throws(() => partByError(names, [1]), /an error for each of 30 faces, got 1/);
  assert.throws(() => partByError(["a"], [NaN]), /expected finite errors, got NaN/);
  assert.throws(() => partByError(["a"], [1], { share: 2 }), /a share in \[0, 1\], got 2/);
});
