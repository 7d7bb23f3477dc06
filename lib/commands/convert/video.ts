/**
 * Converts one video, with its sound.
 *
 * @module
 */

import { convertFrames, type ConvertFramesOptions, type FaceConverter } from "../../generators/mod.ts";
import { openVideoWriter, probeVideo, type Provenance, readVideo } from "../../image/mod.ts";
import { cannot } from "../../problem.ts";
import type { Target } from "./targets.ts";

/** How videos are converted. */
export interface VideoOptions extends ConvertFramesOptions {
  /** The constant rate factor of H.264. */
  readonly quality: number;
  readonly provenance: Provenance;
  readonly signal: AbortSignal;
  /** Called after each frame. */
  readonly onProgress: (done: number, total: number | undefined) => void;
}

/** What came of a video. */
export interface VideoOutcome {
  readonly frames: number;
  /** Frames in which no face was found. */
  readonly faceless: number;
  /** Frames with a face for which the model gave an empty mask. */
  readonly refused: number;
  readonly sound: string;
  /** Frames a second, from the first frame that was read to the last that was written. */
  readonly rate: number;
  /** Milliseconds of JavaScript a frame, by part. */
  readonly milliseconds: Readonly<Record<string, number>>;
}

/**
 * Swaps the face of a video and writes it. Decoding, TensorFlow, composition and encoding run beside each other; no more
 * than a handful of frames is in memory.
 *
 * @param models The models.
 * @param target The video and where to.
 * @param options How.
 * @returns What came of it.
 * @throws {Problem} When it cannot be read or shows no face at all; nothing is written then.
 */
export async function convertVideo(
  models: readonly FaceConverter[],
  { path, name, out }: Target,
  { quality, provenance, signal, onProgress, ...options }: VideoOptions,
): Promise<VideoOutcome> {
  const info = await probeVideo(path, { count: true, signal });
  await using writer = await openVideoWriter(out, {
    ...{ width: info.width, height: info.height, rate: info.rate, timeBase: info.timeBase, quality, signal },
    ...{ pixelAspect: info.pixelAspect, provenance: { ...provenance, target: name } },
    ...(info.hasAudio && { audioFrom: path }),
  });
  const sums: Record<string, number> = {};
  let [faceless, refused, replaced] = [0, 0, 0];
  const start = performance.now();
  let writing = Promise.resolve();
  for await (const frame of convertFrames(models, readVideo(path, { signal }), options)) {
    await writing; // The encoder takes one frame while the next is made.
    writing = writer.write(frame.data, frame);
    writing.catch(() => {});
    if (frame.found === 0) faceless++;
    else if (frame.replaced < frame.found) refused++;
    replaced += frame.replaced;
    for (const [part, time] of Object.entries(frame.milliseconds)) sums[part] = (sums[part] ?? 0) + time;
    onProgress(writer.frames, info.frames);
  }
  await writing;
  const { frames, sound } = writer;
  if (replaced === 0) {
    const got = faceless === frames ? `none in ${frames} frames` : `masks that are empty in ${refused} frames`;
    throw cannot("convert video", "a face that is replaced", got, path);
  }
  await writer.close();
  const rate = frames / ((performance.now() - start) / 1000);
  const milliseconds = Object.fromEntries(Object.entries(sums).map(([part, sum]) => [part, sum / frames]));
  return { frames, faceless, refused, sound: String(sound), rate, milliseconds };
}
