/**
 * Measures the conversion of a video at 640x480 with DF's small size: frames a second, processor seconds a frame (which
 * other programs on the machine disturb less), and the milliseconds of each part. With ffmpeg the whole way from file to
 * file is measured as well.
 *
 *     deno run -A tests/generators/measure_convert_video.ts [frames] [df.small|df.compact96]
 */

import { join } from "node:path";
import process from "node:process";
import { say } from "doppel/commands/mod.ts";
import { convertVideo } from "../../lib/commands/convert/video.ts";
import { BUNDLED_FACES } from "doppel/data/mod.ts";
import { convertFrames, df, dfSizes } from "doppel/generators/mod.ts";
import { openVideoWriter, type Picture, readPicture, toBytes, type VideoFrame, warpPicture } from "doppel/image/mod.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";
import { ffmpegHere } from "../image/video_fixtures.ts";

const [count = "60", size = "small"] = Deno.args;
const total = Number(count);
const [width, height] = [640, 480];
await useTensorFlow();
const model = df(dfSizes[size as keyof typeof dfSizes], 1);
const photo = await readPicture(join(BUNDLED_FACES, "photos/person01/image_0001.jpg"));
const scale = height / photo.height;
// A face that sways to and fro, drawn before the clock starts.
const swayed: Picture[] = Array.from({ length: 12 }, (_, i) => {
  const shift = -60 + 8 * Math.sin(2 * Math.PI * i / 12);
  return warpPicture(photo, [scale, 0, shift, 0, scale, 0], { width, height, interpolation: "bilinear" });
});
const still = swayed.map(toBytes);

async function* film(frames: number): AsyncGenerator<VideoFrame> {
  for (let index = 0; index < frames; index++) {
    const data = still[index % still.length]!.slice();
    yield { index, time: index / 25, duration: 0.04, width, height, data };
  }
}

/** Seconds of processor time of this process so far. */
function processor(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function measure(name: string, frames: number, work: () => Promise<Record<string, number>>): Promise<void> {
  const [start, used] = [performance.now(), processor()];
  const parts = await work();
  const [seconds, cpu] = [(performance.now() - start) / 1000, processor() - used];
  const each = Object.entries(parts).map(([part, sum]) => `${part} ${(sum / frames).toFixed(1)}`).join(", ");
  say(
    `${name}: ${(frames / seconds).toFixed(2)} frames a second, ${
      (cpu / frames * 1000).toFixed(0)
    } ms of processor time a ` +
      `frame; ms a frame: ${each}`,
  );
}

async function convertAll(frames: number): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for await (const { milliseconds, replaced } of convertFrames(model, film(frames), { mask: "dst" })) {
    if (replaced !== 1) throw new Error("a frame without a face");
    for (const [part, time] of Object.entries(milliseconds)) sums[part] = (sums[part] ?? 0) + time;
  }
  return sums;
}

await convertAll(3);
await measure("frames in memory", total, () => convertAll(total));
if (ffmpegHere()) {
  const folder = await Deno.makeTempDir();
  const source = join(folder, "film.mp4");
  {
    await using writer = await openVideoWriter(source, { width, height, rate: { numerator: 25, denominator: 1 } });
    for await (const { data } of film(total)) await writer.write(data);
    await writer.close();
  }
  await measure("from file to file", total, async () => {
    const target = { path: source, name: "film.mp4", out: join(folder, "swap.mp4"), isVideo: true };
    const { milliseconds } = await convertVideo([model], target, {
      ...{ mask: "dst", quality: 18, provenance: {}, signal: new AbortController().signal, onProgress: () => {} },
    });
    return Object.fromEntries(Object.entries(milliseconds).map(([part, time]) => [part, time * total]));
  });
  await Deno.remove(folder, { recursive: true });
}
