import { join } from "node:path";
import { findFfmpeg } from "doppel/image/mod.ts";

/** The ffmpeg to test with; none where set-up has not been run. */
export function ffmpegHere(): string | undefined {
  try {
    return findFfmpeg();
  } catch {
    return undefined;
  }
}

/**
 * A test that is left out where there is no ffmpeg. Its own file gives it to Deno.test(): reports name the file that
 * makes that call.
 *
 * @param name Its name.
 * @param fn What it does.
 * @returns The test, with its need in its name.
 */
export const needsFfmpeg = (name: string, fn: () => Promise<void>): Deno.TestDefinition => ({
  name: `${name} (needs ffmpeg)`,
  ignore: ffmpegHere() === undefined,
  fn,
});

/**
 * Runs ffmpeg and hands out what it prints.
 *
 * @param args Its arguments.
 * @returns Its standard output as text.
 */
export function ffmpeg(...args: string[]): string {
  const { success, stdout, stderr } = new Deno.Command(findFfmpeg(), { args: ["-v", "error", "-y", ...args] })
    .outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** A picture that moves, and a tone. */
export const movingPicture = (seconds: number, rate = "25", size = "160x120"): string[] => [
  ...["-f", "lavfi", "-i", `testsrc2=s=${size}:r=${rate}:d=${seconds}`],
];
export const tone = (seconds: number): string[] => ["-f", "lavfi", "-i", `sine=f=440:d=${seconds}:r=44100`];
export const h264: string[] = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];

/** 25 frames a second, which movingPicture() has by itself. */
export const rate = { numerator: 25, denominator: 1 };

/** Makes a video whose frames come at given times, in whole milliseconds. */
export function unevenVideo(path: string, times: readonly number[], ...more: string[]): void {
  const pts = `'(${times.map((time, n) => `eq(N,${n})*${time}`).join("+")})/TB'`;
  ffmpeg(
    ...movingPicture(times.length / 25),
    ...more,
    ...["-vf", `settb=1/1000,setpts=${pts}`, "-fps_mode", "passthrough", "-enc_time_base", "1:1000", ...h264, path],
  );
}

/** The times of a file's frames in ticks, ascending, and the tick. */
export function frameTicks(path: string): { tick: string; ticks: number[] } {
  const text = ffmpeg("-i", path, "-map", "0:v:0", "-c", "copy", "-f", "framecrc", "-");
  const lines = text.split("\n").filter((line) => line.startsWith("0,"));
  return {
    tick: text.match(/#tb 0: (\S+)/)![1]!,
    ticks: lines.map((line) => Number(line.split(",")[2])).sort((a, b) => a - b),
  };
}

/** A checksum of the packets of sound, as they lie in the file. */
export function soundChecksum(path: string): string {
  return ffmpeg("-i", path, "-map", "0:a", "-c", "copy", "-f", "md5", "-");
}

/**
 * Gives a test a folder of its own.
 *
 * @param work The test.
 */
export async function inFolder(work: (at: (name: string) => string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "doppel-video-" });
  try {
    await work((name) => join(folder, name), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Names of what is in a folder. */
export const namesIn = (folder: string): string[] => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

/** What comes, in the order of its coming. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
