/**
 * Structural similarity.
 *
 * @module
 */

import { type Picture, requirePicture } from "doppel/image/mod.ts";

const RADIUS = 5;
const SIGMA = 1.5;
const SIZE = 2 * RADIUS + 1;
const LUMINANCE = 0.01 ** 2;
const CONTRAST = 0.03 ** 2;

const WINDOW = (() => {
  const raw = Array.from({ length: SIZE }, (_, i) => Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA ** 2)));
  const total = raw.reduce((sum, weight) => sum + weight);
  return Float64Array.from(raw, (weight) => weight / total);
})();

/**
 * SSIM as Wang, Bovik, Sheikh and Simoncelli define it (Image Quality Assessment, 2004, section III-B): an 11 by 11
 * Gaussian window of sigma 1.5 at every place where it fits wholly into the picture, K1 = 0.01, K2 = 0.03, values in
 * [0, 1], the mean over places and channels.
 *
 * @param a A picture, `[height, width, channels]` in [0, 1], at least 11 pixels a side.
 * @param b Another of the same shape.
 * @returns Similarity in [-1, 1]; 1 for equal pictures.
 * @throws {Problem} When shapes differ.
 * @throws {RangeError} When a side is shorter than 11 pixels.
 */
export function ssim(a: Picture, b: Picture): number {
  const { width, height, channels } = a;
  requirePicture(b, "compute SSIM", "two pictures of one shape", { width, height, channels });
  if (width < SIZE || height < SIZE) {
    throw new RangeError(`Cannot compute SSIM: expected at least ${SIZE} pixels a side, got ${width}x${height}`);
  }
  const x = new Float64Array(width * height);
  const y = new Float64Array(width * height);
  const product = new Float64Array(width * height);
  const smooth = (fill: (i: number) => number) => {
    for (let i = 0; i < product.length; i++) product[i] = fill(i);
    return windowed(product, width, height);
  };
  let total = 0;
  let places = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < x.length; i++) {
      x[i] = a.data[i * channels + channel]!;
      y[i] = b.data[i * channels + channel]!;
    }
    const meanX = windowed(x, width, height);
    const meanY = windowed(y, width, height);
    const squareX = smooth((i) => x[i]! * x[i]!);
    const squareY = smooth((i) => y[i]! * y[i]!);
    const cross = smooth((i) => x[i]! * y[i]!);
    for (let i = 0; i < meanX.length; i++) {
      const [mx, my] = [meanX[i]!, meanY[i]!];
      const variances = squareX[i]! - mx * mx + squareY[i]! - my * my;
      const covariance = cross[i]! - mx * my;
      total += (2 * mx * my + LUMINANCE) * (2 * covariance + CONTRAST) /
        ((mx * mx + my * my + LUMINANCE) * (variances + CONTRAST));
    }
    places += meanX.length;
  }
  return total / places;
}

/** Rows, then columns, through the window; only where it fits: `[height - 10, width - 10]`. */
function windowed(values: Float64Array, width: number, height: number): Float64Array {
  const [across, down] = [width - SIZE + 1, height - SIZE + 1];
  const rows = new Float64Array(across * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < across; column++) {
      let sum = 0;
      for (let k = 0; k < SIZE; k++) sum += WINDOW[k]! * values[row * width + column + k]!;
      rows[row * across + column] = sum;
    }
  }
  const result = new Float64Array(across * down);
  for (let i = 0; i < result.length; i++) {
    let sum = 0;
    for (let k = 0; k < SIZE; k++) sum += WINDOW[k]! * rows[i + k * across]!;
    result[i] = sum;
  }
  return result;
}
