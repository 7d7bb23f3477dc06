import { type Affine, applyAffine, invertAffine, scaleOf } from "./affine.ts";
import { type Interpolation, KERNELS } from "./kernels.ts";
import { createPicture, type Picture } from "./picture.ts";
import { clipToRange } from "./resize.ts";

/** Size and manner of a warp. */
export interface WarpOptions {
  /** Columns of the result. */
  readonly width: number;
  /** Rows of the result. */
  readonly height: number;
  /** Default `bicubic`. */
  readonly interpolation?: Interpolation;
  /** What lies beyond the picture: its nearest edge pixel, or black (0). Default `edge`. */
  readonly outside?: "edge" | "black";
}

/**
 * Warps a picture by an affine map.
 *
 * `matrix` maps points of `picture` to points of the result, in continuous coordinates (see {@linkcode Affine}): what
 * was at `p` is seen at `matrix(p)`. Where the map shrinks, several samples a result pixel are averaged, so that fine
 * detail does not alias.
 *
 * @example Turn a picture by 90 degrees about its corner
 * ```ts
 * import { createPicture, warpPicture } from "doppel/image/mod.ts";
 *
 * const picture = createPicture(40, 30, 3, [1, 0, 0]);
 * // (x, y) -> (30 - y, x)
 * const turned = warpPicture(picture, [0, -1, 30, 1, 0, 0], { width: 30, height: 40 });
 * ```
 *
 * @param picture 1 or 3 channels.
 * @param matrix From the picture to the result.
 * @param options Size, interpolation and surroundings.
 * @returns The warped picture; overshoot of cubic and Lanczos is clipped to the range of the input.
 * @throws {Problem} When the map has no inverse.
 */
export function warpPicture(picture: Picture, matrix: Affine, options: WarpOptions): Picture {
  const { width, height, interpolation = "bicubic", outside = "edge" } = options;
  const out = createPicture(width, height, picture.channels);
  const back = invertAffine(matrix);
  const samples = Math.max(1, Math.ceil(scaleOf(back) - 1e-6));
  const sampler = createSampler(picture, interpolation, outside);
  const share = 1 / (samples * samples);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * picture.channels;
      for (let s = 0; s < samples; s++) {
        for (let r = 0; r < samples; r++) {
          const [px, py] = applyAffine(back, x + (r + 0.5) / samples, y + (s + 0.5) / samples);
          sampler(px, py, share, out.data, at);
        }
      }
    }
  }
  if (interpolation !== "bilinear") clipToRange(out.data, outside === "black" ? withZero(picture.data) : picture.data);
  return out;
}

const withZero = (data: Float32Array): Float32Array => {
  const out = new Float32Array(data.length + 1);
  out.set(data);
  return out;
};

/** Adds `share` times the picture's value at a continuous point to `out[at...]`. */
type Sampler = (x: number, y: number, share: number, out: Float32Array, at: number) => void;

function createSampler(picture: Picture, interpolation: Interpolation, outside: "edge" | "black"): Sampler {
  const { width, height, channels, data } = picture;
  const { radius, weight } = KERNELS[interpolation];
  const taps = 2 * radius;
  const [wx, wy] = [new Float64Array(taps), new Float64Array(taps)];
  // Far outside, whole numbers lose their meaning; the nearest edge is the same for all of them.
  const near = (v: number, size: number) => Math.min(size + 8, Math.max(-8, v));
  const fill = (weights: Float64Array, centre: number, first: number) => {
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += weights[k] = weight(first + k + 0.5 - centre);
    for (let k = 0; k < taps; k++) weights[k]! /= sum;
  };
  return (px, py, share, out, at) => {
    const [x, y] = [near(px, width), near(py, height)];
    const firstX = Math.floor(x - 0.5) - radius + 1;
    const firstY = Math.floor(y - 0.5) - radius + 1;
    fill(wx, x, firstX);
    fill(wy, y, firstY);
    for (let j = 0; j < taps; j++) {
      const row = firstY + j;
      if (outside === "black" && (row < 0 || row >= height)) continue;
      const rowAt = Math.min(height - 1, Math.max(0, row)) * width;
      const rowShare = wy[j]! * share;
      for (let i = 0; i < taps; i++) {
        const column = firstX + i;
        if (outside === "black" && (column < 0 || column >= width)) continue;
        const from = (rowAt + Math.min(width - 1, Math.max(0, column))) * channels;
        const value = rowShare * wx[i]!;
        for (let c = 0; c < channels; c++) out[at + c]! += value * data[from + c]!;
      }
    }
  };
}
