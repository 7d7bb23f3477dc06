import assert from "node:assert/strict";
import { join } from "node:path";
import {
  BUNDLED_FACES,
  extractFaces,
  type FrameReader,
  readFaceList,
  readFaceSet,
  readManifest,
} from "doppel/data/mod.ts";
import { readPicture } from "doppel/image/mod.ts";
import { cannot } from "doppel/problem.ts";
import { openJournal } from "../../lib/data/extraction/journal.ts";
import { listInput } from "../../lib/data/extraction/sources.ts";
import { inFolder } from "./extraction_fixtures.ts";

const photo = (n: number) => join(BUNDLED_FACES, `photos/person06/image_${String(n).padStart(4, "0")}.jpg`);

async function touch(folder: string, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, path), path);
  }
}

Deno.test("listInput() says whose pictures they are, and looks at everything but the output", () =>
  inFolder(async (root) => {
    const input = join(root, "holidays");
    await touch(input, "anna/b.JPG", "anna/deep/a.png", "loose.webp", "bert/film.MP4", "out/photos/x.jpg", "notes.txt");
    await touch(input, ".hidden/c.jpg", "anna/phone.heic");
    const list = async (person: string | null) =>
      (await listInput(input, { person, out: join(input, "out") })).sources
        .map(({ source, person, name, isVideo }) => [source, person, name, isVideo]);
    assert.deepEqual(await list(null), [
      ["anna/b.JPG", "anna", "b.JPG", false],
      ["anna/deep/a.png", "anna", "deep/a.png", false],
      ["anna/phone.heic", "anna", "phone.heic", false],
      ["bert/film.MP4", "bert", "film.MP4", true],
      ["loose.webp", "holidays", "loose.webp", false],
    ]);
    assert.deepEqual((await list("a/b")).map(([, person, name]) => `${person}: ${name}`).slice(0, 2), [
      "a_b: anna/b.JPG",
      "a_b: anna/deep/a.png",
    ]);
    assert.deepEqual((await listInput(input, { person: null, out: join(input, "out") })).others, ["notes.txt"]);
    const single = await listInput(join(input, "loose.webp"), { person: null, out: "/elsewhere" });
    assert.deepEqual(single.sources.map(({ person, source }) => [person, source]), [["loose", "loose.webp"]]);
  }));

/** A film of 8 frames, two a second, with nobody in the third; every read frame is counted. */
function film(damagedFrom = Infinity): { read: number; frames: FrameReader } {
  const state = {
    read: 0,
    async *frames(path: string, { every = 1, from = 0, to = Infinity }: Parameters<FrameReader>[1]) {
      for (let index = 0; index < 8; index += every) {
        if (index / 2 < from || index / 2 >= to) continue;
        if (index >= damagedFrom) throw cannot("read video", "a whole video file", `damage near frame ${index}`, path);
        state.read++;
        const { width, height, channels, data } = await readPicture(photo(98 + index));
        const picture = { width, height, channels, data: index === 2 ? data.map(() => 0.5) : data };
        yield { index, time: index / 2, picture };
      }
    },
  };
  return state;
}

