import { addBias, tf } from "../runtime/mod.ts";
import type { Layer4D } from "./layers.ts";
import type { Weights } from "./weights.ts";

/** What a transposed convolution is made of. */
export interface TransposedConvolutionOptions {
  /** Channels in. */
  readonly from: number;
  /** Channels out. */
  readonly to: number;
  /** Height and width of the kernel. Default 3. */
  readonly kernel?: number;
  /** By how much height and width grow. Default 2. */
  readonly stride?: number;
  /** Whether a bias is added. Default true. */
  readonly bias?: boolean;
}

/**
 * A transposed convolution that makes height and width `stride` times as large (TensorFlow's "same" padding).
 *
 * @param weights Where its kernel `[kernel, kernel, to, from]` and bias `[to]` are made.
 * @param options Channels, kernel, stride, bias.
 * @returns The layer.
 */
export function transposedConvolution(
  weights: Weights,
  { from, to, kernel = 3, stride = 2, bias = true }: TransposedConvolutionOptions,
): Layer4D {
  const filter = weights.make("kernel", [kernel, kernel, to, from], "glorot_uniform") as tf.Variable<tf.Rank.R4>;
  const offset = bias ? weights.make("bias", [to], "zeros") : undefined;
  return (x) => {
    const [batch, height, width] = x.shape;
    const y = tf.conv2dTranspose(x, filter, [batch, height * stride, width * stride, to], stride, "same");
    return offset ? addBias(y, offset) : y;
  };
}
