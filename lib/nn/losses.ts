/**
 * Losses between pictures. All take `[batch, height, width, channels]` in [0, 1] and give one value for each picture of
 * the batch, so that an option can weigh pictures before they are averaged.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import { tf } from "../runtime/mod.ts";

/**
 * Mean squared error.
 *
 * @param target `[batch, height, width, channels]`.
 * @param prediction Of the same shape.
 * @returns `[batch]`.
 */
export function meanSquaredError(target: tf.Tensor4D, prediction: tf.Tensor4D): tf.Tensor1D {
  return target.sub(prediction).square().mean([1, 2, 3]) as tf.Tensor1D;
}

/** How the structural similarity is computed. */
export interface SsimOptions {
  /** Width of the Gaussian window in pixels. */
  readonly window: number;
  /** Standard deviation of the window in pixels. Default 1.5. */
  readonly sigma?: number;
}

/**
 * Structural dissimilarity, (1 - SSIM) / 2 (Wang et al. 2004), with a Gaussian window that stays inside the picture,
 * averaged over places and channels. Range [0, 1], 0 for equal pictures.
 *
 * @param target `[batch, height, width, channels]` in [0, 1].
 * @param prediction Of the same shape.
 * @param options The window.
 * @returns `[batch]`.
 * @throws Problem when the window does not fit into the picture.
 */
export function dssim(target: tf.Tensor4D, prediction: tf.Tensor4D, { window, sigma = 1.5 }: SsimOptions): tf.Tensor1D {
  const [batch, height, width, channels] = target.shape;
  if (window > Math.min(height, width)) {
    throw cannot("compute SSIM", `a window of at most ${Math.min(height, width)} pixels`, String(window));
  }
  const c1 = 0.01 ** 2;
  const c2 = 0.03 ** 2;
  // A Gaussian filter is two products with a band matrix, one from either side, which is much faster than a depthwise
  // convolution and its gradient. Every filtered quantity lies beside the others, so that there are only these two.
  const rows = bandMatrix(height, window, sigma);
  const columns = bandMatrix(width, window, sigma);
  const planes = (x: tf.Tensor4D) => x.transpose([0, 3, 1, 2]).reshape([batch * channels, height, width]);
  const a = planes(target);
  const b = planes(prediction);
  const quantities = tf.concat([a, b, a.mul(b), a.square().add(b.square())], 0);
  const tallRows = quantities.reshape([-1, width]).matMul(columns, false, true).reshape([
    -1,
    height,
    width - window + 1,
  ]);
  const filtered = tf.matMul(rows.expandDims(0) as tf.Tensor3D, tallRows);
  const [meanA, meanB, meanAB, meanSquares] = tf.split(filtered, 4, 0) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const product = meanA.mul(meanB);
  const squares = meanA.square().add(meanB.square());
  const luminance = product.mul(2).add(c1).div(squares.add(c1));
  const contrast = meanAB.sub(product).mul(2).add(c2).div(meanSquares.sub(squares).add(c2));
  const similarity = luminance.mul(contrast).reshape([batch, -1]).mean(1);
  return tf.sub(1, similarity).div(2) as tf.Tensor1D;
}

/** The matrix `[size - window + 1, size]` that filters a column of pixels with a normalised Gaussian. */
function bandMatrix(size: number, window: number, sigma: number): tf.Tensor2D {
  const centre = (window - 1) / 2;
  const kernel = Array.from({ length: window }, (_, i) => Math.exp(-((i - centre) ** 2) / (2 * sigma * sigma)));
  const sum = kernel.reduce((total, value) => total + value, 0);
  const out = size - window + 1;
  const matrix = new Float32Array(out * size);
  for (let row = 0; row < out; row++) {
    for (let i = 0; i < window; i++) matrix[row * size + row + i] = kernel[i]! / sum;
  }
  return tf.tensor2d(matrix, [out, size]);
}

/**
 * Gaussian blur of masks or pictures with the edge repeated.
 *
 * @param x `[batch, height, width, channels]`.
 * @param sigma Standard deviation in pixels.
 * @returns Of the same shape.
 */
export function gaussianBlur(x: tf.Tensor4D, sigma: number): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const rows = blurMatrix(height, sigma);
  const columns = blurMatrix(width, sigma);
  const planes = x.transpose([0, 3, 1, 2]).reshape([batch * channels, height, width]);
  const tallRows = planes.reshape([-1, width]).matMul(columns, false, true).reshape([-1, height, width]);
  return tf.matMul(rows.expandDims(0) as tf.Tensor3D, tallRows)
    .reshape([batch, channels, height, width]).transpose([0, 2, 3, 1]) as tf.Tensor4D;
}

function blurMatrix(size: number, sigma: number): tf.Tensor2D {
  const radius = Math.ceil(3 * sigma);
  const matrix = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += Math.exp(-(i * i) / (2 * sigma * sigma));
    for (let i = -radius; i <= radius; i++) {
      const column = Math.min(size - 1, Math.max(0, row + i));
      const at = row * size + column;
      matrix[at] = matrix[at]! + Math.exp(-(i * i) / (2 * sigma * sigma)) / sum;
    }
  }
  return tf.tensor2d(matrix, [size, size]);
}
