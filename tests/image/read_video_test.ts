import assert from "node:assert/strict";
import { join } from "node:path";
import { createPicture, framePicture, probeVideo, readVideo, videoFrames } from "doppel/image/mod.ts";
import { Problem } from "doppel/problem.ts";
import { collect, ffmpeg, h264, inFolder, movingPicture, needsFfmpeg, tone, unevenVideo } from "./video_fixtures.ts";

const test = (name: string, fn: () => Promise<void>) => Deno.test(needsFfmpeg(name, fn));

async function refusal(path: string): Promise<string> {
  const error = await collect(readVideo(path)).then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof Problem, String(error));
  assert.ok(!error.message.includes("\n"));
  return error.message;
}

test("probeVideo() tells size, exact rate, sound and length", () =>
  inFolder(async (at) => {
    const path = at("a:b 1%.mp4"); // No part of a name has a meaning.
    ffmpeg(...movingPicture(1.001, "30000/1001"), ...tone(1), ...h264, "-c:a", "aac", `file:${path}`);
    const { width, height, rate, duration, frames, hasAudio, rotation, codec } = await probeVideo(path, {
      count: true,
    });
    assert.deepEqual(rate, { numerator: 30000, denominator: 1001 });
    assert.deepEqual([width, height, frames, hasAudio, rotation, codec], [160, 120, 30, true, 0, "h264"]);
    assert.ok(Math.abs(duration - 1.001) < 0.03);
    ffmpeg(...movingPicture(0.2), ...h264, "-an", at("silent.mkv"));
    const silent = await probeVideo(at("silent.mkv"));
    assert.equal(silent.hasAudio, false);
    assert.equal(silent.frames, undefined);
    // A bare stream states no length; it is counted then.
    ffmpeg(...movingPicture(0.4), ...h264, "-bf", "2", at("bare.h264"));
    assert.ok(Math.abs((await probeVideo(at("bare.h264"))).duration - 0.4) < 0.05);
    const times = await collect(readVideo(at("bare.h264")));
    for (const [n, { time }] of times.entries()) assert.ok(Math.abs(time - n / 25) < 1e-6);
  }));

test("readVideo() hands out every frame once, at its time, with the colours that went in", () =>
  inFolder(async (at) => {
    // Each frame is of one colour, which says its number.
    const colour = (n: number) => [30 + 8 * n, 200 - 6 * n, 90 + 4 * n];
    const path = at("colours.mkv");
    ffmpeg(
      ...["-f", "lavfi", "-i", "color=black:s=64x48:r=10:d=2,format=gbrp"],
      ...["-vf", "geq=r='30+8*N':g='200-6*N':b='90+4*N'", "-c:v", "ffv1", path],
    );
    const frames = await collect(readVideo(path));
    assert.equal(frames.length, 20);
    for (const [n, { index, time, duration, data, width, height }] of frames.entries()) {
      assert.deepEqual([index, width, height, data.length], [n, 64, 48, 64 * 48 * 3]);
      assert.ok(Math.abs(time - n / 10) < 1e-9, `${time}`);
      assert.ok(Math.abs(duration - 0.1) < 1e-9);
      assert.deepEqual(Array.from(data.subarray(0, 3)), colour(n));
    }
    const picture = framePicture(frames[3]!);
    assert.deepEqual(picture, createPicture(64, 48, 3, colour(3).map((byte) => byte / 255)));
  }));

test("readVideo() keeps the times of a video whose frames come at varying times", () =>
  inFolder(async (at) => {
    const times = [0, 0.04, 0.2, 0.24, 0.6, 1.0];
    unevenVideo(at("v.mkv"), times);
    const frames = await collect(readVideo(at("v.mkv")));
    assert.equal(frames.length, times.length);
    for (const [n, { time }] of frames.entries()) assert.ok(Math.abs(time - times[n]!) < 1e-3, `${time} ${times[n]}`);
  }));

test("readVideo() turns frames upright", () =>
  inFolder(async (at) => {
    // Left half red, right half blue; held so that it has to be turned clockwise by 90 degrees: red comes to the top.
    ffmpeg(
      ...["-f", "lavfi", "-i", "color=blue:s=64x32:r=5:d=0.4,drawbox=w=32:h=32:color=red:t=fill"],
      ...[...h264, at("lying.mp4")],
    );
    ffmpeg("-display_rotation", "-90", "-i", at("lying.mp4"), "-c", "copy", at("turned.mp4"));
    const info = await probeVideo(at("turned.mp4"));
    assert.deepEqual([info.width, info.height, info.rotation], [32, 64, 90]);
    const [frame] = await collect(readVideo(at("turned.mp4")));
    assert.deepEqual([frame!.width, frame!.height], [32, 64]);
    const [top, bottom] = [frame!.data.subarray(0, 3), frame!.data.subarray(-3)];
    assert.ok(top[0]! > 200 && top[2]! < 60, `${top}`);
    assert.ok(bottom[2]! > 200 && bottom[0]! < 60, `${bottom}`);
  }));

