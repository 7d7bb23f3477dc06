import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import {
  BUNDLED_FACES,
  type CodedFile,
  type CodingDifference,
  compareCoding,
  cutPicture,
  listLabelledFolder,
  readLabelledPictures,
} from "doppel/data/mod.ts";
import { faceSquare } from "doppel/faces/mod.ts";
import { createPicture, readPicture, writePicture } from "doppel/image/mod.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";

const folder = Deno.makeTempDirSync({ prefix: "doppel-labelled-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
/** Files that are listed and not read. */
function touch(root: string, ...paths: string[]): string {
  for (const path of paths) {
    Deno.mkdirSync(dirname(at(`${root}/${path}`)), { recursive: true });
    Deno.writeTextFileSync(at(`${root}/${path}`), path);
  }
  return at(root);
}
const list = async (root: string) => {
  const { files, splitBy, others } = await listLabelledFolder(root);
  const words = files.map(({ name, forged, person, split }) =>
    [name, forged ? "forged" : "real", person, split].join(" ")
  );
  return { words, splitBy, others };
};

Deno.test("listLabelledFolder() reads class, split and person from folders' names, in any order and wrapped", async () => {
  const wrapped = touch(
    "wrapped",
    ...["set/real_vs_fake/train/0_real/a/1.jpg", "set/real_vs_fake/train/1_fake/a/1.png"],
    ...["set/real_vs_fake/val/0_real/2.jpg", "set/real_vs_fake/fake/test/3.jpg", "set/real_vs_fake/train/notes/4.jpg"],
    "set/real_vs_fake/train/0_real/notes.txt",
  );
  assert.deepEqual(await list(wrapped), {
    words: [
      "set/real_vs_fake/fake/test/3.jpg forged  test",
      "set/real_vs_fake/train/0_real/a/1.jpg real a train",
      "set/real_vs_fake/train/1_fake/a/1.png forged a train",
      "set/real_vs_fake/val/0_real/2.jpg real  validation",
    ],
    splitBy: "folder",
    others: ["set/real_vs_fake/train/notes/4.jpg"],
  });
});

Deno.test("listLabelledFolder() keeps persons together, and else a picture with its forgery", async () => {
  const persons = ["anna", "ben", "cleo", "dan", "eve"];
  const paths = persons.flatMap((person) => [`real/${person}/1.jpg`, `fake/${person}/1.jpg`, `fake/${person}/2.jpg`]);
  const { files, splitBy } = await listLabelledFolder(touch("persons", ...paths));
  assert.equal(splitBy, "person");
  for (const person of persons) {
    assert.equal(new Set(files.filter((file) => file.person === person).map(({ split }) => split)).size, 1, person);
  }
  assert.equal(new Set(files.map(({ split }) => split)).size, 3);

  const names = Array.from({ length: 100 }, (_, i) => [`stargan-real/${i}_real.jpg`, `stargan-fake/${i}_fake.jpg`]);
  const named = await listLabelledFolder(touch("names", ...names.flat()));
  assert.equal(named.splitBy, "name");
  const splitOf = new Map(named.files.map(({ name, split }) => [name, split]));
  for (const [real, fake] of names) assert.equal(splitOf.get(real!), splitOf.get(fake!));
  for (const split of ["validation", "test"] as const) {
    const count = named.files.filter((file) => file.split === split).length;
    assert.ok(count > 20 && count < 60, `${count} of 200 for ${split}`);
  }
  // A picture more leaves the others where they are.
  touch("names", "stargan-real/more.jpg");
  const more = await listLabelledFolder(at("names"));
  assert.ok(named.files.every(({ name, split }) => more.files.find((file) => file.name === name)!.split === split));

  const [real, forged] = [touch("one", "x/1.jpg", "x/2.jpg"), touch("two", "1.jpg")];
  const two = await listLabelledFolder({ real, forged });
  assert.deepEqual(two.files.map((file) => [file.name, file.forged]), [["one/x/1.jpg", false], ["one/x/2.jpg", false], [
    "two/1.jpg",
    true,
  ]]);
});

Deno.test("listLabelledFolder() says what is missing", async () => {
  await assert.rejects(
    listLabelledFolder(at("nowhere")),
    /^Problem: Cannot read labelled pictures: expected a folder, got none/,
  );
  const only = touch("only", "real/1.jpg");
  await assert.rejects(listLabelledFolder(only), /expected forged pictures in a folder such as fake\/, got none/);
});

/** Smooth pictures of noise: sizes, formats and qualities differ by class, content does not. */
async function writeSet(root: string): Promise<string> {
  for (let i = 0; i < 12; i++) {
    const forged = i % 2 === 1;
    const side = forged ? 96 : 64;
    const data = Float32Array.from({ length: side * side * 3 }, (_, j) => 0.5 + 0.4 * Math.sin(j / side + 7 * i));
    const [name, quality] = [at(`${root}/${forged ? "fake" : "real"}/${i}.jpg`), forged ? 92 : 70 + i % 3];
    await writePicture(name, createPicture(side, side, 3, data), { quality, chroma: forged ? "4:4:4" : "4:2:0" });
  }
  return at(root);
}
const tells = (differences: readonly CodingDifference[]) =>
  Object.fromEntries(differences.map(({ property, tells }) => [property, tells]));

Deno.test("readLabelledPictures() brings both classes to one size and coding, and says what differed", async () => {
  const set = await writeSet("coded");
  Deno.copyFileSync(join(set, "real/0.jpg"), join(set, "fake/copy.jpg"));
  Deno.writeTextFileSync(join(set, "real/broken.jpg"), "no picture");
  const how = { resolution: 32, crop: null, margin: null };
  const { pictures, preparation, missed, coding } = await readLabelledPictures(await listLabelledFolder(set), how);
  assert.deepEqual(preparation, { ...how, quality: 71 });
  assert.deepEqual(missed.map(({ name }) => name), ["real/0.jpg", "real/broken.jpg"]);
  assert.match(missed[1]!.reason, /no known picture format/);
  assert.equal(missed[0]!.reason, "it is the same file as fake/copy.jpg");
  assert.ok(pictures.every(({ picture }) => picture.width === 32 && picture.height === 32));
  const [before, after] = [tells(coding.before), tells(coding.after)];
  assert.ok(before["JPEG quality"]! > 0.8 && before["chroma"]! > 0.8 && before["width"]! > 0.8);
  for (const [property, value] of Object.entries(after)) {
    if (property !== "bytes a pixel") assert.equal(value, 0.5, property);
  }
  const coarse = await readLabelledPictures(await listLabelledFolder(set), { ...how, quality: 40 });
  assert.equal(coarse.preparation.quality, 40);
  // What detectors see has been through the file: bytes, and others at another quality.
  const [fine, rough] = [pictures[0]!.picture.data, coarse.pictures[0]!.picture.data];
  assert.ok(fine.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-3));
  assert.ok(fine.some((value, i) => Math.abs(value - rough[i]!) > 2 / 255));
});

Deno.test("compareCoding() counts as the area under the ROC curve and the best rule do", () => {
  const file = (forged: boolean, width: number, format: string): CodedFile => ({
    forged,
    coding: {
      ...{ format, width, height: 10, bytes: 10 * width, chroma: null, isProgressive: false, quality: null },
      ...{ tables: null, metadata: [], metadataBytes: 0 },
    },
  });
  const files = [
    ...[file(false, 1, "png"), file(false, 2, "png"), file(false, 2, "webp")],
    ...[file(true, 2, "webp"), file(true, 3, "webp"), file(true, 1, "tiff")],
  ];
  const found = tells(compareCoding(files));
  // Pairs of a forged and a real width: 2 above 1, ties with 2 and 2; 3 above all; 1 ties with 1 and is below twice.
  assert.ok(Math.abs(found["width"]! - (1 + 0.5 + 0.5 + 3 + 0.5) / 9) < 1e-12);
  // png is real (2 of 3), webp forged (2 of 3), tiff forged (1 of 3).
  assert.ok(Math.abs(found["format"]! - (2 / 3 + 2 / 3 + 1 / 3) / 2) < 1e-12);
  assert.equal(found["JPEG quality"], undefined);
  assert.equal(found["bytes a pixel"], 0.5);
});

Deno.test("cutPicture() cuts out the largest face with its margin, and nothing where there is none", async () => {
  await useTensorFlow();
  const photo = await readPicture(join(BUNDLED_FACES, "photos/person01/image_0001.jpg"));
  const how = { resolution: 64, crop: null, margin: 0.3 };
  const { squares, faces } = await cutPicture(photo, how);
  assert.deepEqual([squares.length, faces, squares[0]!.width, squares[0]!.height], [1, 1, 64, 64]);
  const grey = createPicture(120, 90, 3, 0.5);
  assert.deepEqual(await cutPicture(grey, how), { squares: [], faces: 0 });
  const crop = { x: 10, y: 0, width: 111, height: 90 };
  await assert.rejects(
    cutPicture(grey, { ...how, crop }, { where: "grey.png" }),
    /expected a picture that holds 111x90 from 10, 0, got one of 120x90 \(grey\.png\)/,
  );
});

Deno.test("faceSquare() lies in the picture and is as large as told", () => {
  const landmarks = Float32Array.from({ length: 136 }, (_, i) => i % 2 === 0 ? 40 + (i % 4) * 10 : 50 + (i % 8));
  // Points reach from 40 to 60 across and 51 to 57 down.
  assert.deepEqual(faceSquare(landmarks, { width: 200, height: 200 }, 0.5), { x: 30, y: 34, width: 40, height: 40 });
  assert.deepEqual(faceSquare(landmarks, { width: 52, height: 30 }, 0.5), { x: 22, y: 0, width: 30, height: 30 });
});
