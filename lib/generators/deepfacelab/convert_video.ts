/**
 * Conversion of a video: frame by frame, with the face followed from one to the next. While TensorFlow predicts the face of
 * one frame, JavaScript lays the face of the frame before it into its place, and decoder and encoder work beside both.
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import {
  composeAffine,
  cropFrame,
  frameLabel,
  pasteIntoFrame,
  type Region,
  regionOf,
  type VideoFrame,
} from "../../image/mod.ts";
import { type AlignedFace, alignFace, alignmentMatrix, faceTracker, type FaceTrackerOptions } from "../../faces/mod.ts";
import { composeFace, type ComposeOptions, scaleAbout } from "./compose_face.ts";
import type { ConvertOptions } from "./convert.ts";
import { facePredictor } from "./face_predictor.ts";
import { DEFAULT_MASK, type NewFace, newFaces, requireSegmentation } from "./new_faces.ts";
import type { FaceConverter } from "./pair_model.ts";

/** How a video is converted. */
export interface ConvertFramesOptions extends Omit<ConvertOptions, "motionBlur">, FaceTrackerOptions {
  /** 0 to 100: blurs the new face by so many percent of the way that it moves from frame to frame. Default 0. */
  readonly motionBlur?: number;
}

/** A frame with new faces. */
export interface ConvertedFrame extends VideoFrame {
  /** Faces that were found in it. */
  readonly found: number;
  /** Faces that were replaced: those found, less those for which the model gave an empty mask. */
  readonly replaced: number;
  /** Milliseconds of JavaScript's time by part; "predict" is what was waited for when everything else was done. */
  readonly milliseconds: Readonly<Record<"track" | "align" | "predict" | "compose", number>>;
}

/** A face on its way into a frame. */
interface Cut {
  readonly aligned: AlignedFace;
  readonly region: Region;
  readonly motion: { readonly length: number; readonly angle: number } | undefined;
}

/** A frame whose faces are being predicted. */
interface Prepared {
  readonly frame: VideoFrame;
  readonly cuts: readonly Cut[];
  readonly faces: Promise<NewFace[]>;
  readonly track: number;
  readonly align: number;
}

/**
 * Swaps the faces of a video. Frames come out one behind the last that was taken in; their bytes are changed in place, so
 * the frames that go in are not to be used again. A frame without a face keeps its bytes, but for the label.
 *
 * @example Swap the face of a film, with its sound
 * ```ts
 * import { convertFrames, type FacePairModel } from "doppel/generators/mod.ts";
 * import { openVideoWriter, probeVideo, readVideo } from "doppel/image/mod.ts";
 *
 * export async function swapFilm(model: FacePairModel, path: string): Promise<void> {
 *   const provenance = { synthetic: "true", generator: model.name };
 *   const info = await probeVideo(path);
 *   await using writer = await openVideoWriter("swap.mp4", { ...info, audioFrom: path, provenance });
 *   for await (const frame of convertFrames(model, readVideo(path))) await writer.write(frame.data, frame);
 *   await writer.close();
 * }
 * ```
 *
 * @param model A trained model, or several of one resolution whose predictions are merged.
 * @param frames The frames in their order, all of one size.
 * @param options Whose face, mask, colour, blending, label, tracking.
 * @returns The frames with the new face.
 * @throws Problem when the options make no sense for a video.
 */
export async function* convertFrames(
  model: FaceConverter | readonly FaceConverter[],
  frames: AsyncIterable<VideoFrame>,
  options: ConvertFramesOptions = {},
): AsyncGenerator<ConvertedFrame, void> {
  const { to = "source", label = "SYNTHETIC", mask = DEFAULT_MASK, motionBlur = 0 } = options;
  if (!(motionBlur >= 0 && motionBlur <= 100)) {
    throw cannot("convert video", "a motion blur from 0 to 100", String(motionBlur));
  }
  requireSegmentation(mask, options.segment);
  const models = Array.isArray(model) ? model as readonly FaceConverter[] : [model as FaceConverter];
  const predictor = facePredictor(models, { to });
  const tracker = faceTracker(options);
  const cut = cutter(models[0]!.sizes.resolution, options);
  let mark: ((data: Uint8Array) => void) | undefined;

  const prepare = async (frame: VideoFrame): Promise<Prepared> => {
    const start = performance.now();
    const tracked = await tracker.next(frame);
    const located = performance.now();
    const cuts = tracked.map(({ landmarks, motion }) => ({ ...cut(frame, landmarks), motion }));
    const faces = newFaces(cuts.map(({ aligned }) => aligned), predictor.predict, options);
    faces.catch(() => {}); // It is thrown when the frame's turn comes.
    return { frame, cuts, faces, track: located - start, align: performance.now() - located };
  };

  const finish = async ({ frame, cuts, faces, track, align }: Prepared): Promise<ConvertedFrame> => {
    const start = performance.now();
    const made = await faces;
    const predicted = performance.now();
    let replaced = 0;
    for (const [i, { aligned, region, motion }] of cuts.entries()) {
      const { face, mask } = made[i]!;
      if (!mask) continue;
      const smear = motion && motionBlur > 0 ? shutter(motion, motionBlur) : undefined;
      const { motionBlur: _, ...rest } = options;
      const how: ComposeOptions = { ...rest, ...(smear && { motionBlur: smear }) };
      const local = cropFrame(frame, region);
      const { picture } = composeFace(local, aligned.picture, face, mask, aligned.matrix, how);
      pasteIntoFrame(frame, picture, region);
      replaced++;
    }
    if (label !== false) (mark ??= frameLabel(frame.width, frame.height, label))(frame.data);
    const milliseconds = { track, align, predict: predicted - start, compose: performance.now() - predicted };
    return { ...frame, found: cuts.length, replaced, milliseconds };
  };

  const source = frames[Symbol.asyncIterator]();
  const read = () => {
    const next = source.next();
    next.catch(() => {}); // It is thrown when its turn comes.
    return next;
  };
  let reading = read();
  let waiting: Prepared | undefined;
  try {
    for (let next = await reading; !next.done; next = await reading) {
      reading = read(); // The decoder goes on meanwhile.
      const prepared = await prepare(next.value);
      if (waiting) yield await finish(waiting);
      waiting = prepared;
    }
    if (waiting) yield await finish(waiting);
  } finally {
    await source.return?.();
    await predictor.dispose();
  }
}

/** Cuts faces out of frames, with as much around them as composition needs. */
function cutter(size: number, { faceType = "full", faceScale = 0 }: ConvertFramesOptions) {
  return (frame: VideoFrame, landmarks: Float32Array): Omit<Cut, "motion"> => {
    const matrix = alignmentMatrix(landmarks, { size, faceType });
    const wide = composeAffine(scaleAbout(size, 1 / Math.max(1, 1 + faceScale / 100)), matrix);
    const region = regionOf({ ...frame, channels: 3, data: NOTHING }, wide, size, 4);
    const moved = landmarks.map((value, i) => value - (i % 2 === 0 ? region.x : region.y));
    return { aligned: alignFace(cropFrame(frame, region), moved, { size, faceType }), region };
  };
}

const NOTHING = new Float32Array();

/** A shutter that is open for some percent of a frame's time. */
function shutter({ length, angle }: { readonly length: number; readonly angle: number }, percent: number) {
  return { length: Math.min(100, length * percent / 100), angle };
}
