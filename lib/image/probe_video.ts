import { cannot } from "doppel/problem.ts";
import { explainFfmpeg, findFfmpeg, inputArguments, runFfmpeg } from "./ffmpeg.ts";

/** A fraction of whole numbers, such as 30000/1001 frames a second. */
export interface Rational {
  /** Above the line. */
  readonly numerator: number;
  /** Below the line, positive. */
  readonly denominator: number;
}

/** What is known of a video before its frames are read. */
export interface VideoInfo {
  /** Columns of the frames as they are handed out, upright. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Frames a second as the file states them; where they come at varying times this is a nominal value. */
  readonly rate: Rational;
  /** Seconds a tick: all times of frames in the file are whole multiples of it. */
  readonly timeBase: Rational;
  /** Width of a pixel by its height, 1/1 for square ones. */
  readonly pixelAspect: Rational;
  /** Seconds, of the longest stream. */
  readonly duration: number;
  /** How many frames there are; only when they were counted. */
  readonly frames?: number;
  /** Whether there is sound. */
  readonly hasAudio: boolean;
  /** By how many degrees clockwise the stored frames are turned to be upright: the way a telephone was held. */
  readonly rotation: number;
  /** The codec's name: `h264`, `hevc`, `vp9`. */
  readonly codec: string;
  /** Colour as the file states it, in ffmpeg's names; `unknown` where it does not. */
  readonly colour: { readonly matrix: string; readonly primaries: string; readonly transfer: string };
}

/** Options of {@linkcode probeVideo}. */
export interface ProbeVideoOptions {
  /** Whether to count the frames, for which the whole file is read, but not decoded. Default false. */
  readonly count?: boolean;
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** What is attempted, for the message. Default `read video`. */
  readonly action?: string;
}

/**
 * Looks at a video file. The first frame is decoded, so that a file that cannot be read is noticed here.
 *
 * @example How long is it, and how large?
 * ```ts
 * import { probeVideo } from "doppel/image/mod.ts";
 *
 * const { width, height, rate, duration } = await probeVideo("holiday.mp4");
 * const about = Math.round(duration * rate.numerator / rate.denominator); // frames
 * ```
 *
 * @param path A video file of any kind that ffmpeg reads.
 * @param options Whether to count, and the signal.
 * @returns What it is.
 * @throws {Problem} When the file is missing, damaged or has no moving picture, or when there is no ffmpeg.
 */
