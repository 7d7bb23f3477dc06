/**
 * Convolutions whose kernels are standardised before use (Qiao et al., "Micro-Batch Training with Batch-Channel Normalization
 * and Weight Standardization", arXiv 1903.10520): with group normalisation they take the place of batch normalisation.
 *
 * @module
 */

import { convolveChannels, type Layer4D, type Weights } from "../../nn/mod.ts";
import { cannot } from "../../problem.ts";
import { addBias, convolve, tf } from "../../runtime/mod.ts";

/**
 * Brings the weights that make each output channel to mean 0 and variance 1: the unbiased deviation, with 1e-5 added, as in
 * the authors' PyTorch.
 *
 * @param kernel `[height, width, in, out]`.
 * @returns Of the same shape.
 */
export function standardise(kernel: tf.Tensor4D): tf.Tensor4D {
  const centred = kernel.sub(kernel.mean([0, 1, 2], true));
  const count = kernel.size / kernel.shape[3];
  // An epsilon under the root as well: its gradient at a kernel of equal weights would be infinite.
  const deviation = centred.square().sum([0, 1, 2], true).div(count - 1).add(1e-12).sqrt();
  return centred.div(deviation.add(1e-5)) as tf.Tensor4D;
}

/** What a standardised convolution is made of. */
export interface StandardisedOptions {
  readonly from: number;
  readonly to: number;
  /** Height and width of the kernel. Default 3. */
  readonly kernel?: number;
  /** Default 1. */
  readonly stride?: number;
  /** Groups of channels that do not see each other. Default 1. */
  readonly groups?: number;
  /** Default false. */
  readonly bias?: boolean;
}

/**
 * A convolution with a standardised kernel and symmetric padding.
 *
 * @param weights Where its kernel `[kernel, kernel, from / groups, to]` and bias `[to]` are made.
 * @param options Channels, kernel, stride, groups, bias.
 * @returns The layer.
 * @throws {Problem} When the channels cannot be split into so many groups, or an output channel has a single weight, which
 * has no deviation.
 */
export function standardisedConvolution(
  weights: Weights,
  { from, to, kernel = 3, stride = 1, groups = 1, bias = false }: StandardisedOptions,
): Layer4D {
  if (from % groups || to % groups) {
    throw cannot("make convolution", `channels that are multiples of ${groups}`, `${from} and ${to}`);
  }
  if (kernel * kernel * from / groups < 2) {
    throw cannot("standardise weights", "two or more for each output channel", "one");
  }
  const filter = weights.make("kernel", [kernel, kernel, from / groups, to], "he_normal") as tf.Variable<tf.Rank.R4>;
  const offset = bias ? weights.make("bias", [to], "zeros") : undefined;
  return (x) => {
    const standard = standardise(filter);
    const y = groups === 1 ? convolve(x, standard, stride) : convolveGroups(x, standard, stride, groups);
    return offset ? addBias(y, offset) : y;
  };
}

/** TensorFlow has grouped convolutions on GPUs alone, so the groups are convolved one by one. */
function convolveGroups(x: tf.Tensor4D, filter: tf.Tensor4D, stride: number, groups: number): tf.Tensor4D {
  const pictures = tf.split(x, groups, 3);
  const filters = tf.split(filter, groups, 3);
  return tf.concat(
    pictures.map((picture, i) => convolve(picture as tf.Tensor4D, filters[i] as tf.Tensor4D, stride)),
    3,
  );
}

/**
 * A convolution of each channel by itself with a standardised kernel.
 *
 * @param weights Where its kernel `[kernel, kernel, channels, 1]` is made.
 * @param options Channels, kernel (default 3), stride (default 1).
 * @returns The layer.
 */
export function standardisedDepthwise(
  weights: Weights,
  { channels, kernel = 3, stride = 1 }: {
    readonly channels: number;
    readonly kernel?: number;
    readonly stride?: number;
  },
): Layer4D {
  const filter = weights.make("kernel", [kernel, kernel, channels, 1], "he_normal") as tf.Variable<tf.Rank.R4>;
  return (x) => {
    // Here an output channel belongs to the third dimension.
    const standard = standardise(filter.transpose([0, 1, 3, 2]) as tf.Tensor4D).transpose([0, 1, 3, 2]) as tf.Tensor4D;
    return convolveChannels(x, standard, stride);
  };
}