test("videoFrames() picks frames by step and time, with their place in the whole file", () =>
  inFolder(async (at) => {
    const path = at("long.mp4");
    ffmpeg(...movingPicture(4), ...h264, "-g", "30", path);
    const all = await collect(readVideo(path));
    assert.equal(all.length, 100);
    for (
      const [options, expected] of [
        [{ every: 30 }, [0, 30, 60, 90]],
        [{ from: 1.24, to: 1.36 }, [31, 32, 33]],
        [{ every: 7, from: 3.2 }, [80, 87, 94]],
        [{ to: 0.1 }, [0, 1, 2]],
      ] as const
    ) {
      const some = await collect(videoFrames(path, options));
      assert.deepEqual(some.map(({ index }) => index), expected);
      for (const frame of some) assert.deepEqual(frame, all[frame.index]);
    }
    for (const wrong of [{ every: 0 }, { every: 1.5 }, { from: -1 }, { from: 2, to: 2 }, { from: 9 }]) {
      await assert.rejects(collect(videoFrames(path, wrong)), Problem);
    }
  }));

test("readVideo() refuses what is no whole video in one sentence", () =>
  inFolder(async (at, folder) => {
    assert.match(
      await refusal(at("none.mp4")),
      /^Cannot read video: expected an existing file, got none \(.*none.mp4\)$/,
    );
    assert.match(await refusal(folder), /expected a video file, got a folder/);
    await Deno.writeFile(at("empty.mp4"), new Uint8Array());
    assert.match(await refusal(at("empty.mp4")), /^Cannot read video: expected a whole video file, got "/);
    await Deno.writeFile(at("noise.mp4"), Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 31 + i) % 251));
    assert.match(await refusal(at("noise.mp4")), /^Cannot read video: expected a whole video file, got "/);
    await Deno.writeTextFile(at("words.txt"), "no video\n".repeat(50));
    assert.match(await refusal(at("words.txt")), /^Cannot read video: expected a .*video file, got /);
    ffmpeg(...tone(0.3), "-c:a", "aac", at("sound.m4a"));
    assert.match(await refusal(at("sound.m4a")), /expected a video stream, got none/);
    ffmpeg(...movingPicture(0.04), at("still.png"));
    assert.match(await refusal(at("still.png")), /expected a video file, got a file of the kind png_pipe/);
  }));

test("readVideo() stops at damage, or conceals it when told to", () =>
  inFolder(async (at) => {
    ffmpeg(...movingPicture(4), ...h264, "-movflags", "+faststart", at("whole.mp4"));
    const whole = await Deno.readFile(at("whole.mp4"));
    await Deno.writeFile(at("cut.mp4"), whole.subarray(0, whole.length >> 1));
    await Deno.writeFile(
      at("hole.mp4"),
      whole.map((byte, i) => i > whole.length * 0.6 && i < whole.length * 0.6 + 30 ? 0x55 : byte),
    );
    for (const name of ["cut.mp4", "hole.mp4"]) {
      assert.match(
        await refusal(at(name)),
        /^Cannot read video: expected a whole video file, got damage (near frame \d+|at the end)/,
      );
    }
    const frames = await collect(readVideo(at("hole.mp4"), { damaged: "conceal" }));
    assert.ok(frames.length > 90);
  }));

test("readVideo() and videoFrames() end their ffmpeg when the loop ends or the signal says so", () =>
  inFolder(async (at) => {
    ffmpeg(...movingPicture(20, "25", "320x240"), ...h264, at("a.mp4"));
    const children = () =>
      Deno.build.os !== "linux" ? 0 : Array.from(Deno.readDirSync("/proc")).filter(({ name }) => {
        if (!/^\d+$/.test(name)) return false;
        try {
          return Deno.readTextFileSync(join("/proc", name, "cmdline")).includes(at("a.mp4"));
        } catch {
          return false;
        }
      }).length;
    for await (const { index } of readVideo(at("a.mp4"))) if (index === 3) break;
    assert.equal(children(), 0);
    const stop = new AbortController();
    let seen = 0;
    await assert.rejects(async () => {
      for await (const _ of readVideo(at("a.mp4"), { signal: stop.signal })) {
        if (++seen === 5) stop.abort(new Error("enough"));
      }
    }, /^Error: enough$/);
    assert.equal(seen, 5);
    assert.equal(children(), 0);
    await assert.rejects(
      collect(readVideo(at("a.mp4"), { signal: AbortSignal.abort(new Error("no")) })),
      /^Error: no$/,
    );
  }));

test("readVideo() makes the decoder wait: a minute of 640x480 never needs more than a few frames of memory", () =>
  inFolder(async (at) => {
    ffmpeg(...movingPicture(2, "6", "640x480"), ...h264, at("short.mp4"));
    ffmpeg("-stream_loop", "29", "-i", at("short.mp4"), "-c", "copy", at("minute.mp4"));
    const frameBytes = 640 * 480 * 3;
    const start = Deno.memoryUsage().rss;
    let frames = 0;
    let most = 0;
    for await (const { data } of readVideo(at("minute.mp4"))) {
      assert.equal(data.length, frameBytes);
      if (++frames === 60) {
        // Were the decoder not made to wait, hundreds of frames would come in during this pause.
        const before = Deno.memoryUsage();
        await new Promise((resolve) => setTimeout(resolve, 1000));
        const { rss, external } = Deno.memoryUsage();
        assert.ok(external - before.external < 30 * frameBytes && rss - before.rss < 60 * frameBytes);
      }
      if (frames % 20 === 0) most = Math.max(most, Deno.memoryUsage().rss - start);
    }
    assert.equal(frames, 360);
    assert.ok(most < 150e6, `${most} bytes`); // All frames together are 332 MB.
  }));
