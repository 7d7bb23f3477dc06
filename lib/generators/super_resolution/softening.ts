/**
 * What an autoencoder does to a face, imitated: half the resolution, a blur of unknown width, a little noise. Softened
 * photographs and the photographs themselves are what the network learns from.
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { createPicture, gaussianBlur, type Picture, resizePicture } from "../../image/mod.ts";
import { index, normal, type RandomSource, randomSource, uniform } from "../../random.ts";

/** How strongly faces are softened; each face draws its own strength between none and this. */
export interface Softness {
  /**
   * Largest standard deviation of the blur, in pixels of the softened face. Default 1.5: in three of four directions,
   * swaps by DF (small, 2,000 steps) have the mean gradient of photographs of 64 pixels blurred by 0.6 to 1.5.
   */
  readonly blur?: number;
  /** Largest standard deviation of the noise, for values in [0, 1]. Default 0.01. */
  readonly noise?: number;
}

/** Softened faces and what they were, as flat arrays. */
export interface SoftenedBatch {
  /** `[batch, crop / 2, crop / 2, 3]` in [0, 1]. */
  readonly soft: Float32Array;
  /** `[batch, crop, crop, 3]` in [0, 1]. */
  readonly face: Float32Array;
}

/** Which batch to make. */
export interface SoftenedBatchOptions extends Softness {
  /** Faces in a batch. */
  readonly size: number;
  /** Side of the square that is cut out of each face, even. */
  readonly crop: number;
  /** The run's seed. */
  readonly seed: number;
  /** The step that it is for. */
  readonly step: number;
}

/**
 * Softens a face to half its resolution.
 *
 * @param face 3 channels in [0, 1], of even sides.
 * @param random Where strength and noise come from.
 * @param softness The largest strength.
 * @returns `[height / 2, width / 2, 3]` in [0, 1].
 * @throws {Problem} When a side is odd.
 */
export function softenFace(
  face: Picture,
  random: RandomSource,
  { blur = 1.5, noise = 0.01 }: Softness = {},
): Picture {
  const [width, height] = [face.width / 2, face.height / 2];
  if (!Number.isInteger(width) || !Number.isInteger(height)) {
    throw cannot("soften face", "even sides", `${face.width}x${face.height}`);
  }
  const sigma = uniform(random, 0, blur);
  const deviation = uniform(random, 0, noise);
  const { data } = gaussianBlur(resizePicture(face, width, height, { interpolation: "bicubic" }), sigma);
  const noisy = data.map((value) => Math.min(1, Math.max(0, value + deviation * normal(random))));
  return createPicture(width, height, 3, noisy);
}

/**
 * Draws faces with replacement, mirrors half of them, softens each and cuts the same square out of it and of the face.
 * Nothing is turned or scaled: that would soften what the network is to learn.
 *
 * @param faces Faces of one size.
 * @param options Size of batch and crop, seed and step, softness.
 * @returns The batch; equal options give equal batches.
 * @throws {Problem} When there are no faces, or the crop is odd or does not fit into one.
 */
export function softenedBatch(
  faces: readonly Picture[],
  { size, crop, seed, step, ...softness }: SoftenedBatchOptions,
): SoftenedBatch {
  if (faces.length === 0) throw cannot("make batch", "at least one face", "none");
  const random = randomSource(seed, "softened faces", step);
  const half = crop / 2;
  const batch = { soft: new Float32Array(size * half * half * 3), face: new Float32Array(size * crop * crop * 3) };
  for (let i = 0; i < size; i++) {
    const face = faces[index(random, faces.length)]!;
    const { width, height } = face;
    if (!Number.isInteger(half) || crop > Math.min(width, height)) {
      throw cannot("make batch", `an even crop of at most ${Math.min(width, height)} pixels`, String(crop));
    }
    const left = index(random, (width - crop) / 2 + 1);
    const top = index(random, (height - crop) / 2 + 1);
    const mirrored = uniform(random, 0, 1) < 0.5;
    const soft = softenFace(face, random, softness);
    cut(soft, left, top, half, mirrored, batch.soft, i);
    cut(face, 2 * left, 2 * top, crop, mirrored, batch.face, i);
  }
  return batch;
}

/** Copies a square, mirrored or not, into the place of a batch. */
function cut(
  picture: Picture,
  left: number,
  top: number,
  side: number,
  mirrored: boolean,
  out: Float32Array,
  place: number,
): void {
  const to = place * side * side * 3;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = ((top + y) * picture.width + left + (mirrored ? side - 1 - x : x)) * 3;
      for (let c = 0; c < 3; c++) out[to + (y * side + x) * 3 + c] = picture.data[from + c]!;
    }
  }
}
