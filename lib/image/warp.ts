import { type Affine, invertAffine, scaleOf } from "./affine.ts";
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
  const [a, b, c, d, e, f] = back;
  const samples = Math.max(1, Math.ceil(scaleOf(back) - 1e-6));
  const sample = createSampler(picture, interpolation, outside);
  const share = 1 / (samples * samples);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * picture.channels;
      for (let s = 0; s < samples; s++) {
        const v = y + (s + 0.5) / samples;
        for (let r = 0; r < samples; r++) {
          const u = x + (r + 0.5) / samples;
          sample(a * u + b * v + c, d * u + e * v + f, share, out.data, at);
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

// Kernel values between two pixels are looked up at this many steps: exact to 2e-5 of the range of the values.
const STEPS = 2 ** 15;

function createSampler(picture: Picture, interpolation: Interpolation, outside: "edge" | "black"): Sampler {
  const { width, height, channels, data } = picture;
  const taps = 2 * KERNELS[interpolation].radius;
  const table = weightTable(interpolation);
  // Where each tap reads, and with what weight, along x and along y of the sample at hand.
  const [atX, atY] = [new Int32Array(taps), new Int32Array(taps)];
  const [byX, byY] = [new Float64Array(taps), new Float64Array(taps)];
  const place = (position: number, size: number, stride: number, at: Int32Array, by: Float64Array) => {
    // Far outside, whole numbers lose their meaning; the nearest edge is the same for all of them.
    const centre = Math.min(size + 8, Math.max(-8, position)) - 0.5;
    const before = Math.floor(centre);
    const row = Math.floor((centre - before) * STEPS + 0.5) * taps;
    for (let k = 0; k < taps; k++) {
      const pixel = before - taps / 2 + 1 + k;
      const inside = Math.min(size - 1, Math.max(0, pixel));
      at[k] = inside * stride;
      by[k] = outside === "black" && inside !== pixel ? 0 : table[row + k]!;
    }
  };
  return (x, y, share, out, to) => {
    place(x, width, channels, atX, byX);
    place(y, height, width * channels, atY, byY);
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let j = 0; j < taps; j++) {
      const line = atY[j]!;
      const lineWeight = byY[j]! * share;
      if (channels === 1) {
        for (let i = 0; i < taps; i++) red += lineWeight * byX[i]! * data[line + atX[i]!]!;
      } else {
        for (let i = 0; i < taps; i++) {
          const from = line + atX[i]!;
          const weight = lineWeight * byX[i]!;
          red += weight * data[from]!;
          green += weight * data[from + 1]!;
          blue += weight * data[from + 2]!;
        }
      }
    }
    out[to]! += red;
    if (channels === 1) return;
    out[to + 1]! += green;
    out[to + 2]! += blue;
  };
}

const tables = new Map<Interpolation, Float64Array>();

/** For each step between two pixels the weights of the pixels around it; they add up to 1. */
function weightTable(interpolation: Interpolation): Float64Array {
  const known = tables.get(interpolation);
  if (known) return known;
  const { radius, weight } = KERNELS[interpolation];
  const taps = 2 * radius;
  const table = new Float64Array((STEPS + 1) * taps);
  for (let step = 0; step <= STEPS; step++) {
    const weights = Array.from({ length: taps }, (_, k) => weight(k - radius + 1 - step / STEPS));
    const sum = weights.reduce((a, b) => a + b, 0);
    weights.forEach((value, k) => table[step * taps + k] = value / sum);
  }
  tables.set(interpolation, table);
  return table;
}
