import { tf } from "../runtime/mod.ts";
import type { Layer4D } from "./layers.ts";
import type { Weights } from "./weights.ts";

/** What a depthwise convolution is made of. */
export interface DepthwiseOptions {
  /** Channels in and out. */
  readonly channels: number;
  /** Height and width of the kernel, odd. Default 3. */
  readonly kernel?: number;
  /** Default 1. */
  readonly stride?: number;
}

/**
 * Convolves each channel by itself, without bias, with half the kernel of zeros on each side.
 *
 * @param weights Where its kernel `[kernel, kernel, channels, 1]` is made.
 * @param options Channels, kernel, stride.
 * @returns The layer; height and width are divided by the stride.
 */
export function depthwiseConvolution(weights: Weights, options: DepthwiseOptions): Layer4D {
  const { channels, kernel = 3, stride = 1 } = options;
  const filter = weights.make("kernel", [kernel, kernel, channels, 1], "he_normal") as tf.Variable<tf.Rank.R4>;
  return (x) => convolveChannels(x, filter, stride);
}

/**
 * Convolves each channel with its own filter, with half the kernel of zeros on each side.
 *
 * @param x `[batch, height, width, channels]`.
 * @param filter `[kernel, kernel, channels, 1]`, the kernel odd.
 * @param stride Step in height and width. Default 1.
 * @returns `[batch, height / stride, width / stride, channels]`, rounded up.
 */
export function convolveChannels(x: tf.Tensor4D, filter: tf.Tensor4D, stride = 1): tf.Tensor4D {
  if (stride === 1) return tf.depthwiseConv2d(x, filter, 1, "same");
  const pad = Math.floor(filter.shape[0] / 2);
  return tf.depthwiseConv2d(tf.pad(x, [[0, 0], [pad, pad], [pad, pad], [0, 0]]), filter, stride, "valid");
}
