import { cannot } from "doppel/problem.ts";
import { createPicture, type Picture } from "doppel/image/mod.ts";
import { convexHull, coverConvex } from "./convex_hull.ts";
import { pickPoints } from "./landmarks.ts";

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

// Eight parts, each convex enough for its hull; together they leave the temples free, which one hull would not.
const CHIN = 8;
const PARTS: readonly (readonly number[])[] = [
  [...range(0, 8), 17], // jaw, left in the picture
  [...range(8, 16), 26],
  [...range(17, 19), CHIN], // cheek and outer brow
  [...range(24, 26), CHIN],
  [...range(19, 24), CHIN], // forehead between the brows, down to the chin
  [...range(17, 21), 27, 31, CHIN], // eye
  [...range(22, 26), 27, 35, CHIN],
  range(27, 35), // nose
];

/**
 * The mask of a face by its landmarks: from the jaw to above the brows, the union of eight convex hulls (as
 * DeepFaceLab's hull mask).
 *
 * @param landmarks 68 `x, y` pairs in pixels, flat.
 * @param width Columns of the mask.
 * @param height Rows of the mask.
 * @param options `browExpansion`: how far the brows are raised, in halves of their distance from the eyes; default 1.
 * `antiAlias`: default true, soft within one pixel of the border; false gives only 0 and 1.
 * @returns `[height, width, 1]`, 1 inside the face.
 * @throws {Problem} When there are not 68 landmarks.
 */
export function hullMask(
  landmarks: Float32Array,
  width: number,
  height: number,
  { browExpansion = 1, antiAlias = true }: { readonly browExpansion?: number; readonly antiAlias?: boolean } = {},
): Picture {
  if (landmarks.length !== 136) throw cannot("make hull mask", "68 landmarks", String(landmarks.length / 2));
  const raised = raiseBrows(landmarks, browExpansion);
  const hulls = PARTS.map((part) => convexHull(pickPoints(raised, part)));
  const cover = coverConvex(hulls, width, height, antiAlias ? 4 : 1);
  if (!antiAlias) { for (let i = 0; i < cover.length; i++) cover[i] = cover[i]! >= 0.5 ? 1 : 0; }
  return createPicture(width, height, 1, cover);
}

/**
 * Where eyes and mouth are, by the landmarks: the hulls of both eyes and of the lips, widened a little.
 *
 * @param landmarks 68 `x, y` pairs in pixels, flat.
 * @param width Columns of the map.
 * @param height Rows of the map.
 * @returns `[height, width, 1]`, 1 inside, soft within one pixel of the border.
 * @throws {Problem} When there are not 68 landmarks.
 */
export function eyesMouthMask(landmarks: Float32Array, width: number, height: number): Picture {
  if (landmarks.length !== 136) throw cannot("mark eyes and mouth", "68 landmarks", String(landmarks.length / 2));
  const hulls = [range(36, 41), range(42, 47), range(48, 67)].map((part) =>
    convexHull(widened(pickPoints(landmarks, part), 1.3))
  );
  return createPicture(width, height, 1, coverConvex(hulls, width, height, 4));
}

/** Moves points away from their mean. */
function widened(points: Float32Array, times: number): Float32Array {
  const count = points.length / 2;
  const mean = [0, 1].map((axis) => points.reduce((sum, value, i) => i % 2 === axis ? sum + value : sum, 0) / count);
  return points.map((value, i) => mean[i % 2]! + (value - mean[i % 2]!) * times);
}

/** Moves each brow point away from the point of the eye beneath it. */
function raiseBrows(landmarks: Float32Array, expansion: number): Float32Array {
  const out = landmarks.slice();
  const corner = (eye: number, jaw: number): [number, number] => [
    landmarks[2 * eye]! * 0.75 + landmarks[2 * jaw]! * 0.25,
    landmarks[2 * eye + 1]! * 0.75 + landmarks[2 * jaw + 1]! * 0.25,
  ];
  const point = (i: number): [number, number] => [landmarks[2 * i]!, landmarks[2 * i + 1]!];
  const beneath = [
    ...[corner(36, 0), point(36), point(37), point(38), point(39)],
    ...[point(42), point(43), point(44), point(45), corner(45, 16)],
  ];
  beneath.forEach(([x, y], i) => {
    const at = 2 * (17 + i);
    out[at] = landmarks[at]! + 0.5 * expansion * (landmarks[at]! - x);
    out[at + 1] = landmarks[at + 1]! + 0.5 * expansion * (landmarks[at + 1]! - y);
  });
  return out;
}
