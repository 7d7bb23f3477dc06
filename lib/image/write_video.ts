import { dirname, extname } from "node:path";
import { cannot, Problem } from "doppel/problem.ts";
import { encoderArguments, type Sound, soundFrom, ticksASecond } from "./encoder_arguments.ts";
import { explainFfmpeg, type Ffmpeg, findFfmpeg, startFfmpeg } from "./ffmpeg.ts";
import { matroskaFrame, matroskaHead } from "./matroska.ts";
import { type Picture, requirePicture, toBytes } from "./picture.ts";
import type { Rational } from "./probe_video.ts";
import { type Provenance } from "./provenance.ts";
import { provenanceComment, xmpBox } from "./video_provenance.ts";

/** How to write a video. The fields of a `VideoInfo` are among them: `{ ...await probeVideo(source), ... }`. */
export interface VideoWriterOptions {
  /** Columns of the frames. An odd number is made even by repeating the last column, as H.264 wants it. */
  readonly width: number;
  /** Rows of the frames; odd numbers likewise. */
  readonly height: number;
  /** Frames a second. */
  readonly rate: Rational;
  /** Seconds a tick, of which all times are whole multiples. Default: so that those of the rate are exact. */
  readonly timeBase?: Rational;
  /** Width of a pixel by its height. Default 1/1. */
  readonly pixelAspect?: Rational;
  /** The video whose sound is taken over, or a part of it in seconds. Default: no sound. */
  readonly audioFrom?: string | { readonly path: string; readonly from?: number; readonly to?: number };
  /** The constant rate factor of H.264: 0 is best and large, 51 worst and small, 18 hard to tell from the frames. Default 18. */
  readonly quality?: number;
  /** What made the video; written into the file, and read back by `readVideoProvenance`. */
  readonly provenance?: Provenance;
  /** Stops the writing and throws away what was written. */
  readonly signal?: AbortSignal;
}

/** A video that is being written. */
export interface VideoWriter extends AsyncDisposable {
  /** How many frames were written. */
  readonly frames: number;
  /** What becomes of the sound: copied bit by bit, encoded anew because MP4 does not take it as it is, or none. */
  readonly sound: Sound;
  /**
   * Writes the next frame. Wait for it before the next: it resolves when the encoder has taken the frame.
   *
   * @param frame `[height, width, 3]`, sRGB-encoded bytes, or a picture of three channels.
   * @param timing When it is shown and for how long, in seconds; a `VideoFrame` will do. Default: by the rate.
   * @throws {Problem} When the frame has another size, comes before the last one, or cannot be written.
   */
  write(frame: Uint8Array | Picture, timing?: { readonly time: number; readonly duration?: number }): Promise<void>;
  /**
   * Ends the video and gives the file its name.
   *
   * @throws {Problem} When there are no frames, or the file cannot be written whole.
   */
  close(): Promise<void>;
  /** Throws away what was written; after `close` it does nothing. */
  abort(): Promise<void>;
}

/**
 * Opens a video for writing: MP4 with H.264 (libx264, 4:2:0, BT.709) and the sound of another video. The file is written
 * under a temporary name beside the one it is to have, which it gets when it is whole; until then nothing is there, and
 * after a failure nothing is left.
 *
 * Every frame written is a frame of the video, at its own time, so that a source whose frames come at varying times is
 * reproduced with those times; none is dropped or doubled. Times are rounded to `timeBase`; a frame at the time of
 * the one before it is put one tick later.
 *
 * @example Turn a video to negative, with its sound
 * ```ts
 * import { openVideoWriter, probeVideo, readVideo } from "doppel/image/mod.ts";
 *
 * const info = await probeVideo("holiday.mp4");
 * await using writer = await openVideoWriter("negative.mp4", { ...info, audioFrom: "holiday.mp4" });
 * for await (const frame of readVideo("holiday.mp4")) {
 *   await writer.write(frame.data.map((byte) => 255 - byte), frame);
 * }
 * await writer.close();
 * ```
 *
 * @param path Ends in `.mp4`; missing folders are made.
 * @param options Size, rate, sound, quality, provenance.
 * @returns The writer. Let `await using` hold it, so that it is thrown away when something else fails.
 * @throws {Problem} When the options make no sense, the sound's file cannot be read, or there is no ffmpeg.
 */
