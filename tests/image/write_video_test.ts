import assert from "node:assert/strict";
import { join } from "node:path";
import {
  createPicture,
  framePicture,
  openVideoWriter,
  type Picture,
  probeVideo,
  readPicture,
  readVideo,
  readVideoProvenance,
  type VideoWriterOptions,
} from "doppel/image/mod.ts";
import {
  ffmpeg,
  frameTicks,
  h264,
  inFolder,
  movingPicture,
  namesIn,
  needsFfmpeg,
  rate,
  soundChecksum,
  tone,
  unevenVideo,
} from "./video_fixtures.ts";

const test = (name: string, fn: () => Promise<void>) => Deno.test(needsFfmpeg(name, fn));
const photo = join(import.meta.dirname!, "../../datasets/caltech_faces/photos/person01/image_0001.jpg");

/** Writes a video anew as it is. */
async function copyVideo(from: string, to: string, options: Partial<VideoWriterOptions> = {}) {
  const info = await probeVideo(from);
  await using writer = await openVideoWriter(to, { ...info, audioFrom: from, ...options });
  for await (const frame of readVideo(from)) await writer.write(frame.data, frame);
  await writer.close();
  return { frames: writer.frames, sound: writer.sound };
}

function psnr(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return 10 * Math.log10(255 ** 2 * a.length / sum);
}

/** Windows of a photograph that move by three columns a frame. */
async function pan(frames: number, width: number, height: number): Promise<Picture[]> {
  const whole = await readPicture(photo);
  return Array.from({ length: frames }, (_, n) => {
    const data = new Float32Array(width * height * 3);
    for (let y = 0; y < height; y++) {
      const start = ((y + 40) * whole.width + 60 + 3 * n) * 3;
      data.set(whole.data.subarray(start, start + width * 3), y * width * 3);
    }
    return createPicture(width, height, 3, data);
  });
}

test("openVideoWriter() writes a photograph's pan so that it can hardly be told from what comes back", () =>
  inFolder(async (at, folder) => {
    const pictures = await pan(8, 320, 240);
    {
      await using writer = await openVideoWriter(at("deep/pan.mp4"), { width: 320, height: 240, rate });
      for (const picture of pictures) await writer.write(picture);
      assert.deepEqual(namesIn(join(folder, "deep")).filter((name) => name === "pan.mp4"), []);
      await writer.close();
    }
    assert.deepEqual(namesIn(join(folder, "deep")), ["pan.mp4"]);
    let n = 0;
    for await (const frame of readVideo(at("deep/pan.mp4"))) {
      const score = psnr(framePicture(frame).data.map((value) => value * 255), pictures[n]!.data.map((v) => v * 255));
      assert.ok(score > 36, `frame ${n}: ${score} dB`);
      assert.ok(Math.abs(frame.time - n / 25) < 1e-9);
      n++;
    }
    assert.equal(n, 8);
    const sizeAt = async (quality: number) => {
      await copyVideo(at("deep/pan.mp4"), at("q.mp4"), { quality });
      return (await Deno.stat(at("q.mp4"))).size;
    };
    assert.ok(await sizeAt(40) < 0.5 * await sizeAt(15));
  }));

test("openVideoWriter() keeps count and times of the frames, and the sound bit by bit", () =>
  inFolder(async (at) => {
    ffmpeg(...movingPicture(2, "30000/1001"), ...tone(2), ...h264, "-bf", "2", "-c:a", "aac", at("a.mp4"));
    assert.deepEqual(await copyVideo(at("a.mp4"), at("b.mp4")), { frames: 60, sound: "copied" });
    assert.deepEqual(frameTicks(at("b.mp4")), frameTicks(at("a.mp4")));
    assert.equal(soundChecksum(at("b.mp4")), soundChecksum(at("a.mp4")));
    const [a, b] = [await probeVideo(at("a.mp4")), await probeVideo(at("b.mp4"))];
    assert.deepEqual(b.rate, a.rate);
    assert.ok(Math.abs(a.duration - b.duration) < 0.02);
    assert.deepEqual(b.colour, { matrix: "bt709", primaries: "bt709", transfer: "bt709" });
  }));

