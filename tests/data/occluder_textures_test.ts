import assert from "node:assert/strict";
import { BUNDLED_FACES, facePhoto, occluderTextures, photosOfEach, readFaceSet } from "doppel/data/mod.ts";
import { findOneFace } from "doppel/faces/mod.ts";
import type { Picture } from "doppel/image/mod.ts";

const { faces } = await readFaceSet(BUNDLED_FACES, {
  size: 64,
  persons: ["person01", "person02"],
  identitySplit: "train",
});

Deno.test("facePhoto() finds the landmarks in the photograph's own pixels", async () => {
  const { photo, landmarks } = await facePhoto(BUNDLED_FACES, faces[0]!);
  const found = await findOneFace(photo);
  assert.ok(photo.width > 64);
  const width = Math.abs(landmarks[2 * 16]! - landmarks[0]!);
  const apart = landmarks.map((value, i) => Math.abs(value - found!.landmarks[i]!)).toSorted().at(68)!;
  assert.ok(apart < 0.03 * width, `${apart} of ${width}`);
});

Deno.test("photosOfEach() takes 300 photographs of a large set, from all of it", () => {
  const [face] = faces;
  const many = Array.from({ length: 1000 }, (_, i) => ({ ...face!, person: `p${i}`, path: `p${i}/1.jpg` }));
  const names = photosOfEach(BUNDLED_FACES, many).map(({ name }) => name);
  assert.equal(new Set(names).size, 300);
  assert.deepEqual([names[0], names[1], names.at(-1)], ["p0/1.jpg", "p3/1.jpg", "p996/1.jpg"]);
});

Deno.test("photosOfEach() takes the first photographs of each person", () => {
  const photos = photosOfEach(BUNDLED_FACES, faces, 2);
  assert.equal(photos.length, 4);
  assert.deepEqual(new Set(photos.map(({ name }) => name.split("/").at(-2))), new Set(["person01", "person02"]));
  assert.equal(photosOfEach(BUNDLED_FACES, faces, Infinity).length, faces.length);
});

Deno.test("occluderTextures() cuts the same from a photograph, whatever stands beside it", async () => {
  const photos = photosOfEach(BUNDLED_FACES, faces, 1);
  const together = await occluderTextures(photos, { seed: 1 });
  const alone = await occluderTextures(photos.slice(1), { seed: 1 });
  // Four of the surroundings, where the face leaves room, and two of skin.
  assert.ok(alone.length > 2 && alone.length <= 6 && together.length > alone.length);
  // Texts, since a difference between arrays of pictures takes minutes to print.
  const texts = (pictures: readonly Picture[]) => pictures.map(({ data }) => data.join());
  const same = (a: readonly Picture[], b: readonly Picture[]) => texts(a).join(";") === texts(b).join(";");
  assert.ok(same(together.slice(-alone.length), alone));
  assert.ok(together.every(({ width, height, channels }) => width === 64 && height === 64 && channels === 3));
  assert.ok(!same(await occluderTextures(photos.slice(1), { seed: 2 }), alone));
  assert.ok((await occluderTextures(photos.slice(1), { seed: 1, count: 2 })).length <= 3);
});
