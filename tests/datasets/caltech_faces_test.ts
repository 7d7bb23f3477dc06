import assert from "node:assert/strict";
import { join } from "node:path";
import { assertDisjoint, BUNDLED_FACES, readFaceList, readManifest, verifyManifest } from "doppel/data/mod.ts";
import { facePackages, findOneFace, MEAN_FACE, procrustesMean } from "doppel/faces/mod.ts";
import { readPicture } from "doppel/image/mod.ts";

const { photographs, licence } = await readManifest(BUNDLED_FACES);
const list = await readFaceList(BUNDLED_FACES);
const personsIn = (split: string) =>
  photographs.filter((photo) => photo.identity_split === split).map((photo) => photo.person);

Deno.test("caltech_faces has the files of its manifest, byte for byte", async () => {
  assert.deepEqual(await verifyManifest(BUNDLED_FACES), []);
  assert.equal(photographs.length, 430);
  assert.equal(new Set(photographs.map(({ sha256 }) => sha256)).size, 430, "no file occurs twice");
  assert.equal(licence, "CC-BY-4.0");
});

Deno.test("caltech_faces splits its 26 persons into 16, 5 and 5, none in two", () => {
  const splits = { train: personsIn("train"), validation: personsIn("validation"), test: personsIn("test") };
  assertDisjoint(splits);
  assert.deepEqual(Object.values(splits).map((persons) => new Set(persons).size), [16, 5, 5]);
  assert.deepEqual([...new Set(splits.test)], ["person04", "person11", "person15", "person22", "person24"]);
});

Deno.test("caltech_faces holds out every fourth photograph of each person", () => {
  const byPerson = Map.groupBy(photographs, ({ person }) => person);
  for (const [person, own] of byPerson) {
    const heldOut = own.flatMap(({ photo_split }, i) => photo_split === "held_out" ? [i] : []);
    assert.deepEqual(heldOut, own.flatMap((_, i) => i % 4 === 3 ? [i] : []), person);
    assert.ok(own.filter(({ photo_split }) => photo_split === "train").length >= own.length / 3, person);
  }
});

Deno.test("caltech_faces lists every photograph once, as found or as missed", () => {
  const listed = [...list.faces, ...list.missed].map(({ path }) => path);
  assert.deepEqual(listed.toSorted(), photographs.map(({ path }) => path).toSorted());
  assert.equal(list.missed.length, 4);
});

Deno.test("caltech_faces: finding faces anew gives the stored landmarks within a pixel", async () => {
  const versions = await facePackages();
  for (const [name, version] of Object.entries(list.packages)) assert.equal(versions[name], version);
  for (let i = 0; i < list.faces.length; i += 61) {
    const { path, landmarks, box } = list.faces[i]!;
    const face = await findOneFace(await readPicture(join(BUNDLED_FACES, path)));
    landmarks.forEach((value, k) => assert.ok(Math.abs(value - face.landmarks[k]!) < 1, `${path}, landmark ${k >> 1}`));
    assert.ok(Math.abs(face.box.x - box[0]!) < 1 && Math.abs(face.box.height - box[3]!) < 1, path);
  }
});

Deno.test("caltech_faces: the mean face in lib/faces is the mean of the stored landmarks", () => {
  const mean = procrustesMean(list.faces.map(({ landmarks }) => landmarks));
  mean.forEach((value, i) => assert.ok(Math.abs(value - MEAN_FACE[i]!) < 2e-5));
});
