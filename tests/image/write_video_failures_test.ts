import assert from "node:assert/strict";
import { join } from "node:path";
import { createPicture, openVideoWriter, type VideoWriterOptions } from "doppel/image/mod.ts";
import { Problem, sentence } from "doppel/problem.ts";
import { ffmpegHere, inFolder, namesIn, needsFfmpeg, rate } from "./video_fixtures.ts";
import { smallDisk } from "../small_disk.ts";

const test = (name: string, fn: () => Promise<void>) => Deno.test(needsFfmpeg(name, fn));

test("openVideoWriter() leaves nothing when it is aborted, stopped by the signal, or left without a frame", () =>
  inFolder(async (at, folder) => {
    const options = { width: 64, height: 48, rate };
    const frame = new Uint8Array(64 * 48 * 3);
    await assert.rejects(async () => {
      await using writer = await openVideoWriter(at("a.mp4"), options);
      for (let n = 0; n < 20; n++) await writer.write(frame);
      throw new Error("something else");
    }, /something else/);
    assert.deepEqual(namesIn(folder), []);
    const stop = new AbortController();
    await assert.rejects(async () => {
      await using writer = await openVideoWriter(at("a.mp4"), { ...options, signal: stop.signal });
      for (let n = 0; n < 50; n++) {
        if (n === 30) stop.abort(new Error("enough"));
        await writer.write(frame);
      }
    }, /^Error: enough$/);
    assert.deepEqual(namesIn(folder), []);
    const during = new AbortController();
    await assert.rejects(async () => {
      await using writer = await openVideoWriter(at("a.mp4"), { ...options, signal: during.signal });
      await writer.write(frame);
      setTimeout(() => during.abort(new Error("in the middle")), 20);
      while (true) await writer.write(frame);
    }, /^Error: in the middle$/);
    assert.deepEqual(namesIn(folder), []);
    await using empty = await openVideoWriter(at("a.mp4"), options);
    await assert.rejects(empty.close(), /^Problem: Cannot write video: expected at least one frame, got none/);
    await assert.rejects(empty.write(frame), /expected an open video, got one that is closed/);
    assert.deepEqual(namesIn(folder), []);
    // The older file stays until the new one is whole.
    await Deno.writeTextFile(at("a.mp4"), "old");
    {
      await using writer = await openVideoWriter(at("a.mp4"), options);
      await writer.write(frame);
    }
    assert.equal(await Deno.readTextFile(at("a.mp4")), "old");
    assert.deepEqual(namesIn(folder), ["a.mp4"]);
  }));

test("openVideoWriter() refuses what it cannot write in one sentence", () =>
  inFolder(async (at, folder) => {
    const options = { width: 64, height: 48, rate };
    const refused = async (path: string, more: Partial<VideoWriterOptions>) => {
      const error = await openVideoWriter(path, { ...options, ...more }).catch((error: unknown) => error);
      assert.ok(error instanceof Problem, String(error));
      return error.message;
    };
    assert.match(await refused(at("a.avi"), {}), /expected a name ending in .mp4, got ".avi"/);
    assert.match(await refused(at("a.mp4"), { width: 0 }), /expected a positive whole size, got 0x48/);
    assert.match(await refused(at("a.mp4"), { quality: 60 }), /expected a quality from 0 to 51, got 60/);
    assert.match(await refused(at("a.mp4"), { rate: { numerator: 29.97, denominator: 1 } }), /got 29.97\/1 \(rate\)/);
    assert.match(
      await refused(at("a.mp4"), { audioFrom: at("no.mp4") }),
      /^Cannot take over the sound: expected an existing/,
    );
    await Deno.mkdir(at("folder.mp4"));
    assert.match(await refused(at("folder.mp4"), {}), /got a folder/);
    await using writer = await openVideoWriter(at("b.mp4"), options);
    await assert.rejects(
      writer.write(new Uint8Array(5)),
      /expected frames of 9216 bytes, got 5 \(frame 0 of .*b.mp4\)/,
    );
    await assert.rejects(
      writer.write(createPicture(48, 64, 3)),
      /expected frames of shape \[48, 64, 3\], got \[64, 48, 3\]/,
    );
    for (let n = 0; n < 3; n++) await writer.write(createPicture(64, 48, 3), { time: 1 });
    await assert.rejects(writer.write(createPicture(64, 48, 3), { time: 0.5 }), /expected a time after 1 s, got 0.5 s/);
    await writer.abort();
    assert.deepEqual(namesIn(folder), ["folder.mp4"]);
  }));

const disk = ffmpegHere() === undefined ? undefined : smallDisk("64k");

Deno.test({
  name: "openVideoWriter() on a full disk is one sentence and leaves nothing (needs ffmpeg and the right to mount)",
  ignore: disk === undefined,
  async fn() {
    let seed = 1;
    const noise = () => Uint8Array.from({ length: 96 * 64 * 3 }, () => (seed = seed * 48271 % 2147483647) & 255);
    const error = await (async () => {
      await using writer = await openVideoWriter(join(disk!, "a.mp4"), { width: 96, height: 64, rate, quality: 1 });
      for (let n = 0; n < 60; n++) await writer.write(noise());
      await writer.close();
    })().then(() => undefined, (error: unknown) => error);
    assert.match(
      sentence(error) ?? "",
      /^Cannot write video: expected free space on the disk, got none left \(.*a.mp4\)$/,
    );
    assert.deepEqual(namesIn(disk!), []);
  },
});
