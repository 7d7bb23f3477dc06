import { cannot } from "doppel/problem.ts";
import {
  type Affine,
  composeAffine,
  type Interpolation,
  invertAffine,
  type Picture,
  transformPoints,
  warpPicture,
} from "doppel/image/mod.ts";
import type { FaceType } from "./face.ts";
import { pickPoints, STABLE_LANDMARKS } from "./landmarks.ts";
import { MEAN_FACE } from "./mean_face.ts";
import { estimateSimilarity } from "./similarity.ts";

/** A face turned upright and brought to one size. */
export interface AlignedFace {
  /** `[size, size, 3]`. */
  readonly picture: Picture;
  /** From points of the photograph to points of the aligned picture. */
  readonly matrix: Affine;
  /** The 68 landmarks in aligned pixels. */
  readonly landmarks: Float32Array;
}

// DeepFaceLab's paddings: the diagonal of the square around the stable landmarks is lengthened by sqrt(2) times this
// share of itself at either end, and the square is raised by the shift. (DeepFaceLab also moves `head` sideways by yaw.)
const FRAMES: Readonly<Record<FaceType, { readonly padding: number; readonly shift: number }>> = {
  half: { padding: 0, shift: 0 },
  mid_full: { padding: 0.0675, shift: 0 },
  full: { padding: 0.2109375, shift: 0 },
  whole: { padding: 0.4, shift: 0.07 },
  head: { padding: 0.7, shift: 0.5 },
};

/** The names of all face types, from the narrowest to the widest. */
export const FACE_TYPES: readonly FaceType[] = Object.keys(FRAMES) as FaceType[];

/**
 * Cuts a face out of a photograph, upright and at one size.
 *
 * The similarity that carries 33 landmarks (brows, nose, eyes, corners of the mouth) onto a mean face is found by least
 * squares, as DeepFaceLab does. What lies beyond the photograph continues its edge.
 *
 * @example Align a found face
 * ```ts
 * import { readPicture } from "doppel/image/mod.ts";
 * import { alignFace, findOneFace } from "doppel/faces/mod.ts";
 *
 * const photo = await readPicture("datasets/caltech_faces/photos/person01/image_0001.jpg");
 * const face = await findOneFace(photo);
 * const { picture, matrix } = alignFace(photo, face.landmarks, { size: 256, faceType: "whole" });
 * ```
 *
 * @param photo 3 channels.
 * @param landmarks 68 `x, y` pairs in pixels of the photograph, flat.
 * @param options `size` of the square in pixels; `faceType`, default `full`; `interpolation`, default `bicubic`.
 * @returns The aligned picture, the matrix from photograph to aligned picture, and the landmarks carried along.
 * @throws {Problem} When there are not 68 landmarks or the face type is unknown.
 */
export function alignFace(
  photo: Picture,
  landmarks: Float32Array,
  { size, faceType = "full", interpolation = "bicubic" }: {
    readonly size: number;
    readonly faceType?: FaceType;
    readonly interpolation?: Interpolation;
  },
): AlignedFace {
  const matrix = alignmentMatrix(landmarks, { size, faceType });
  const picture = warpPicture(photo, matrix, { width: size, height: size, interpolation });
  return { picture, matrix, landmarks: transformPoints(matrix, landmarks) };
}

/**
 * The matrix of {@linkcode alignFace} alone.
 *
 * @param landmarks 68 `x, y` pairs in pixels of the photograph, flat.
 * @param options `size` of the square in pixels and `faceType`, default `full`.
 * @returns From the photograph to the aligned picture.
 * @throws {Problem} When there are not 68 landmarks or the face type is unknown.
 */
export function alignmentMatrix(
  landmarks: Float32Array,
  { size, faceType = "full" }: { readonly size: number; readonly faceType?: FaceType },
): Affine {
  if (landmarks.length !== 136) throw cannot("align face", "68 landmarks", String(landmarks.length / 2));
  const frame = FRAMES[faceType];
  if (!frame) throw cannot("align face", `one of ${FACE_TYPES.join(", ")}`, `"${faceType}"`, "face type");
  const toMean = estimateSimilarity(pickPoints(landmarks, STABLE_LANDMARKS), pickPoints(MEAN_FACE, STABLE_LANDMARKS));
  const scale = size / (1 + 2 * Math.SQRT2 * frame.padding);
  const corner = (centre: number) => size / 2 - centre * scale;
  return composeAffine([scale, 0, corner(0.5), 0, scale, corner(0.5 - frame.shift)], toMean);
}

/**
 * Lays an aligned picture (a swapped face, a mask) back into the frame of its photograph.
 *
 * @param aligned 1 or 3 channels.
 * @param matrix The matrix that {@linkcode alignFace} gave for the photograph; for an aligned picture of another size
 * than that one, scale it first.
 * @param options Size of the photograph; `interpolation`, default `bicubic`; `outside`: `black` for masks (so that
 * nothing is pasted outside of the aligned square), `edge` otherwise, by default according to the channels.
 * @returns A picture of the photograph's size.
 */
export function unalign(
  aligned: Picture,
  matrix: Affine,
  { width, height, interpolation = "bicubic", outside = aligned.channels === 1 ? "black" : "edge" }: {
    readonly width: number;
    readonly height: number;
    readonly interpolation?: Interpolation;
    readonly outside?: "edge" | "black";
  },
): Picture {
  return warpPicture(aligned, invertAffine(matrix), { width, height, interpolation, outside });
}
