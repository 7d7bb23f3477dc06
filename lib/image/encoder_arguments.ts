import { inputArguments, runFfmpeg } from "./ffmpeg.ts";
import { probeVideo, type Rational } from "./probe_video.ts";

/** What becomes of the sound: copied bit by bit, encoded anew because MP4 does not take it as it is, or none. */
export type Sound = "copied" | "encoded as AAC" | "none";

/** What the encoder works on. */
export interface EncoderInput {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Width of a pixel by its height. Default 1/1. */
  readonly pixelAspect?: Rational;
}

/** How it works. */
export interface EncoderSettings {
  /** The time of the first frame in seconds. */
  readonly start: number;
  /** Ticks a second. */
  readonly ticks: number;
  /** The constant rate factor. */
  readonly quality: number;
  /** What becomes of the sound. */
  readonly sound: Sound;
  /** Where the sound comes from, in seconds. */
  readonly audio: { readonly path: string; readonly from?: number; readonly to?: number } | undefined;
  /** What is written into the file as comment. */
  readonly comment: string | undefined;
  /** The file. */
  readonly output: string;
}

/**
 * The arguments of an ffmpeg that makes an MP4 file of the Matroska stream on its standard input.
 *
 * @param input The frames' form.
 * @param settings Quality, sound, times, file.
 * @returns The arguments.
 */
export function encoderArguments(input: EncoderInput, settings: EncoderSettings): string[] {
  const { start, ticks, quality, sound, audio, comment, output } = settings;
  const soundInput = audio === undefined || sound === "none" ? [] : [
    ...(audio.from === undefined ? [] : ["-ss", audio.from.toFixed(6)]),
    ...(audio.to === undefined ? [] : ["-to", audio.to.toFixed(6)]),
    ...inputArguments(audio.path),
  ];
  const soundCodec = sound === "copied" ? ["-c:a", "copy"] : ["-c:a", "aac", "-b:a", "192k"];
  return [
    // A stream is taken to begin at 0; its first frame may be later than the sound.
    ...["-itsoffset", start.toFixed(9), "-f", "matroska", "-i", "pipe:0"],
    ...soundInput,
    ...["-map", "0:v:0", "-vf", filters(input), "-fps_mode", "passthrough"],
    ...["-enc_time_base", `1:${ticks}`, "-video_track_timescale", String(ticks)],
    ...["-c:v", "libx264", "-preset", "medium", "-crf", String(quality)],
    ...(soundInput.length === 0 ? [] : ["-map", "1:a", ...soundCodec]),
    // Nothing of the source's is taken over but the sound: neither its title nor the place where it was taken.
    ...["-map_metadata", "-1", "-map_chapters", "-1"],
    ...(comment === undefined ? [] : ["-metadata", `comment=${comment}`]),
    ...["-movflags", "+faststart", "-f", "mp4", "-y", `file:${output}`],
  ];
}

/** To 4:2:0 with the matrix of BT.709; a side of odd length is continued by its last pixel first. */
function filters({ width, height, pixelAspect = { numerator: 1, denominator: 1 } }: EncoderInput): string {
  const right = width % 2;
  const bottom = height % 2;
  return [
    ...(right + bottom > 0
      ? [
        "format=gbrp",
        `pad=${width + right}:${height + bottom}`,
        `fillborders=right=${right}:bottom=${bottom}:mode=smear`,
      ]
      : []),
    "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_inp",
    "format=yuv420p",
    "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709",
    `setsar=${pixelAspect.numerator}/${pixelAspect.denominator}`,
  ].join(",");
}

/**
 * The time base of the file to be written: a whole multiple of what is needed, and not so coarse that the place of the
 * first frame beside the sound is lost.
 *
 * @param timeBase Seconds a tick, of which all times are multiples.
 * @returns Ticks a second.
 */
export function ticksASecond({ numerator, denominator }: Rational): number {
  return denominator * Math.max(1, Math.ceil(10_000 * numerator / denominator));
}

/**
 * Finds out what is to become of a video's sound. Whether MP4 takes it as it is, is what ffmpeg itself knows best.
 *
 * @param program The ffmpeg.
 * @param path The video.
 * @param signal Stops it.
 * @returns What becomes of it.
 * @throws {Problem} When the file cannot be read.
 */
export async function soundFrom(program: string, path: string, signal: AbortSignal | undefined): Promise<Sound> {
  const abort = signal ? { signal } : {};
  const { hasAudio } = await probeVideo(path, { action: "take over the sound", ...abort });
  if (!hasAudio) return "none";
  const trial = ["-map", "0:a", "-c", "copy", "-t", "0.5", "-f", "mp4"];
  const flags = ["-movflags", "+frag_keyframe+empty_moov+delay_moov", "pipe:1"]; // A pipe cannot be sought in.
  const { code } = await runFfmpeg(program, [...inputArguments(path), ...trial, ...flags], signal);
  return code === 0 ? "copied" : "encoded as AAC";
}
