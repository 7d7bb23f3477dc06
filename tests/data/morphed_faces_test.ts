import assert from "node:assert/strict";
import { aeiBatch, BUNDLED_FACES, morphedFaces, morphFaces, readFaceSet, resizeFace } from "doppel/data/mod.ts";
import { centredCosine, centreOf, describeFaces } from "doppel/faces/mod.ts";
import { createPicture } from "doppel/image/mod.ts";

const persons = ["person05", "person09", "person14"];
const read = () => readFaceSet(BUNDLED_FACES, { size: 128, persons, perPerson: 1 });

Deno.test("morphFaces() gives back either face at its end, and what lies between in the middle", async () => {
  const { faces: [first, second] } = await read();
  const whole = morphFaces(first!, second!, { shape: 0, texture: 0 });
  const off = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
  assert.ok(off(whole.data, first!.picture.data) < 0.01);
  const at = (x: number, y: number) => (y * 128 + x) * 3;
  const [x, y] = [60, 61].map((i) => Math.round(first!.landmarks[i]!)) as [number, number];
  const inside = (texture: number) => morphFaces(first!, first!, { texture }).data[at(x, y)]!;
  assert.ok(Math.abs(inside(1) - first!.picture.data[at(x, y)]!) < 0.02);
  const half = morphFaces(first!, second!);
  // The surroundings are the first one's.
  assert.ok(Math.abs(half.data[at(2, 2)]! - first!.picture.data[at(2, 2)]!) < 0.05);
  assert.ok(off(half.data, first!.picture.data) > 0.02);
});

Deno.test("morphedFaces() makes identities between two persons, the same for the same seed", async () => {
  const { faces } = await read();
  const [morph] = await morphedFaces(faces, { count: 1, seed: 3, size: 64 });
  const [again] = await morphedFaces(faces, { count: 1, seed: 3, size: 64 });
  assert.deepEqual(morph, again);
  assert.equal(morph!.picture.width, 64);
  const [first, second] = morph!.person.split("~") as [string, string];
  assert.notEqual(first, second);
  const own = await describeFaces(faces.map(({ picture }) => picture), { encoder: "face_api_grey" });
  const centre = centreOf(own);
  const to = (person: string) =>
    centredCosine(morph!.descriptor, own[faces.findIndex((face) => face.person === person)]!, centre);
  const stranger = persons.find((person) => person !== first && person !== second)!;
  assert.ok(Math.min(to(first), to(second)) > to(stranger) + 0.2, `${to(first)} ${to(second)} ${to(stranger)}`);
});

Deno.test("morphedFaces() and morphFaces() say what is wrong", async () => {
  const { faces } = await read();
  await assert.rejects(
    morphedFaces(faces.slice(0, 1), { count: 1, seed: 1, size: 64 }),
    /Cannot morph faces: expected two persons or more, got 1/,
  );
  const small = { ...faces[1]!, picture: createPicture(64, 64, 3) };
  assert.throws(() => morphFaces(faces[0]!, small), /expected two pictures of 128x128, got 64x64/);
});

Deno.test("aeiBatch() draws morphs as targets and as sources in their share", () => {
  const face = (person: string, grey: number, descriptor: number[]) => ({
    person,
    picture: createPicture(4, 4, 3, grey),
    descriptor: Float32Array.from(descriptor),
  });
  const set = {
    faces: [face("a", 0.1, [2, 1, 1]), face("b", 0.2, [1, 2, 1])],
    centre: Float32Array.of(1, 1, 1),
    morphs: [face("a~b", 0.9, [1, 1, 2])],
  };
  let [targets, sources, total] = [0, 0, 0];
  for (let step = 0; step < 100; step++) {
    const plain = { light: false, mixed: 0, noisy: 0, same: 0 } as const;
    const batch = aeiBatch(set, { size: 4, seed: 1, step, ...plain, morphed: 0.25 });
    for (let i = 0; i < 4; i++) {
      total++;
      if (batch.target[i * 48]! > 0.5) targets++;
      if (batch.sourceId[i * 3 + 2]! > 0.5) sources++;
    }
    const same = aeiBatch(set, { size: 4, seed: 1, step, ...plain, same: 1, morphed: 1 });
    assert.ok(same.target.every((value) => Math.abs(value - 0.9) < 1e-5) && same.sourceId[2]! > 0.99);
  }
  assert.ok(
    Math.abs(targets / total - 0.25) < 0.07 && Math.abs(sources / total - 0.25) < 0.07,
    `${targets} ${sources}`,
  );
});

Deno.test("resizeFace() agrees with a face that was cut out at that size", async () => {
  const { faces: [large] } = await read();
  const { faces: [small] } = await readFaceSet(BUNDLED_FACES, { size: 64, persons, perPerson: 1 });
  const resized = resizeFace(large!, 64);
  const off = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
  assert.ok(off(resized.landmarks, small!.landmarks) < 1e-3 && off(resized.matrix, small!.matrix) < 1e-3);
  const mean = resized.picture.data.reduce((sum, value, i) => sum + Math.abs(value - small!.picture.data[i]!), 0);
  assert.ok(mean / resized.picture.data.length < 0.02);
});
