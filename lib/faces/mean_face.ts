import { cannot } from "doppel/problem.ts";
import { transformPoints } from "doppel/image/mod.ts";
import meanFace from "./mean_face.json" with { type: "json" };
import { mirrorLandmarks, pickPoints, STABLE_LANDMARKS } from "./landmarks.ts";
import { centroid, estimateSimilarity } from "./similarity.ts";

/**
 * The mean face that photographs are aligned to: 68 `x, y` pairs, mirror-symmetric about `x = 0.5`. The stable landmarks
 * reach from 0 to 1 in x (outer ends of the brows) and begin at 0 in y (top of the brows).
 *
 * Made from the bundled photographs by `datasets/caltech_faces/make_template.ts`.
 */
export const MEAN_FACE: Float32Array = Float32Array.from(meanFace.points.split(" "), Number);

/**
 * The mean of many faces, each brought onto the others first: generalised Procrustes analysis (Gower 1975) by the stable
 * landmarks, then made symmetric and put into the frame of {@linkcode MEAN_FACE}.
 *
 * @param faces 68 `x, y` pairs each, flat; in any place, size and turn, not mirrored.
 * @returns The mean, 68 pairs.
 * @throws {Problem} When there is no face.
 */
export function procrustesMean(faces: readonly Float32Array[]): Float32Array {
  if (faces.length === 0) throw cannot("average faces", "at least one face", "none");
  // A face and its mirror image count alike, which makes the mean symmetric.
  const shapes = faces.flatMap((face) => [face, mirrorLandmarks(face, 0)]);
  let mean = intoFrame(shapes[0]!);
  for (let round = 0; round < 100; round++) {
    const target = pickPoints(mean, STABLE_LANDMARKS);
    const sum = new Float64Array(136);
    for (const shape of shapes) {
      const moved = transformPoints(estimateSimilarity(pickPoints(shape, STABLE_LANDMARKS), target), shape);
      for (let i = 0; i < sum.length; i++) sum[i]! += moved[i]! / shapes.length;
    }
    const next = intoFrame(Float32Array.from(sum));
    const change = Math.max(...next.map((value, i) => Math.abs(value - mean[i]!)));
    mean = next;
    if (change < 1e-6) break;
  }
  return mean;
}

const [CHIN, NOSE] = [8, 27];

/** Upright by its own mirror axis, brows from 0 to 1, their top at 0. */
function intoFrame(shape: Float32Array): Float32Array {
  const mirrored = mirrorLandmarks(shape, 0);
  // Half of the turn that carries the mirror image onto the shape stands the shape upright.
  const [a, , , b] = estimateSimilarity(mirrored, shape);
  const turn = -Math.atan2(b, a) / 2;
  const level = transformPoints([Math.cos(turn), -Math.sin(turn), 0, Math.sin(turn), Math.cos(turn), 0], shape);
  // Half of a turn is known but for 180 degrees; the chin belongs below the nose.
  const upright = level[2 * CHIN + 1]! > level[2 * NOSE + 1]! ? level : level.map((value) => -value);
  const other = mirrorLandmarks(upright, 0);
  const shift = centroid(upright)[0] - centroid(other)[0];
  const even = upright.map((value, i) => (value + other[i]! + (i % 2 === 0 ? shift : 0)) / 2);
  const stable = pickPoints(even, STABLE_LANDMARKS);
  const xs = stable.filter((_, i) => i % 2 === 0);
  const ys = stable.filter((_, i) => i % 2 === 1);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const scale = 1 / (Math.max(...xs) - left);
  return transformPoints([scale, 0, -left * scale, 0, scale, -top * scale], even);
}
