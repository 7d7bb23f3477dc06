/**
 * Ways of doubling the resolution inside a network. Each leaves another mark on the spectrum of what the network makes:
 * zeros or copies between the pixels repeat the spectrum at high frequencies, and the convolution after them never takes
 * all of that away (Zhang, Karaman and Chang, arXiv 1907.06515, section 3).
 *
 * @module
 */

import { convolution, type Layer4D, transposedConvolution, type Weights } from "../../nn/mod.ts";
import { depthToSpace, tf } from "../../runtime/mod.ts";

/** The ways by name. */
export const UP_SAMPLERS = ["nearest", "bilinear", "transposed", "pixel_shuffle"] as const;

/** One of {@linkcode UP_SAMPLERS}. */
export type UpSampler = typeof UP_SAMPLERS[number];

/**
 * Builds a layer that doubles height and width.
 *
 * "nearest": pixels are repeated, then a 3x3 convolution. "bilinear": the mean of neighbours stands between them, then a 3x3
 * convolution. "transposed": a transposed 3x3 convolution with stride 2. "pixel_shuffle": a 3x3 convolution to four times
 * the channels, which are moved into space (Shi et al., arXiv 1609.05158).
 *
 * @param weights Where its weights are made.
 * @param upSampler The way.
 * @param from Channels in.
 * @param to Channels out.
 * @returns The layer, from `[batch, height, width, from]` to `[batch, 2 height, 2 width, to]`.
 */
export function upSampling(weights: Weights, upSampler: UpSampler, from: number, to: number): Layer4D {
  if (upSampler === "transposed") return transposedConvolution(weights, { from, to });
  if (upSampler === "pixel_shuffle") {
    const conv = convolution(weights, { from, to: 4 * to });
    return (x) => depthToSpace(conv(x), 2);
  }
  const conv = convolution(weights, { from, to });
  // Neither aligns corners: a network that works on pictures of any size has to do the same at every place.
  const enlarge = upSampler === "nearest" ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear;
  return (x) => conv(enlarge(x, [2 * x.shape[1], 2 * x.shape[2]]));
}