Deno.test("extractFaces() takes frames of a video, goes on in the middle of one, and holds out its end", () =>
  inFolder(async (root) => {
    const [input, out] = [join(root, "film.mp4"), join(root, "faces")];
    await touch(root, "film.mp4");
    const options = { size: 48, upright: true, filters: { duplicates: 0 }, frameFormat: "jpeg" as const };
    const controller = new AbortController();
    const first = film();
    const stopped = await extractFaces(input, out, {
      ...options,
      frames: first.frames,
      signal: controller.signal,
      onProgress: ({ done, total }) => {
        assert.equal(total, undefined, "nobody knows how long a film is");
        if (done === 4) controller.abort();
      },
    });
    assert.deepEqual([stopped.isComplete, first.read, stopped.photos.length], [false, 4, 4]);

    const broken = await extractFaces(input, out, { ...options, frames: film(6).frames });
    assert.equal(broken.summary.unreadable, 1);
    assert.match(broken.photos.find(({ unreadable }) => unreadable)!.unreadable!, /damage near frame 6/);
    assert.equal(broken.summary.kept, 5, "what came before the damage stays");

    const whole = await extractFaces(input, out, { ...options, frames: film().frames });
    const { unreadable, withoutFace, kept } = whole.summary;
    assert.deepEqual({ unreadable, withoutFace, kept }, { unreadable: 0, withoutFace: 1, kept: 7 });
    const last = film();
    await extractFaces(input, out, { ...options, frames: last.frames });
    assert.equal(last.read, 0, "a film that was read to its end is not read again");

    const { photographs } = await readManifest(out);
    const splits = photographs.map(({ path, photo_split }) => [path, photo_split]);
    assert.deepEqual(splits.slice(-3), [
      ["photos/film/film.mp4/000005.jpg", "train"],
      ["photos/film/film.mp4/000006.jpg", "gap"],
      ["photos/film/film.mp4/000007.jpg", "held_out"],
    ]);
    assert.ok(splits.length === 7 && splits.slice(0, 5).every(([, split]) => split === "train"));
    const list = await readFaceList(out);
    assert.deepEqual(list.faces.map(({ source, frame, time }) => [source, frame, time]).at(-1), ["film.mp4", 7, 3.5]);
    assert.deepEqual(list.missed, [{ path: "film.mp4", frame: 2, reason: "no face was found in it" }]);
    assert.equal((await readFaceSet(out, { size: 32, photoSplit: "held_out" })).faces.length, 1);
  }));

Deno.test("extractFaces() refuses in one sentence what it cannot do", () =>
  inFolder(async (root) => {
    const refuses = (input: string, out: string, message: RegExp, options = {}) =>
      assert.rejects(extractFaces(join(root, input), join(root, out), { size: 64, ...options }), {
        name: "Problem",
        message,
      });
    await touch(root, "other/thesis.txt", "empty/notes.txt", "in/1.jpg", "file");
    await Deno.copyFile(photo(98), join(root, "in/1.jpg"));

    await refuses(
      "none",
      "out",
      /^Cannot extract faces: expected a photograph, a folder or a video, got none \(.*none\)$/,
    );
    await refuses("empty", "out", /expected photographs or videos in the folder, got 1 other files/);
    await refuses(
      "in",
      "other",
      /expected an empty or a new folder, or that of an earlier extraction, got one with something in it/,
    );
    await refuses("in", "in", /expected an empty or a new folder/);
    await refuses("in", "file", /expected a folder to write to, got a file/);
    await refuses("in", "out", /expected a whole number from 32 to 2048, got 20 \(size\)/, { size: 20 });
    await refuses("in", "out", /expected a time after 3 s, got 2 s/, { from: 3, to: 2 });
    await refuses("in", "out", /expected a number of at least 0, got -1 \(duplicates\)/, {
      filters: { duplicates: -1 },
    });
    assert.ok(!(await Deno.stat(join(root, "out")).then(() => true, () => false)), "nothing was made");

    const { settings } = await extractFaces(join(root, "in"), join(root, "out"), { size: 64, upright: true });
    await refuses(
      "in",
      "out",
      /^Cannot go on with extraction: expected --size 64 as it was begun with, or another folder, got 96/,
      {
        size: 96,
        upright: true,
      },
    );
    await refuses("in/1.jpg", "out", /expected input .*in as it was begun with/, { upright: true });
    const journal = await openJournal(join(root, "out"), settings, {});
    await refuses("in", "out", /expected a folder that no other extraction writes to, got one that is in use/, {
      upright: true,
    });
    journal.close();

    await Deno.remove(join(root, "out/manifest.json"));
    await assert.rejects(
      readFaceSet(join(root, "out"), { size: 32 }),
      /expected a finished extraction, got one that was broken off/,
    );
    await Deno.writeTextFile(join(root, "out/.extraction/journal.jsonl"), "{}\n");
    await refuses("in", "out", /Cannot go on with extraction: expected a journal of this version/, { upright: true });
  }));
