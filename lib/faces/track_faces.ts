import { landmarkBox } from "./landmarks.ts";
import { cropFrame, framePicture, type Region, type VideoFrame } from "doppel/image/mod.ts";
import { cannot } from "doppel/problem.ts";
import { findFaces } from "./find_faces.ts";
import { type LandmarkMotion, landmarkMotion } from "./landmark_motion.ts";
import { placeLandmarks } from "./place_landmarks.ts";
import { type LandmarkSmoother, landmarkSmoother } from "./smooth_landmarks.ts";

/** How faces are followed. */
export interface FaceTrackerOptions {
  /** Frames from one detection to the next; between them the landmarks are placed near the last ones. Default 25. */
  readonly detectEvery?: number;
  /** "largest": one face, the largest when it is first seen, and that one from then on. Default "largest". */
  readonly faces?: "largest" | "all";
  /** Least score of the detector. Default 0.5. */
  readonly minScore?: number;
}

/** A face in a frame. */
export interface TrackedFace {
  /** The number of its track: the same face has the same one from frame to frame. */
  readonly track: number;
  /** 68 `x, y` pairs in pixels of the frame, flat, smoothed over time. */
  readonly landmarks: Float32Array;
  /** How it has moved since the last frame; not known in the first one. */
  readonly motion: LandmarkMotion | undefined;
}

/** Follows faces through a video. */
export interface FaceTracker {
  /** How often the detector has looked at a whole frame. */
  readonly detections: number;
  /**
   * Finds the faces of the next frame.
   *
   * @param frame The frame; frames come in their order.
   * @returns Its faces; none when it shows none.
   */
  next(frame: VideoFrame): Promise<TrackedFace[]>;
}

/** A face that is being followed. */
interface Track {
  readonly number: number;
  readonly smoother: LandmarkSmoother;
  /** As last placed, and smoothed. */
  raw: Float32Array;
  landmarks: Float32Array;
  motion: LandmarkMotion | undefined;
  /** What was seen where the face is, to notice a cut. */
  glimpse: Uint8Array;
}

/** A face that moves by more than this part of its size, or shrinks or grows so much, from frame to frame is lost. */
const JUMP = 0.5;
/** A place whose brightness changes by more than this on average, of 255, shows something else after a cut. */
const CUT = 36;

/**
 * Makes a tracker: the detector looks at the first frame, then at every so many-th, and whenever a face is lost, jumps, or
 * the place where it was shows something else; in between the landmark network alone follows each face, at a tenth of the
 * cost. Landmarks are smoothed by a {@linkcode landmarkSmoother} a face.
 *
 * @example Where the face is in each frame
 * ```ts
 * import { faceTracker } from "doppel/faces/mod.ts";
 * import { readVideo } from "doppel/image/mod.ts";
 *
 * const tracker = faceTracker();
 * for await (const frame of readVideo("holiday.mp4")) {
 *   const [face] = await tracker.next(frame);
 *   const nose = face && [face.landmarks[60], face.landmarks[61]];
 * }
 * ```
 *
 * @param options How often the detector looks, which faces, least score.
 * @returns The tracker, for one video.
 * @throws {Problem} When the detector is to look less than once a frame.
 */
