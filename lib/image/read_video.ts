import { cannot } from "doppel/problem.ts";
import { explainFfmpeg, findFfmpeg, inputArguments, startFfmpeg } from "./ffmpeg.ts";
import { frameTimings, rawFrames } from "./frame_stream.ts";
import { fromBytes, type Picture } from "./picture.ts";
import { probeVideo, type VideoInfo, videoTimes } from "./probe_video.ts";

/** One frame of a video. */
export interface VideoFrame {
  /** Which one, counted from 0 at the start of the file. */
  readonly index: number;
  /** When it is shown: seconds from the start of the file, which is where the sound or the first frame begins. */
  readonly time: number;
  /** For how many seconds; 0 where the file does not say. */
  readonly duration: number;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `[height, width, 3]`, row-major: red, green, blue, sRGB-encoded bytes. The frame's own, never used again. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Options of {@linkcode readVideo}. */
export interface ReadVideoOptions {
  /** Stops the reading; the reason of the signal is thrown. */
  readonly signal?: AbortSignal;
  /**
   * What to do about damaged frames: `refuse` stops with a sentence at the first one, `conceal` hands out what the
   * decoder made of them. Default `refuse`.
   */
  readonly damaged?: "refuse" | "conceal";
}

/** Options of {@linkcode videoFrames}. */
export interface VideoFramesOptions extends ReadVideoOptions {
  /** Hands out every so many-th frame, the first one always. Default 1. */
  readonly every?: number;
  /** Seconds at which to begin. Default 0. */
  readonly from?: number;
  /** Seconds before which to end. Default: the end of the file. */
  readonly to?: number;
}

/**
 * Reads a video frame by frame. While the caller works on one frame the decoder waits with the next few; a film of any
 * length needs no more memory than a short one. Ending the loop ends the decoder.
 *
 * Every frame comes once, at the time that it has in the file, also where the times vary: none is dropped or doubled to
 * even them out. Frames are upright, whatever way the camera was held. Colour is brought to sRGB's: by the matrix that
 * the file names, and where it names none by that of BT.709 from 720 rows on and of BT.601 below; high dynamic range
 * (PQ, HLG) is tone-mapped.
 *
 * @example The mean brightness of each frame
 * ```ts
 * import { readVideo } from "doppel/image/mod.ts";
 *
 * for await (const { index, data } of readVideo("holiday.mp4")) {
 *   const mean = data.reduce((sum, byte) => sum + byte, 0) / data.length; // of frame `index`
 * }
 * ```
 *
 * @param path A video file of any kind that ffmpeg reads.
 * @param options The signal, and what to do about damage.
 * @returns The frames.
 * @throws {Problem} When the file is missing, damaged or has no moving picture, or when there is no ffmpeg.
 */
export function readVideo(path: string, options: ReadVideoOptions = {}): AsyncGenerator<VideoFrame, void> {
  const { signal, damaged } = options;
  return videoFrames(path, { ...(signal ? { signal } : {}), ...(damaged ? { damaged } : {}) });
}

/**
 * Some frames of a video, streamed as by {@linkcode readVideo}. What is left out is decoded, but neither converted nor
 * handed over; what lies before `from` is skipped.
 *
 * @example One frame a second or so of the second minute
 * ```ts
 * import { framePicture, videoFrames, writePicture } from "doppel/image/mod.ts";
 *
 * for await (const frame of videoFrames("holiday.mp4", { every: 25, from: 60, to: 120 })) {
 *   await writePicture(`frames/${frame.index}.png`, framePicture(frame));
 * }
 * ```
 *
 * @param path A video file.
 * @param options Which frames.
 * @returns The frames with their place and time in the whole file.
 * @throws {Problem} As {@linkcode readVideo}, and when the options make no sense.
 */
export async function* videoFrames(path: string, options: VideoFramesOptions = {}): AsyncGenerator<VideoFrame, void> {
  const { every = 1, from = 0, to = Infinity, signal, damaged = "refuse" } = options;
  if (!(Number.isInteger(every) && every > 0)) {
    throw cannot("read video", "a whole step above 0", String(every), "every");
  }
  if (!(from >= 0 && from < to)) throw cannot("read video", "times 0 <= from < to", `from ${from}, to ${to}`, path);
  const abort = signal ? { signal } : {};
  const info = await probeVideo(path, abort);
  const { width, height, duration } = info;
  if (from > 0 && from >= duration) throw cannot("read video", `a start before ${duration} s`, `${from} s`, path);
  // After a jump the decoder knows times but no numbers.
  const times = from > 0 ? await videoTimes(path, abort) : [];
  const timings = frameTimings({ afterJump: from > 0 });
  const ffmpeg = startFfmpeg(findFfmpeg("read video"), [
    ...(from > 0 ? ["-ss", from.toFixed(6)] : []),
    ...inputArguments(path),
    ...["-map", "0:V:0", "-fps_mode", "passthrough", "-vf", filters(info, every), "-f", "rawvideo", "pipe:1"],
  ], { signal, onLine: timings.hear });
  const over = ffmpeg.ended.then(timings.close);
  const frames = rawFrames(ffmpeg.stdout, width * height * 3);
  let index = 0;
  try {
    for (let count = 0;; count++) {
      const data = await frames.next();
      if (!data) break;
      const timing = await timings.next();
      signal?.throwIfAborted();
      if (damaged === "refuse" && timings.damage) throw damage(timings.damage, count, path);
      if (!timing) throw explainFfmpeg("read video", ffmpeg.complaints, path, "the time of each frame");
      index = from > 0 ? nearest(times, timing.time + from, index) : count * every;
      const time = times[index] ?? timing.time;
      if (time >= to) return;
      yield { index, time, duration: timing.duration, width, height, data };
    }
    const code = await ffmpeg.ended;
    signal?.throwIfAborted();
    if (code !== 0) throw explainFfmpeg("read video", ffmpeg.complaints, path, "a whole video file");
    if (damaged === "refuse" && timings.damage) throw damage(timings.damage, undefined, path);
  } finally {
    await ffmpeg.stop();
    await frames.cancel();
    await over;
  }
}

/**
 * A frame as a picture.
 *
 * @param frame The frame.
 * @returns 3 channels, values byte / 255.
 */
export function framePicture(frame: Pick<VideoFrame, "data" | "width" | "height">): Picture {
  return fromBytes(frame.data, frame.width, frame.height, 3);
}

/** What is done to the decoded frames: pick, bring to sRGB, keep to one size, and say the time of each. */
function filters({ width, height, colour }: VideoInfo, every: number): string {
  const isHdr = /^(smpte2084|arib-std-b67)$/.test(colour.transfer);
  const matrix = colour.matrix !== "unknown" && colour.matrix !== "unspecified" || height < 720
    ? ""
    : ":in_color_matrix=bt709";
  return [
    ...(every > 1 ? [`select='not(mod(n,${every}))'`] : []),
    // Linear light with white at 100 cd/m2, the wide gamut narrowed, the highlights rolled off.
    ...(isHdr
      ? [
        "zscale=t=linear:npl=100",
        "format=gbrpf32le",
        "zscale=p=bt709",
        "tonemap=hable:desat=0",
        "zscale=t=bt709:m=bt709:r=tv",
        "format=yuv420p",
      ]
      : []),
    `scale=${width}:${height}:flags=bicubic+accurate_rnd+full_chroma_int${isHdr ? "" : matrix}`,
    "format=rgb24",
    "showinfo=checksum=0",
  ].join(",");
}

/** The place of the value nearest to a time, from a place on. */
function nearest(sorted: readonly number[], time: number, start: number): number {
  let at = start;
  while (at + 1 < sorted.length && Math.abs(sorted[at + 1]! - time) <= Math.abs(sorted[at]! - time)) at++;
  return at;
}

function damage(line: string, frame: number | undefined, path: string): Error {
  const place = frame === undefined ? "at the end" : `near frame ${frame}`;
  return cannot(
    "read video",
    "a whole video file",
    `damage ${place}: ${line}`,
    `${path}; damaged frames can be concealed`,
  );
}
