/**
 * The plain matrix product as an op of TensorFlow, and sums that are made of it.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { AttributeType, DataType } from "./data_types.ts";
import { tensorFlow } from "./tensorflow.ts";

/**
 * Up to so many positions in a batch, all pictures together, the gradient of a 3x3 convolution's filter is one matrix product
 * on the processor. TensorFlow's threads let oneDNN's own kernel share less among them than OpenMP's do: it takes up to twice a
 * forward convolution's time. With more positions, copying the windows costs what the product gains.
 */
const MOST_POSITIONS = 4096;

/**
 * Whether the gradient of a 3x3 filter with stride 1 is a product.
 *
 * @param gradient Gradient of what came out, `[batch, height, width, channels]`.
 * @returns True for few positions on the processor.
 */
export function isByProduct(gradient: tf.Tensor): boolean {
  return tensorFlow().context.device.kind === "cpu" && gradient.size / gradient.shape.at(-1)! <= MOST_POSITIONS;
}

/**
 * Product of two matrices. tfjs sends every product through the batched op; this one is the op that mixed precision
 * may cast, while the batched one, which the losses use, stays in float32.
 *
 * @param a `[rows, inner]`, or its transpose.
 * @param b `[inner, columns]`, or its transpose.
 * @param transposeA Whether `a` is the transpose.
 * @param transposeB Whether `b` is.
 * @returns `[rows, columns]`.
 */
export function product(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor {
  return tensorFlow().backend.executeSingleOutput("MatMul", [
    { name: "T", type: AttributeType.type, value: DataType.float32 },
    { name: "transpose_a", type: AttributeType.bool, value: transposeA },
    { name: "transpose_b", type: AttributeType.bool, value: transposeB },
  ], [a, b]);
}

/**
 * Sum over all dimensions but the last, as a product with ones: in mixed precision it adds up in float32, where
 * TensorFlow's own sums of bfloat16 lose what is small beside the sum so far (half of a bias's gradient over 4,096
 * positions).
 *
 * @param x Tensor of rank 2 or more, float32.
 * @returns `[channels]`.
 */
export function sumOfChannels(x: tf.Tensor): tf.Tensor1D {
  const channels = x.shape.at(-1)!;
  const rows = x.size / channels;
  return product(tf.ones([1, rows]), x.reshape([rows, channels]), false, false).reshape([channels]);
}
