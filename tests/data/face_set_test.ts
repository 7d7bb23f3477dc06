import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { BUNDLED_FACES, readFaceSet, readManifest } from "doppel/data/mod.ts";
import { createPicture, encodePicture } from "doppel/image/mod.ts";

Deno.test("readFaceSet() reads the bundled persons that are asked for, aligned, with masks, and lists those it missed", async () => {
  const steps: [number, number][] = [];
  const set = await readFaceSet(BUNDLED_FACES, {
    size: 48,
    persons: ["person08", "person10"],
    onProgress: (done, total) => steps.push([done, total]),
  });
  assert.deepEqual([set.name, set.size, set.faceType, set.faces.length], ["caltech_faces", 48, "full", 9]);
  assert.deepEqual(set.missed.map(({ path }) => path), ["photos/person08/image_0135.jpg"]);
  assert.match(set.missed[0]!.reason, /finds no face/);
  assert.deepEqual(steps.at(-1), [10, 10]);
  for (const { picture, mask, landmarks, person, path } of set.faces) {
    assert.deepEqual([picture.width, picture.height, picture.channels], [48, 48, 3]);
    assert.deepEqual([mask.width, mask.height, mask.channels], [48, 48, 1]);
    assert.ok(path.startsWith(`photos/${person}/`));
    const covered = mask.data.reduce((a, b) => a + b) / mask.data.length;
    assert.ok(covered > 0.3 && covered < 0.75, `${path}: the mask covers ${covered}`);
    // The eyes of an aligned face: about a third and two thirds across.
    assert.ok(Math.abs(landmarks[2 * 36]! / 48 - 0.27) < 0.06 && Math.abs(landmarks[2 * 45]! / 48 - 0.73) < 0.06, path);
  }
});

Deno.test("readFaceSet() keeps to the asked-for splits", async () => {
  const { photographs } = await readManifest(BUNDLED_FACES);
  const splitOf = new Map(photographs.map((photo) => [photo.path, photo]));
  const { faces } = await readFaceSet(BUNDLED_FACES, { size: 16, identitySplit: "test", photoSplit: "held_out" });
  assert.ok(faces.length > 10);
  for (const { path, identitySplit, photoSplit } of faces) {
    assert.deepEqual([identitySplit, photoSplit], ["test", "held_out"]);
    assert.deepEqual([splitOf.get(path)!.identity_split, splitOf.get(path)!.photo_split], ["test", "held_out"]);
  }
  await assert.rejects(
    readFaceSet(BUNDLED_FACES, { size: 16, persons: ["person99"] }),
    /expected persons of person01, .*, got "person99"/,
  );
});

Deno.test("readFaceSet() reads anybody's folder in the same form and lists what it could not use", async () => {
  const folder = await Deno.makeTempDir({ prefix: "doppel-photos-" });
  try {
    const copy = async (from: string, to: string) => {
      await Deno.mkdir(join(folder, to, ".."), { recursive: true });
      await Deno.copyFile(join(BUNDLED_FACES, "photos", from), join(folder, to));
    };
    for (const n of [42, 43, 44, 46]) await copy(`person03/image_00${n}.jpg`, `anna/${n}.JPG`);
    await copy("person10/image_0160.jpg", "bert/deeper/160.jpg");
    await copy("person03/image_0042.jpg", "bert/copy.jpg");
    await Deno.writeFile(
      join(folder, "bert/landscape.png"),
      await encodePicture(createPicture(90, 60, 3, [0.2, 0.5, 0.3])),
    );
    await Deno.writeTextFile(join(folder, "bert/broken.jpg"), "not a picture");
    await Deno.writeTextFile(join(folder, "bert/notes.txt"), "not looked at");
    await Deno.writeTextFile(join(folder, "loose.jpg"), "in no person's folder");

    const set = await readFaceSet(folder, { size: 48, faceType: "whole" });
    assert.equal(set.name, basename(folder));
    assert.deepEqual(set.faces.map(({ person, path }) => [person, path]), [
      ["anna", "anna/42.JPG"],
      ["anna", "anna/43.JPG"],
      ["anna", "anna/44.JPG"],
      ["anna", "anna/46.JPG"],
      ["bert", "bert/deeper/160.jpg"],
    ]);
    assert.deepEqual(set.faces.map(({ photoSplit }) => photoSplit), ["train", "train", "train", "held_out", "train"]);
    const reasons = Object.fromEntries(set.missed.map(({ path, reason }) => [path, reason]));
    assert.deepEqual(Object.keys(reasons).sort(), ["bert/broken.jpg", "bert/copy.jpg", "bert/landscape.png"]);
    assert.match(reasons["bert/broken.jpg"]!, /Cannot read picture: .*no known picture format/);
    assert.equal(reasons["bert/copy.jpg"], "it is the same file as anna/42.JPG");
    assert.equal(reasons["bert/landscape.png"], "no face was found in it");

    const [stored, found] = await Promise.all([
      readFaceSet(BUNDLED_FACES, { size: 48, persons: ["person10"], faceType: "whole" }),
      readFaceSet(folder, { size: 48, persons: ["bert"], faceType: "whole" }),
    ]);
    const same = stored.faces.find(({ path }) => path.endsWith("0160.jpg"))!;
    const worst = found.faces[0]!.landmarks.reduce((most, v, i) => Math.max(most, Math.abs(v - same.landmarks[i]!)), 0);
    assert.ok(worst < 0.5, "found now and stored then are the same face");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readFaceSet() takes a folder without sub-folders for one person's", async () => {
  const folder = await Deno.makeTempDir({ prefix: "doppel-anna-" });
  try {
    for (const n of [42, 43]) {
      await Deno.copyFile(join(BUNDLED_FACES, `photos/person03/image_00${n}.jpg`), join(folder, `${n}.jpg`));
    }
    const { faces } = await readFaceSet(folder, { size: 16 });
    assert.deepEqual(faces.map(({ person, path }) => [person, path]), [
      [basename(folder), "42.jpg"],
      [basename(folder), "43.jpg"],
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readFaceSet() says what is wrong with a folder", async () => {
  const folder = await Deno.makeTempDir({ prefix: "doppel-photos-" });
  try {
    await assert.rejects(
      readFaceSet(folder, { size: 8 }),
      /Cannot read face set: expected one sub-folder of photographs a person, got no photograph in it/,
    );
    await assert.rejects(readFaceSet(join(folder, "none"), { size: 8 }), /expected a folder, got none/);
    await Deno.writeTextFile(join(folder, "file"), "");
    await assert.rejects(readFaceSet(join(folder, "file"), { size: 8 }), /expected a folder, got a file/);
    await Deno.mkdir(join(folder, "anna"));
    await Deno.writeFile(join(folder, "anna/flat.png"), await encodePicture(createPicture(40, 40, 3)));
    await assert.rejects(readFaceSet(folder, { size: 8 }), /expected at least one face, got none in 1 photographs/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
