import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import sharp from "sharp";
import { extractFaces, readFaceList, readFaceSet, readManifest, verifyManifest } from "doppel/data/mod.ts";
import { alignFace, FACE_TYPES } from "doppel/faces/mod.ts";
import { createPicture, encodePicture, type Picture, readPicture, toBytes } from "doppel/image/mod.ts";
import { randomSource, uniform } from "doppel/random.ts";
import { bundled, fill, inFolder, reasons } from "./extraction_fixtures.ts";

/** Two photographs side by side. */
async function sideBySide(left: string, right: string): Promise<Uint8Array> {
  const [a, b] = await Promise.all([left, right].map((path) => sharp(path).resize({ height: 300 }).png().toBuffer()));
  const width = (await sharp(a!).metadata()).width!;
  return await sharp(a!).extend({ right: (await sharp(b!).metadata()).width! })
    .composite([{ input: b!, left: width, top: 0 }]).png().toBuffer();
}

function noise(): Promise<Uint8Array> {
  const random = randomSource(1, "noise");
  const values = Float32Array.from({ length: 160 * 120 * 3 }, () => uniform(random, 0, 1));
  return encodePicture(createPicture(160, 120, 3, values));
}

/** Whether two pictures are the same in their bytes. */
const isSame = (a: Picture, b: Picture) => Buffer.from(toBytes(a)).equals(toBytes(b));

const inThreeChannels = ({ width, height, data }: Picture) =>
  createPicture(width, height, 3, Float32Array.from({ length: 3 * data.length }, (_, i) => data[Math.floor(i / 3)]!));

Deno.test("extractFaces() makes a face set of anybody's folder and says what became of each picture", () =>
  inFolder(async (root) => {
    const [input, out] = [join(root, "photographs"), join(root, "faces")];
    await fill(input, {
      "anna/1.jpg": bundled(1, "0001"),
      "anna/2.jpg": bundled(1, "0002"),
      "anna/3.jpg": bundled(1, "0004"),
      "anna/turned.png": await sharp(bundled(1, "0005")).rotate(90).png().toBuffer(),
      "anna/exif.jpg": await sharp(bundled(1, "0006")).rotate(270).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      "anna/stranger.jpg": bundled(5, "0069"),
      "bert/deeper/1.jpg": bundled(2, "0024"),
      "bert/deeper/1.png": await sharp(bundled(2, "0025")).png().toBuffer(),
      "bert/two.png": await sideBySide(bundled(2, "0026"), bundled(9, "0138")),
      "bert/noise.png": await noise(),
      "bert/broken.jpg": (await Deno.readFile(bundled(2, "0027"))).slice(0, 4000),
      "bert/iphone.heic": new TextEncoder().encode("ftypheic"),
      "notes.txt": new TextEncoder().encode("not looked at"),
    });
    const steps: number[] = [];
    const extraction = await extractFaces(input, out, {
      size: 96,
      onProgress: ({ phase, done, total }) => {
        if (phase === "looking for faces") steps.push(done);
        assert.equal(total, phase === "looking for faces" ? 12 : 10);
      },
    });
    const { summary, photos, others } = extraction;

    assert.deepEqual(steps, Array.from({ length: 12 }, (_, i) => i + 1));
    assert.deepEqual(others, ["notes.txt"]);
    assert.deepEqual(
      { ...summary, persons: summary.persons.map(({ person, found, kept }) => [person, found, kept]) },
      {
        photographs: 12,
        unreadable: 2,
        withoutFace: 1,
        found: 10,
        kept: 8,
        dropped: { not_the_person: 2 },
        persons: [["anna", 6, 5], ["bert", 4, 3]],
      },
    );
    // The larger of the two in one picture is either; the one that is not bert is told by whom it shows.
    const strange = Object.keys(reasons(extraction));
    assert.deepEqual(strange.map((name) => name.replace(/_\d\.png$/, "")), ["anna/stranger", "bert/two"]);
    const unread = Object.fromEntries(photos.map(({ source, unreadable }) => [source, unreadable]));
    assert.match(unread["bert/broken.jpg"]!, /^Cannot read picture: expected a whole picture file, got damaged data/);
    assert.match(unread["bert/iphone.heic"]!, /no known picture format/);

    const faces = new Map(extraction.faces.map((judged) => [judged.face.name, judged]));
    const rollOf = (name: string) => faces.get(name)!.face.pose!.roll;
    assert.ok(Math.abs(rollOf("anna/turned_0.png") - 90) < 8, "found lying on its side");
    assert.ok(Math.abs(rollOf("anna/exif_0.png")) < 8, "upright by its EXIF orientation");
    assert.ok(faces.has("bert/deeper/1_0.png") && faces.has("bert/deeper/1_png_0.png"), "one name, two endings");
    assert.equal(faces.get("anna/turned_0.png")!.photo.width, (await readPicture(bundled(1, "0005"))).height);

    // The folder alone is enough.
    await Deno.remove(input, { recursive: true });
    assert.deepEqual(await verifyManifest(out), []);
    const manifest = await readManifest(out);
    assert.equal(manifest.name, "photographs");
    const list = await readFaceList(out);
    assert.deepEqual([list.faces.length, list.aligned], [8, { size: 96, face_type: "full" }]);
    assert.deepEqual(list.missed.map(({ path }) => path), [
      "photos/anna/stranger.jpg",
      "bert/broken.jpg",
      "bert/iphone.heic",
      "bert/noise.png",
    ]);
    const set = await readFaceSet(out, { size: 96 });
    assert.deepEqual(set.missed.map(({ path }) => path), ["photos/anna/stranger.jpg"]);
    assert.equal(set.faces.length, 8);
    for (const [i, { picture, mask }] of set.faces.entries()) {
      // Cut anew it is what was stored, byte for byte.
      const { aligned, mask: hull } = list.faces[i]!;
      assert.ok(isSame(picture, await readPicture(join(out, aligned!))), aligned!);
      assert.ok(isSame(inThreeChannels(mask), await readPicture(join(out, hull!))), hull!);
    }
    const whole = await readFaceSet(out, { size: 32, faceType: "whole", persons: ["bert"] });
    assert.deepEqual(whole.faces.map(({ person }) => person), ["bert", "bert", "bert"]);

    const report = JSON.parse(await Deno.readTextFile(join(out, "report.json")));
    assert.deepEqual([report.complete, report.kept, report.left_out.length, report.missed.length], [true, 8, 2, 4]);
    const sheet = await readPicture(join(out, extraction.sheets.kept[0]!));
    assert.ok(sheet.width > 800 && extraction.sheets.dropped.length === 1);
  }));

Deno.test("extractFaces() aligns as every face type asks, and a set's own manifest tells persons and splits", () =>
  inFolder(async (root) => {
    const photo = bundled(10, "0160");
    const picture = await readPicture(photo);
    for (const faceType of FACE_TYPES) {
      const out = join(root, faceType);
      const { faces: [only], settings } = await extractFaces(photo, out, { size: 48, faceType });
      assert.deepEqual([only!.dropped, settings.faceType], [null, faceType]);
      const { picture: expected } = alignFace(picture, only!.face.landmarks, { size: 48, faceType });
      assert.ok(isSame(await readPicture(join(out, "aligned/image_0160/image_0160_0.png")), expected), faceType);
    }
    const again = await extractFaces(join(root, "whole"), join(root, "again"), { size: 32 });
    assert.deepEqual(again.photos.map(({ person, splits }) => [person, splits]), [
      ["image_0160", { identity: "train", photo: "train" }],
    ]);
  }));
