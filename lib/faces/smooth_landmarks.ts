import { landmarkBox } from "./landmarks.ts";
import { cannot } from "doppel/problem.ts";

/** How much is smoothed. Speeds are in faces a second, so that the same numbers suit near faces and far ones. */
export interface LandmarkSmootherOptions {
  /** Hz: what is faster is taken for jitter while the face is at rest. Lower is calmer. Default 1. */
  readonly minCutoff?: number;
  /**
   * By how many Hz the cutoff rises with a speed of one face a second. Higher follows faster: a moving landmark is at
   * most `1 / (2 pi beta)` of a face behind. Default 20, which is 0.8 %.
   */
  readonly beta?: number;
  /** Hz: the cutoff for the speed itself. Default 1, as in the paper. */
  readonly speedCutoff?: number;
  /** A face whose landmarks move by more than this part of its size between two frames is another one. Default 0.5. */
  readonly jump?: number;
}

/** Takes the jitter out of the landmarks of one face, frame by frame. */
export interface LandmarkSmoother {
  /**
   * Smooths the next frame's landmarks.
   *
   * @param landmarks `x, y` pairs, flat, in pixels.
   * @param time The frame's time in seconds.
   * @returns Smoothed landmarks, a new array.
   * @throws {Problem} When the number of landmarks changes, or time does not go on.
   */
  next(landmarks: Float32Array, time: number): Float32Array;
  /** Forgets everything: the next frame is taken as it is. */
  reset(): void;
}

/**
 * Makes a smoother of landmarks: the 1-euro filter (Casiez, Roussel and Vogel, CHI 2012, algorithm 1) on each
 * coordinate. It is a low pass whose cutoff grows with speed, so that a face at rest does not tremble and a face in
 * motion does not lag. Only the past is needed. After a jump it starts anew.
 *
 * @example Steady the face of a video
 * ```ts
 * import { findOneFace, landmarkSmoother } from "doppel/faces/mod.ts";
 * import { framePicture, readVideo } from "doppel/image/mod.ts";
 *
 * const smoother = landmarkSmoother();
 * for await (const frame of readVideo("holiday.mp4")) {
 *   const { landmarks } = await findOneFace(framePicture(frame));
 *   const steady = smoother.next(landmarks, frame.time);
 * }
 * ```
 *
 * @param options Cutoffs and what counts as a jump.
 * @returns The smoother, one for each face.
 * @throws {Problem} When a cutoff is not positive.
 */
export function landmarkSmoother(options: LandmarkSmootherOptions = {}): LandmarkSmoother {
  const { minCutoff = 1, beta = 20, speedCutoff = 1, jump = 0.5 } = options;
  if (!(minCutoff > 0 && speedCutoff > 0 && beta >= 0 && jump > 0)) {
    throw cannot("smooth landmarks", "cutoffs and jump above 0, beta from 0", JSON.stringify(options));
  }
  let last: { raw: Float32Array; smooth: Float64Array; speed: Float64Array; time: number } | undefined;

  return {
    reset() {
      last = undefined;
    },
    next(landmarks, time) {
      const size = faceSize(landmarks);
      if (last && last.raw.length !== landmarks.length) {
        throw cannot("smooth landmarks", `${last.raw.length / 2} landmarks`, String(landmarks.length / 2));
      }
      if (last && !(time > last.time)) {
        throw cannot("smooth landmarks", `a time after ${last.time} s`, `${time} s`);
      }
      if (!last || meanDistance(last.raw, landmarks) > jump * size) {
        last = {
          raw: landmarks.slice(),
          smooth: Float64Array.from(landmarks),
          speed: new Float64Array(landmarks.length),
          time,
        };
        return landmarks.slice();
      }
      const passed = time - last.time;
      const { smooth, speed } = last;
      const speedWeight = weight(speedCutoff, passed);
      for (let i = 0; i < landmarks.length; i++) {
        const change = (landmarks[i]! - smooth[i]!) / size / passed;
        speed[i] = speed[i]! + speedWeight * (change - speed[i]!);
        smooth[i] = smooth[i]! + weight(minCutoff + beta * Math.abs(speed[i]!), passed) * (landmarks[i]! - smooth[i]!);
      }
      last = { raw: landmarks.slice(), smooth, speed, time };
      return Float32Array.from(smooth);
    },
  };
}

/** The weight of a new value in exponential smoothing with a cutoff in Hz. */
function weight(cutoff: number, passed: number): number {
  return 1 / (1 + 1 / (2 * Math.PI * cutoff * passed));
}

function meanDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 2) sum += Math.hypot(b[i]! - a[i]!, b[i + 1]! - a[i + 1]!);
  return sum / (a.length / 2);
}

/** Mean of width and height of the landmarks' box. */
function faceSize(landmarks: Float32Array): number {
  const { width, height } = landmarkBox(landmarks);
  const size = (width + height) / 2;
  if (size > 0) return size;
  throw cannot("smooth landmarks", "landmarks of a face", "points that are all in one place or no numbers");
}
