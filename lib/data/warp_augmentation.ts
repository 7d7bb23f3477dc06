/**
 * DeepFaceLab's augmentation (`samplelib`, `core/imagelib/warp.py`): a random affine map gives the target, the same map
 * behind a random warp gives the input. To undo the warp, the model has to learn what the face looks like.
 *
 * @module
 */

import { normal, type RandomSource, uniform } from "../random.ts";

/** How strongly faces are varied. */
export interface AugmentationOptions {
  /** Largest rotation in degrees. Default 10. */
  readonly rotation?: number;
  /** Scale is drawn between 1 / (1 + scale) and 1 + scale. Default 0.15. */
  readonly scale?: number;
  /** Largest shift as a share of the face's width. Default 0.05. */
  readonly shift?: number;
  /** Probability of a mirror image. Default 0.4. */
  readonly flip?: number;
  /** Standard deviation of the warp's nodes as a share of their distance; 0 switches the warp off. Default 0.24. */
  readonly warp?: number;
}

/** Where each pixel of an augmented face comes from: x and y in the original, interleaved. */
export type SamplingMap = Float32Array;

/**
 * Draws one augmentation.
 *
 * @param size Height and width of the face in pixels.
 * @param random Where numbers come from.
 * @param options How strong it is.
 * @returns The map of the target and the one of the warped input, each `[size, size, 2]` in pixels.
 */
export function drawAugmentation(
  size: number,
  random: RandomSource,
  { rotation = 10, scale = 0.15, shift = 0.05, flip = 0.4, warp = 0.24 }: AugmentationOptions = {},
): { target: SamplingMap; warped: SamplingMap } {
  const angle = uniform(random, -rotation, rotation) * Math.PI / 180;
  const zoom = uniform(random, 1 / (1 + scale), 1 + scale);
  const shiftX = uniform(random, -shift, shift) * size;
  const shiftY = uniform(random, -shift, shift) * size;
  const mirrored = uniform(random, 0, 1) < flip;
  const displacement = drawWarp(size, random, warp);

  const centre = (size - 1) / 2;
  const cos = Math.cos(angle) / zoom;
  const sin = Math.sin(angle) / zoom;
  const map = (offsets?: Float32Array): SamplingMap => {
    const out = new Float32Array(size * size * 2);
    for (let y = 0, at = 0; y < size; y++) {
      for (let x = 0; x < size; x++, at += 2) {
        const fromX = (mirrored ? size - 1 - x : x) + (offsets ? offsets[at]! : 0) - centre;
        const fromY = y + (offsets ? offsets[at + 1]! : 0) - centre;
        out[at] = cos * fromX - sin * fromY + centre - shiftX;
        out[at + 1] = sin * fromX + cos * fromY + centre - shiftY;
      }
    }
    return out;
  };
  const target = map();
  return { target, warped: warp > 0 ? map(displacement) : target };
}

/** Displacements on a grid of 2, 4 or 8 cells a side, its border fixed, stretched over the face. */
function drawWarp(size: number, random: RandomSource, strength: number): Float32Array {
  const cells = [2, 4, 8][Math.min(2, Math.floor(uniform(random, 0, 3)))]!;
  const nodes = cells + 1;
  const cell = size / cells;
  const offsets = new Float32Array(nodes * nodes * 2);
  for (let row = 1; row < cells; row++) {
    for (let column = 1; column < cells; column++) {
      const at = (row * nodes + column) * 2;
      offsets[at] = normal(random) * strength * cell;
      offsets[at + 1] = normal(random) * strength * cell;
    }
  }
  const out = new Float32Array(size * size * 2);
  for (let y = 0, at = 0; y < size; y++) {
    const gridY = y / (size - 1) * cells;
    const row = Math.min(cells - 1, Math.floor(gridY));
    const down = gridY - row;
    for (let x = 0; x < size; x++) {
      const gridX = x / (size - 1) * cells;
      const column = Math.min(cells - 1, Math.floor(gridX));
      const right = gridX - column;
      const corner = (row * nodes + column) * 2;
      for (let axis = 0; axis < 2; axis++, at++) {
        const top = offsets[corner + axis]! * (1 - right) + offsets[corner + 2 + axis]! * right;
        const under = corner + nodes * 2 + axis;
        const bottom = offsets[under]! * (1 - right) + offsets[under + 2]! * right;
        out[at] = top * (1 - down) + bottom * down;
      }
    }
  }
  return out;
}

/**
 * Samples a picture along a map, bicubic (Catmull-Rom), edges repeated.
 *
 * @param data Pixels, row-major `[size, size, channels]` in [0, 1].
 * @param size Height and width.
 * @param channels Values a pixel.
 * @param map Where each pixel comes from.
 * @param out Where the result goes, from `offset` on; clipped to [0, 1].
 * @param offset Where in `out` to begin. Default 0.
 */
export function sampleAlong(
  data: Float32Array,
  size: number,
  channels: number,
  map: SamplingMap,
  out: Float32Array,
  offset = 0,
): void {
  const weightsX = new Float32Array(4);
  const weightsY = new Float32Array(4);
  const last = size - 1;
  for (let pixel = 0; pixel < size * size; pixel++) {
    const x = map[pixel * 2]!;
    const y = map[pixel * 2 + 1]!;
    const left = Math.floor(x);
    const top = Math.floor(y);
    cubicWeights(x - left, weightsX);
    cubicWeights(y - top, weightsY);
    // This runs for every pixel of every face of a batch: what does not depend on the channel is taken out of its loop.
    const w0 = weightsX[0]!;
    const w1 = weightsX[1]!;
    const w2 = weightsX[2]!;
    const w3 = weightsX[3]!;
    const c0 = clampTo(last, left - 1) * channels;
    const c1 = clampTo(last, left) * channels;
    const c2 = clampTo(last, left + 1) * channels;
    const c3 = clampTo(last, left + 2) * channels;
    const to = offset + pixel * channels;
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let j = 0; j < 4; j++) {
        const row = clampTo(last, top - 1 + j) * size * channels + channel;
        sum += weightsY[j]! *
          (w0 * data[row + c0]! + w1 * data[row + c1]! + w2 * data[row + c2]! + w3 * data[row + c3]!);
      }
      out[to + channel] = sum < 0 ? 0 : sum > 1 ? 1 : sum;
    }
  }
}

const clampTo = (last: number, value: number) => value < 0 ? 0 : value > last ? last : value;

function cubicWeights(t: number, out: Float32Array): void {
  const t2 = t * t;
  const t3 = t2 * t;
  out[0] = (-t3 + 2 * t2 - t) / 2;
  out[1] = (3 * t3 - 5 * t2 + 2) / 2;
  out[2] = (-3 * t3 + 4 * t2 + t) / 2;
  out[3] = (t3 - t2) / 2;
}
