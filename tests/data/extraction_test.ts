import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { basename, dirname, join } from "node:path";
import sharp from "sharp";
import {
  BUNDLED_FACES,
  extractFaces,
  type Extraction,
  type ExtractOptions,
  readFaceList,
  readFaceSet,
  readManifest,
  verifyManifest,
} from "doppel/data/mod.ts";
import { alignFace, FACE_TYPES } from "doppel/faces/mod.ts";
import { createPicture, encodePicture, type Picture, readPicture, toBytes } from "doppel/image/mod.ts";
import { randomSource, uniform } from "doppel/random.ts";
import { filesBelow } from "../../lib/data/files.ts";

const bundled = (person: number, image: string) =>
  join(BUNDLED_FACES, `photos/person${String(person).padStart(2, "0")}/image_${image}.jpg`);

/** Works in a folder of its own. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "doppel-extraction-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes files, by path. */
async function fill(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
    if (typeof content === "string") await Deno.copyFile(content, join(folder, path));
    else await Deno.writeFile(join(folder, path), content);
  }
}

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

/** What was left out, by the name of the face. */
const reasons = ({ faces }: Extraction) =>
  Object.fromEntries(faces.flatMap(({ face, dropped }) => dropped ? [[face.name, dropped.reason]] : []));

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

Deno.test("extractFaces() goes on where it was stopped and makes what it would have made at once", () =>
  inFolder(async (root) => {
    const input = join(root, "carl");
    await fill(input, Object.fromEntries(["0098", "0099", "0100", "0101"].map((n) => [`${n}.jpg`, bundled(6, n)])));
    const extract = (out: string, options: ExtractOptions = {}) =>
      extractFaces(input, join(root, out), { size: 64, sort: "blur", ...options });

    const controller = new AbortController();
    const stopped = await extract("in two", {
      signal: controller.signal,
      onProgress: ({ done }) => done === 2 && controller.abort(),
    });
    assert.deepEqual([stopped.isComplete, stopped.faces.length], [false, 2]);
    assert.equal((await readFaceSet(join(root, "in two"), { size: 32 })).faces.length, 2, "a face set already");

    // A crash leaves half a line, half a file, and pictures that no line tells of.
    const journal = join(root, "in two/.extraction/journal.jsonl");
    await Deno.writeTextFile(journal, '{"photo":{"source":"x', { append: true });
    await Deno.writeTextFile(join(root, `in two/aligned/carl/x.png.${crypto.randomUUID()}.part`), "half");
    await fill(join(root, "in two"), { "aligned/carl/0100_0.png": new Uint8Array(3) });

    const looked: number[] = [];
    const resumed = await extract("in two", {
      onProgress: ({ phase, faces }) => phase === "looking for faces" && looked.push(faces),
    });
    const atOnce = await extract("at once");
    assert.ok(resumed.isComplete && resumed.summary.kept === 4);
    const files = await filesBelow(join(root, "at once"));
    assert.deepEqual(await filesBelow(join(root, "in two")), files);
    for (const path of [...files, ".extraction/journal.jsonl"]) {
      const [a, b] = await Promise.all(["in two", "at once"].map((out) => Deno.readFile(join(root, out, path))));
      assert.ok(Buffer.from(a!).equals(b!), path);
    }

    const times = async () =>
      await Promise.all(
        files.filter((path) => path.startsWith("aligned/")).map(async (path) =>
          (await Deno.stat(join(root, "at once", path))).mtime!.getTime()
        ),
      );
    const before = await times();
    assert.deepEqual((await extract("at once")).summary, atOnce.summary);
    assert.deepEqual(await times(), before, "called once more, nothing is done anew");
  }));

Deno.test("extractFaces() filters anew without looking anew, and leaves out what was deleted by hand", () =>
  inFolder(async (root) => {
    const [input, out] = [join(root, "dora"), join(root, "faces")];
    await fill(input, Object.fromEntries([1, 2, 3, 4].map((n) => [`${n}.jpg`, bundled(2, `002${n + 2}`)])));
    const extract = (options: ExtractOptions = {}) => extractFaces(input, out, { size: 64, ...options });
    const first = await extract();
    const sharpness = first.faces.map(({ face }) => face.sharpness).toSorted((a, b) => a - b);
    const filters = { minSharpness: sharpness.at(-2)! };
    const strict = await extract({ filters });
    assert.equal(strict.summary.kept, 2);
    const blurred = Object.keys(reasons(strict)).filter((name) => reasons(strict)[name] === "too_blurred");
    for (const name of blurred) {
      assert.ok((await Deno.stat(join(out, "dropped/aligned", name))).isFile);
      await assert.rejects(Deno.stat(join(out, "aligned", name)), Deno.errors.NotFound);
    }
    assert.equal((await readFaceSet(out, { size: 32 })).faces.length, 2);

    const lax = await extract();
    assert.deepEqual(lax.summary, first.summary, "what filters allow again comes back");
    assert.equal((await readFaceSet(out, { size: 32 })).faces.length, first.summary.kept);

    await Deno.remove(join(out, "aligned/dora/1_0.png"));
    const { faces, missed } = await readFaceSet(out, { size: 32 });
    assert.equal(faces.length, first.summary.kept - 1);
    assert.deepEqual(missed, [{
      path: "photos/dora/1.jpg",
      reason: "its aligned picture has been removed by hand",
    }]);
    const after = await extract();
    assert.deepEqual(after.summary.dropped.removed, 1);
    await assert.rejects(Deno.stat(join(out, "aligned/dora/1_0.png")), Deno.errors.NotFound, "it stays out");

    await Deno.remove(join(input, "2.jpg"));
    await Deno.copyFile(bundled(2, "0027"), join(input, "3.jpg"));
    const changed = await extract();
    assert.deepEqual(changed.gone.map(({ source }) => source), ["2.jpg"]);
    assert.deepEqual(changed.faces.filter(({ photo }) => photo.source === "2.jpg"), []);
    const manifest = await readManifest(out);
    assert.deepEqual(manifest.photographs.map(({ path }) => basename(path)), ["1.jpg", "3.jpg", "4.jpg"]);
    const now = manifest.photographs[1]!;
    assert.equal(now.width, (await readPicture(bundled(2, "0027"))).width, "a changed photograph is taken in anew");
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