export async function probeVideo(path: string, options: ProbeVideoOptions = {}): Promise<VideoInfo> {
  const { count = false, signal, action = "read video" } = options;
  const ffmpeg = findFfmpeg(action);
  await requireFile(path, action);
  // The header of this format is what ffmpeg has for programs to read; the filter tells the time base.
  const first = ["-map", "0:V:0", "-vf", "showinfo=checksum=0", "-frames:v", "1", "-f", "framecrc", "pipe:1"];
  const { code, output, log, complaints } = await runFfmpeg(ffmpeg, [...inputArguments(path), ...first], signal);
  const end = log.findIndex((line) => /^(Stream mapping|Output #0)/.test(line));
  const input = end < 0 ? log : log.slice(0, end);
  const format = find(input, /^Input #0, (\S+),/)?.[1] ?? "";
  if (/^tty$|^image2|_pipe$/.test(format)) throw cannot(action, "a video file", `a file of the kind ${format}`, path);
  if (code !== 0) {
    if (log.some((line) => /matches no streams/.test(line))) throw cannot(action, "a video stream", "none", path);
    throw explainFfmpeg(action, complaints, path, "a whole video file");
  }
  const header = (name: string) => rational(output.match(new RegExp(`^#${name} 0: (\\d+)[/x](\\d+)`, "m")));
  const size = header("dimensions");
  const frameTime = header("tb");
  const timeBase = rational(find(log, /^config in time_base: (\d+)\/(\d+)/));
  if (!size || !frameTime || !timeBase || !/^0,/m.test(output)) {
    throw cannot(action, "at least one frame", "none", path);
  }
  const [, hours, minutes, seconds] = find(input, /^\s*Duration: (\d+):(\d+):([\d.]+)/) ?? [];
  const times = count || hours === undefined ? await videoTimes(path, { action, ...(signal ? { signal } : {}) }) : [];
  const stated = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return {
    width: size.numerator,
    height: size.denominator,
    rate: { numerator: frameTime.denominator, denominator: frameTime.numerator },
    timeBase,
    // 0/1 says that nothing is known.
    pixelAspect: positive(header("sar")) ?? { numerator: 1, denominator: 1 },
    duration: hours === undefined ? (times.at(-1) ?? 0) + frameTime.numerator / frameTime.denominator : stated,
    ...(count ? { frames: times.length } : {}),
    hasAudio: input.some((line) => /^\s*Stream #0:.*: Audio: /.test(line)),
    ...describeStream(input),
  };
}

/** Codec, colour and rotation, which ffmpeg tells only in the words that it greets a file with. */
function describeStream(input: readonly string[]): Pick<VideoInfo, "codec" | "colour" | "rotation"> {
  const at = input.findIndex((line) => /^\s*Stream #0:.*: Video: /.test(line) && !/\(attached pic\)/.test(line));
  const stream = input[at] ?? "";
  const end = input.findIndex((line, i) => i > at && /^\s*Stream #0:/.test(line));
  const details = input.slice(at + 1, end < 0 ? undefined : end);
  const turn = Number(find(details, /display ?matrix: rotation of (-?[\d.]+) degrees/i)?.[1] ?? 0);
  // "yuv420p10le(tv, bt2020nc/bt2020/arib-std-b67, progressive)"; one name where all three are the same.
  const words = stream.match(/, \w+\(([^()]*)\)/)?.[1]?.split(", ") ?? [];
  const stated = words.find((word) => /^[a-z][\w-]+(\/[\w-]+){0,2}$/.test(word) && !/^(tv|pc|progressive)$/.test(word));
  const [matrix = "unknown", primaries = matrix, transfer = matrix] = stated?.split("/") ?? [];
  return {
    codec: stream.match(/: Video: (\w+)/)?.[1] ?? "unknown",
    colour: { matrix, primaries, transfer },
    rotation: ((Math.round(-turn) % 360) + 360) % 360,
  };
}

/**
 * The times of all frames, without decoding them.
 *
 * @param path The file.
 * @param options Signal, and what is attempted.
 * @returns Seconds from the file's start, ascending.
 * @throws {Problem} When the file cannot be read.
 */
export async function videoTimes(
  path: string,
  { signal, action = "read video" }: { readonly signal?: AbortSignal; readonly action?: string } = {},
): Promise<number[]> {
  const { code, output, complaints } = await runFfmpeg(
    findFfmpeg(action),
    [...inputArguments(path), "-map", "0:V:0", "-c", "copy", "-f", "framecrc", "pipe:1"],
    signal,
  );
  if (code !== 0) throw explainFfmpeg(action, complaints, path, "a whole video file");
  const tick = rational(output.match(/^#tb 0: (\d+)\/(\d+)/m)) ?? { numerator: 1, denominator: 1 };
  const shown: number[] = [];
  // Stream, decoding time, presentation time, duration, size, checksum, and flags unless they are those of a key frame.
  for (const [, dts, pts, flags] of output.matchAll(/^0,\s*(\S+),\s*(\S+),.*?(?:, F=0x([0-9A-F]+).*)?$/gm)) {
    if (Number.parseInt(flags ?? "0", 16) & 4) continue; // To be decoded, but not to be shown.
    // Bare streams and old containers know no presentation times, which are the decoding times in order there.
    shown.push(Number(pts) > -(2 ** 62) ? Number(pts) : Number(dts));
  }
  shown.sort((a, b) => a - b);
  const start = Math.min(0, shown[0] ?? 0);
  return shown.map((ticks) => (ticks - start) * tick.numerator / tick.denominator);
}

async function requireFile(path: string, action: string): Promise<void> {
  try {
    const { isDirectory } = await Deno.stat(path);
    if (isDirectory) throw cannot(action, "a video file", "a folder", path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw cannot(action, "an existing file", "none", path);
    throw error;
  }
}

function find(lines: readonly string[], pattern: RegExp): RegExpMatchArray | undefined {
  for (const line of lines) {
    const match = line.match(pattern);
    if (match) return match;
  }
  return undefined;
}

function rational(match: RegExpMatchArray | null | undefined): Rational | undefined {
  return match ? { numerator: Number(match[1]), denominator: Number(match[2]) } : undefined;
}

function positive(value: Rational | undefined): Rational | undefined {
  return value && value.numerator > 0 && value.denominator > 0 ? value : undefined;
}
