/**
 * Layers with weights. Each is made once, with its weights, and is then a function of a tensor.
 *
 * @module
 */

import { addBias, convolve, dense as matrixProduct, type tf } from "../runtime/mod.ts";
import type { Weights } from "./weights.ts";

/** A layer: from one picture-like tensor to another, `[batch, height, width, channels]`. */
export type Layer4D = (x: tf.Tensor4D) => tf.Tensor4D;

/** What a convolution is made of. */
export interface ConvolutionOptions {
  /** Channels in. */
  readonly from: number;
  /** Channels out. */
  readonly to: number;
  /** Height and width of the kernel. Default 3. */
  readonly kernel?: number;
  /** Default 1. */
  readonly stride?: number;
  /** Zeros on each side. Default half the kernel, rounded down. */
  readonly pad?: number;
  /** Whether a bias is added. Default true. */
  readonly bias?: boolean;
}

/**
 * A convolution with symmetric padding: by default `kernel / 2` rounded down on each side, as in DeepFaceLab.
 * TensorFlow's own "same" pads one pixel less on the left and top when the stride is 2, which shifts the picture.
 *
 * @param weights Where its kernel `[kernel, kernel, from, to]` and bias `[to]` are made.
 * @param options Channels, kernel, stride, bias.
 * @returns The layer; height and width are divided by the stride.
 */
export function convolution(
  weights: Weights,
  { from, to, kernel = 3, stride = 1, pad = Math.floor(kernel / 2), bias = true }: ConvolutionOptions,
): Layer4D {
  const filter = weights.make("kernel", [kernel, kernel, from, to], "glorot_uniform") as tf.Variable<tf.Rank.R4>;
  const offset = bias ? weights.make("bias", [to], "zeros") : undefined;
  return (x) => {
    const y = convolve(x, filter, stride, pad);
    return offset ? addBias(y, offset) : y;
  };
}

/**
 * A fully connected layer.
 *
 * @param weights Where its matrix `[from, to]` and bias `[to]` are made.
 * @param from Values in.
 * @param to Values out.
 * @returns A function from `[batch, from]` to `[batch, to]`.
 */
export function dense(weights: Weights, from: number, to: number): (x: tf.Tensor2D) => tf.Tensor2D {
  const matrix = weights.make("kernel", [from, to], "glorot_uniform") as tf.Variable<tf.Rank.R2>;
  const offset = weights.make("bias", [to], "zeros");
  return (x) => addBias(matrixProduct(x, matrix), offset);
}
