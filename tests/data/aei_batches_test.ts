import assert from "node:assert/strict";
import { aeiBatch, type EmbeddedFace, type EmbeddedFaces, embedFaces } from "doppel/data/mod.ts";
import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
import { centredCosine } from "doppel/faces/mod.ts";
import { createPicture } from "doppel/image/mod.ts";

/** Person p's photograph i: plain grey of p/10 + i/100, a descriptor of its own. */
function face(person: number, photograph: number): EmbeddedFace {
  const angle = person + photograph / 10;
  const descriptor = Float32Array.of(1 + Math.cos(angle), 1 + Math.sin(angle), 1, 1 + photograph / 5);
  const grey = person / 10 + photograph / 100;
  return { person: `person${person}`, picture: createPicture(4, 4, 3, grey), descriptor };
}
const all = [1, 2, 3].flatMap((person) => [1, 2].map((photograph) => face(person, photograph)));
const set: EmbeddedFaces = { faces: all, centre: Float32Array.of(1, 1, 1, 1) };
const plain = { size: 8, seed: 1, step: 0, light: false, mixed: 0, noisy: 0 } as const;
const direction = ({ descriptor }: EmbeddedFace) => {
  const offset = descriptor.map((own) => own - 1);
  return offset.map((own) => own / Math.hypot(...offset));
};
const sourcesOf = ({ sourceId }: { sourceId: Float32Array }) =>
  Array.from({ length: sourceId.length / 4 }, (_, i) => sourceId.slice(i * 4, (i + 1) * 4));
const targetOf = ({ target }: { target: Float32Array }, i: number) =>
  all.find(({ picture }) => Math.abs(picture.data[0]! - target[i * 48]!) < 1e-4)!;
const whose = (vector: Float32Array) =>
  all.find((own) => direction(own).every((value, k) => Math.abs(value - vector[k]!) < 1e-5));

Deno.test("aeiBatch() gives same pairs the target's embedding, and cross pairs another person's", () => {
  for (let step = 0; step < 20; step++) {
    const batch = aeiBatch(set, { ...plain, step, same: 0.5 });
    sourcesOf(batch).forEach((source, i) => {
      const [target, from] = [targetOf(batch, i), whose(source)!];
      if (batch.same[i] === 1) assert.equal(from, target);
      else assert.notEqual(from.person, target.person);
    });
  }
});

Deno.test("aeiBatch() can give same pairs another photograph's embedding", () => {
  const batch = aeiBatch(set, { ...plain, same: 1, samePair: "person" });
  sourcesOf(batch).forEach((source, i) => {
    const [target, from] = [targetOf(batch, i), whose(source)!];
    assert.ok(from !== target && from.person === target.person);
  });
  const alone = { ...set, faces: [face(1, 1), face(2, 1)] };
  assert.ok(aeiBatch(alone, { ...plain, same: 1, samePair: "person" }).same.every((own) => own === 1));
});

Deno.test("aeiBatch() keeps the share of same pairs on average, to one pair in each batch", () => {
  const counts = Array.from(
    { length: 300 },
    (_, step) => aeiBatch(set, { ...plain, step }).same.reduce((sum, own) => sum + own, 0),
  );
  assert.deepEqual([...new Set(counts)].sort(), [1, 2]);
  const mean = counts.reduce((sum, own) => sum + own, 0) / counts.length;
  assert.ok(Math.abs(mean - 1.6) < 0.1, String(mean));
});

Deno.test("aeiBatch() draws strangers, mixtures and moved embeddings in their shares, all of length 1", () => {
  const stranger = Float32Array.of(1, 1, 9, 1);
  let [strange, known, other, total] = [0, 0, 0, 0];
  for (let step = 0; step < 60; step++) {
    const options = { ...plain, step, same: 0, others: [stranger], mixed: 0.2, noisy: 0.2, otherShare: 0.5 };
    for (const source of sourcesOf(aeiBatch(set, options))) {
      assert.ok(Math.abs(Math.hypot(...source) - 1) < 1e-5);
      total++;
      if (Math.abs(source[2]! - 1) < 1e-6) strange++;
      else if (whose(source)) known++;
      else other++;
    }
  }
  // Of mixtures of two strangers nothing is to be seen: 0.05 of all.
  assert.ok(Math.abs(strange / total - (0.3 + 0.05)) < 0.07, `${strange} of ${total} strangers`);
  assert.ok(Math.abs(known / total - 0.3) < 0.07 && other > 0.25 * total, `${known} known, ${other} neither`);
});

Deno.test("aeiBatch() is the same for the same seed and step, and another for another", () => {
  const make = (seed: number, step: number) =>
    aeiBatch(set, { size: 4, seed, step, others: [Float32Array.of(2, 3, 4, 5)] });
  assert.deepEqual(make(1, 7), make(1, 7));
  assert.notDeepEqual(make(1, 7), make(1, 8));
  assert.notDeepEqual(make(1, 7), make(2, 7));
});

Deno.test("aeiBatch() varies the light of targets unless told not to", () => {
  const greys = (light: false | undefined) =>
    new Set(
      Array.from({ length: 10 }, (_, step) =>
        aeiBatch(set, { size: 1, seed: 1, step, ...(light === false && { light }) }))
        .map(({ target }) =>
          target[0]!.toFixed(4)
        ),
    ).size;
  assert.ok(greys(undefined) === 10 && greys(false) <= 6);
});

Deno.test("aeiBatch() and embedFaces() say what is wrong", async () => {
  assert.throws(
    () => aeiBatch({ ...set, faces: [] }, plain),
    /Cannot make batch: expected at least one face, got none/,
  );
  const one = { ...set, faces: all.slice(0, 2) };
  assert.throws(() => aeiBatch(one, plain), /expected two persons, or descriptors of others, got one person/);
  assert.equal(aeiBatch(one, { ...plain, same: 1 }).same.length, 8);
  const uneven = { ...set, faces: [face(1, 1), { ...face(2, 1), picture: createPicture(6, 6, 3) }] };
  assert.throws(() => {
    for (let step = 0; step < 5; step++) aeiBatch(uneven, { ...plain, step });
  }, /expected faces of \d+x\d+ pixels, got/);
  await assert.rejects(embedFaces(all.slice(0, 2)), /Cannot embed faces: expected two persons or more, got 1/);
});

Deno.test("embedFaces() describes photographs so that persons lie apart around the centre", async () => {
  const { faces } = await readFaceSet(BUNDLED_FACES, { size: 64, persons: ["person05", "person09"], perPerson: 2 });
  const embedded = await embedFaces(faces);
  const [a1, a2, b1, b2] = embedded.faces.map(({ descriptor }) => descriptor);
  const cosine = (a: Float32Array, b: Float32Array) => centredCosine(a, b, embedded.centre);
  assert.ok(Math.min(cosine(a1!, a2!), cosine(b1!, b2!)) > 0.5);
  assert.ok(Math.max(cosine(a1!, b1!), cosine(a2!, b2!)) < -0.5);
});