test("openVideoWriter() keeps times that vary, and the place of a picture that begins after the sound", () =>
  inFolder(async (at) => {
    unevenVideo(at("uneven.mkv"), [0, 0.033, 0.067, 0.5, 0.533, 0.9]);
    await copyVideo(at("uneven.mkv"), at("uneven.mp4"));
    assert.deepEqual(frameTicks(at("uneven.mp4")).ticks.map((t) => t / 10), frameTicks(at("uneven.mkv")).ticks);
    // 0.2 s of tone first.
    ffmpeg(
      "-itsoffset",
      "0.2",
      ...movingPicture(0.4),
      ...tone(0.6),
      "-map",
      "0",
      "-map",
      "1",
      "-fps_mode",
      "passthrough",
      ...h264,
      at("late.mp4"),
    );
    await copyVideo(at("late.mp4"), at("late_again.mp4"));
    const times: number[] = [];
    for await (const { time } of readVideo(at("late_again.mp4"))) times.push(time);
    assert.equal(times.length, 10);
    assert.ok(Math.abs(times[0]! - 0.2) < 0.025, `${times[0]}`); // The encoder of the sound has a delay of its own.
    let n = 0;
    for await (const { time } of readVideo(at("late.mp4"))) assert.ok(Math.abs(time - times[n++]!) < 1e-4);
  }));

test("openVideoWriter() copies what sound MP4 takes, and encodes the rest", () =>
  inFolder(async (at) => {
    for (
      const [codec, name, expected] of [
        ["libmp3lame", "a.mkv", "copied"],
        ["ac3", "b.mkv", "copied"],
        ["wmav2", "c.mkv", "encoded as AAC"],
      ] as const
    ) {
      ffmpeg(...movingPicture(0.6), ...tone(0.6), ...h264, "-c:a", codec, at(name));
      assert.equal((await copyVideo(at(name), at(`${name}.mp4`))).sound, expected, codec);
      const { hasAudio, duration } = await probeVideo(at(`${name}.mp4`));
      assert.ok(hasAudio && Math.abs(duration - 0.6) < 0.1, `${duration}`);
      if (expected === "copied") assert.equal(soundChecksum(at(`${name}.mp4`)), soundChecksum(at(name)));
    }
    ffmpeg(...movingPicture(0.2), ...h264, at("silent.mp4"));
    assert.equal((await copyVideo(at("silent.mp4"), at("silent_again.mp4"))).sound, "none");
    // A second of a longer sound.
    ffmpeg(...movingPicture(3), ...tone(3), ...h264, "-c:a", "aac", at("long.mp4"));
    await copyVideo(at("silent.mp4"), at("part.mp4"), { audioFrom: { path: at("long.mp4"), from: 1, to: 2 } });
    assert.ok(Math.abs((await probeVideo(at("part.mp4"))).duration - 1) < 0.06);
  }));

test("openVideoWriter() makes odd sides even by repeating the last pixels, and keeps the pixels' form", () =>
  inFolder(async (at) => {
    const options = { width: 33, height: 17, rate, pixelAspect: { numerator: 16, denominator: 15 }, quality: 5 };
    await using writer = await openVideoWriter(at("odd.mp4"), options);
    for (let n = 0; n < 3; n++) await writer.write(createPicture(33, 17, 3, [0.8, 0.4, 0.2]));
    await writer.close();
    const { width, height, pixelAspect } = await probeVideo(at("odd.mp4"));
    assert.deepEqual([width, height, pixelAspect], [34, 18, { numerator: 16, denominator: 15 }]);
    for await (const { data } of readVideo(at("odd.mp4"))) {
      for (const [c, byte] of [204, 102, 51].entries()) {
        for (let i = c; i < data.length; i += 3) assert.ok(Math.abs(data[i]! - byte) < 6, `${i}: ${data[i]} ${byte}`);
      }
    }
  }));

test("openVideoWriter() says in the file what made it, and takes nothing else over", () =>
  inFolder(async (at) => {
    ffmpeg(
      ...movingPicture(0.2),
      ...h264,
      ...["-metadata", "title=Private", "-metadata", "location=+48.0+011.0/", at("a.mp4")],
    );
    const provenance = { generator: "df", run: "<1> & \"2\" = '3'; #4\\\nü 人" };
    await copyVideo(at("a.mp4"), at("b.mp4"), { provenance });
    assert.deepEqual(await readVideoProvenance(at("b.mp4")), provenance);
    const metadata = ffmpeg("-i", at("b.mp4"), "-f", "ffmetadata", "-");
    const comment = metadata.match(/^comment=(.*(?:\\\n.*)*)$/m)![1]!.replaceAll(/\\([=;#\\\n])/g, "$1");
    assert.deepEqual(JSON.parse(comment), {
      digitalSourceType: "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
      ...provenance,
    });
    assert.ok(!/Private|48\.0/.test(metadata));
    assert.equal(await readVideoProvenance(at("a.mp4")), undefined);
    await assert.rejects(readVideoProvenance(photo), /expected an MP4 file/);
    await assert.rejects(readVideoProvenance(at("none.mp4")), /expected an existing video file, got none/);
  }));
