import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { basename, join } from "node:path";
import { extractFaces, type ExtractOptions, readFaceSet, readManifest } from "doppel/data/mod.ts";
import { readPicture } from "doppel/image/mod.ts";
import { filesBelow } from "../../lib/data/files.ts";
import { bundled, fill, inFolder, reasons } from "./extraction_fixtures.ts";

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