export function faceTracker(
  { detectEvery = 25, faces: which = "largest", minScore = 0.5 }: FaceTrackerOptions = {},
): FaceTracker {
  if (!(Number.isInteger(detectEvery) && detectEvery >= 1)) {
    throw cannot("track faces", "a whole number of frames from 1 up", String(detectEvery), "detectEvery");
  }
  let tracks: Track[] = [];
  let [count, detections, since, lastTime] = [0, 0, 0, -Infinity];

  /** Landmarks of all tracks, or nothing when one of them is lost. */
  const follow = async (frame: VideoFrame): Promise<Float32Array[] | undefined> => {
    const placed: Float32Array[] = [];
    for (const { landmarks, glimpse } of tracks) {
      if (difference(glimpse, glimpseOf(frame, landmarks)) > CUT) return undefined;
      const now = await placeNear(frame, landmarks);
      if (!isSameFace(landmarks, now)) return undefined;
      placed.push(now);
    }
    return placed;
  };

  const detect = async (frame: VideoFrame): Promise<void> => {
    detections++;
    const found = (await findFaces(framePicture(frame), { minScore })).map(({ landmarks }) => landmarks);
    const kept: Track[] = [];
    const free = new Set(found);
    for (const track of tracks) {
      const nearest = [...free].filter((face) => isSameFace(track.landmarks, face))
        .sort((a, b) => landmarkMotion(track.landmarks, a).length - landmarkMotion(track.landmarks, b).length)[0];
      if (!nearest) continue;
      free.delete(nearest);
      kept.push({ ...track, raw: nearest });
    }
    const wanted = which === "all" ? [...free] : kept.length > 0 ? [] : [...free].slice(0, 1);
    const fresh = wanted.map((raw) => ({
      ...{ number: ++count, smoother: landmarkSmoother(), raw, landmarks: raw, motion: undefined },
      glimpse: new Uint8Array(),
    }));
    tracks = [...kept, ...fresh];
  };

  return {
    get detections() {
      return detections;
    },
    async next(frame) {
      // Times of broken files stand still.
      const time = lastTime = Math.max(frame.time, lastTime + 1e-3);
      const known = new Set(tracks.map(({ number }) => number));
      const followed = tracks.length > 0 && since < detectEvery ? await follow(frame) : undefined;
      if (followed) followed.forEach((raw, i) => tracks[i]!.raw = raw);
      else {
        await detect(frame);
        since = 0;
      }
      since++;
      for (const track of tracks) {
        const landmarks = track.smoother.next(track.raw, time);
        track.motion = known.has(track.number) ? landmarkMotion(track.landmarks, landmarks) : undefined;
        track.landmarks = landmarks;
        track.glimpse = glimpseOf(frame, landmarks);
      }
      return tracks.map(({ number, landmarks, motion }) => ({ track: number, landmarks, motion }));
    },
  };
}

/** The landmark network on the part of a frame where a face was. */
async function placeNear(frame: VideoFrame, near: Float32Array): Promise<Float32Array> {
  const { x, y, width, height } = landmarkBox(near);
  const part = clipped({ x: x - width / 2, y: y - height / 2, width: width * 2, height: height * 2 }, frame);
  const moved = near.map((value, i) => value - (i % 2 === 0 ? part.x : part.y));
  const placed = await placeLandmarks(cropFrame(frame, part), moved);
  return placed.map((value, i) => value + (i % 2 === 0 ? part.x : part.y));
}

/** Brightness on a grid of points over a face. */
function glimpseOf(frame: VideoFrame, landmarks: Float32Array): Uint8Array {
  const side = 16;
  const { x, y, width, height } = clipped(landmarkBox(landmarks), frame);
  const out = new Uint8Array(side * side);
  for (let i = 0; i < out.length; i++) {
    const column = x + Math.floor((i % side + 0.5) * width / side);
    const row = y + Math.floor((Math.floor(i / side) + 0.5) * height / side);
    const at = (row * frame.width + column) * 3;
    out[i] = (frame.data[at]! + 2 * frame.data[at + 1]! + frame.data[at + 2]!) / 4;
  }
  return out;
}

function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

function isSameFace(before: Float32Array, now: Float32Array): boolean {
  const [a, b] = [landmarkBox(before), landmarkBox(now)];
  const [from, to] = [(a.width + a.height) / 2, (b.width + b.height) / 2];
  return to > from * (1 - JUMP) && to < from / (1 - JUMP) && landmarkMotion(before, now).length < JUMP * from;
}

/** Whole pixels inside of the frame, at least one. */
function clipped({ x, y, width, height }: Region, frame: { readonly width: number; readonly height: number }): Region {
  const within = (value: number, size: number) => Math.min(size - 1, Math.max(0, Math.floor(value)));
  const [left, top] = [within(x, frame.width), within(y, frame.height)];
  return {
    x: left,
    y: top,
    width: within(x + width, frame.width) - left + 1,
    height: within(y + height, frame.height) - top + 1,
  };
}