export async function openVideoWriter(path: string, options: VideoWriterOptions): Promise<VideoWriter> {
  const { width, height, rate, quality = 18, audioFrom, provenance, signal } = options;
  const action = "write video";
  if (extname(path).toLowerCase() !== ".mp4") throw cannot(action, "a name ending in .mp4", `"${extname(path)}"`, path);
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw cannot(action, "a positive whole size", `${width}x${height}`, path);
  }
  for (const [name, value] of Object.entries({ rate, timeBase: options.timeBase, pixelAspect: options.pixelAspect })) {
    if (value && !(isPositive(value.numerator) && isPositive(value.denominator))) {
      throw cannot(action, "a fraction of positive whole numbers", `${value.numerator}/${value.denominator}`, name);
    }
  }
  if (!(quality >= 0 && quality <= 51)) throw cannot(action, "a quality from 0 to 51", String(quality), path);
  if (await Deno.stat(path).then((stat) => stat.isDirectory, () => false)) {
    throw cannot(action, "a name for a file", "a folder", path);
  }
  const program = findFfmpeg(action);
  const comment = provenance === undefined ? undefined : provenanceComment(provenance);
  const audio = typeof audioFrom === "string" ? { path: audioFrom } : audioFrom;
  const sound = audio === undefined ? "none" : await soundFrom(program, audio.path, signal);
  await Deno.mkdir(dirname(path), { recursive: true });

  const temporary = `${path}.${crypto.randomUUID()}.part`;
  const ticks = ticksASecond(options.timeBase ?? { numerator: rate.denominator, denominator: rate.numerator });
  const frameTime = rate.denominator / rate.numerator;
  const fixed = { sound, audio, quality, comment, ticks, output: temporary };

  let ffmpeg: Ffmpeg | undefined;
  let input: WritableStreamDefaultWriter<Uint8Array<ArrayBufferLike>> | undefined;
  let frames = 0;
  let first = 0;
  let asked = -Infinity; // The last frame's time as it was given,
  let last = -Infinity; // and in ticks.
  let over: Promise<void> | undefined;

  const discard = async () => {
    signal?.removeEventListener("abort", abort);
    await ffmpeg?.stop();
    await input?.abort().catch(() => {}); // It is closed already when ffmpeg has gone.
    await Deno.remove(temporary).catch(() => {});
  };
  const abort = () => over ??= discard();
  /** What to throw, after everything has been thrown away. */
  const failure = async (error: unknown): Promise<unknown> => {
    // A pipe that breaks says less than the ffmpeg that broke it.
    const hasFailed = ffmpeg && !signal?.aborted && !(error instanceof Problem) && await ffmpeg.ended !== 0;
    await abort();
    if (signal?.aborted) return signal.reason;
    return hasFailed ? explainFfmpeg(action, ffmpeg!.complaints, path) : error;
  };
  const requireOpen = () => {
    signal?.throwIfAborted();
    if (over) throw cannot(action, "an open video", "one that is closed", path);
  };
  signal?.addEventListener("abort", abort, { once: true });

  return {
    get frames() {
      return frames;
    },
    sound,
    async write(frame, timing) {
      requireOpen();
      const bytes = frame instanceof Uint8Array ? frame : bytesOf(frame, width, height);
      if (bytes.length !== width * height * 3) {
        throw cannot(action, `frames of ${width * height * 3} bytes`, `${bytes.length}`, `frame ${frames} of ${path}`);
      }
      const time = timing?.time ?? frames * frameTime;
      if (!(Number.isFinite(time) && time >= asked)) {
        throw cannot(action, `a time after ${asked} s`, `${time} s`, `frame ${frames} of ${path}`);
      }
      const tick = Math.max(Math.round(time * ticks), last + 1);
      const start = [];
      if (!ffmpeg || !input) {
        first = tick / ticks;
        ffmpeg = startFfmpeg(program, encoderArguments(options, { ...fixed, start: first }), { stdin: true, signal });
        void ffmpeg.stdout.cancel();
        input = ffmpeg.stdin.getWriter();
        start.push(matroskaHead(width, height, frameTime));
      }
      asked = time;
      last = tick;
      frames++;
      try {
        const head = matroskaFrame(tick / ticks - first, timing?.duration || frameTime, bytes.length);
        for (const part of [...start, head, bytes]) await input.write(part);
      } catch (error) {
        throw await failure(error);
      }
    },
    async close() {
      requireOpen();
      try {
        if (!ffmpeg || !input) throw cannot(action, "at least one frame", "none", path);
        await input.close();
        if (await ffmpeg.ended !== 0) throw explainFfmpeg(action, ffmpeg.complaints, path);
        signal?.throwIfAborted();
        if (provenance) await Deno.writeFile(temporary, xmpBox(provenance), { append: true });
        await Deno.rename(temporary, path);
        signal?.removeEventListener("abort", abort);
        over = Promise.resolve();
      } catch (error) {
        throw await failure(error);
      }
    },
    abort,
    [Symbol.asyncDispose]: abort,
  };
}

function bytesOf(picture: Picture, width: number, height: number): Uint8Array {
  requirePicture(picture, "write video", "frames", { channels: 3, width, height });
  return toBytes(picture);
}

function isPositive(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}
