/**
 * Convolution with symmetric padding, which tfjs's kernels refuse and TensorFlow's have.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { OpAttribute } from "./attributes.ts";
import { AttributeType, DataType } from "./data_types.ts";
import { isByProduct, product } from "./native_product.ts";
import { isNative, tensorFlow } from "./tensorflow.ts";

/**
 * Convolves pictures with a kernel, padding the same number of zeros on each side.
 *
 * @param x `[batch, height, width, from]`.
 * @param filter `[kernel, kernel, from, to]`.
 * @param stride Step in height and width. Default 1.
 * @param pad Zeros on each side. Default half the kernel, rounded down.
 * @returns `[batch, (height + 2 pad - kernel) / stride + 1, ..., to]`, rounded down.
 */
export function convolve(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  stride = 1,
  pad = Math.floor(filter.shape[0] / 2),
): tf.Tensor4D {
  if (!isNative()) return tf.conv2d(x, filter, stride, pad, "NHWC", [1, 1], "floor");
  // oneDNN computes the gradients of "same" and "valid" convolutions only; explicit padding falls to TensorFlow's own
  // kernels, up to three times as slow in float32 and thirty times in bfloat16. So the zeros are added by hand, and only
  // as many as are read, unless "same" is symmetric already.
  const same = stride === 1 && pad * 2 + 1 === filter.shape[0];
  const attributes: OpAttribute[] = [
    { name: "T", type: AttributeType.type, value: DataType.float32 },
    { name: "strides", type: AttributeType.int, value: [1, stride, stride, 1] },
    { name: "dilations", type: AttributeType.int, value: [1, 1, 1, 1] },
    { name: "data_format", type: AttributeType.string, value: "NHWC" },
    { name: "padding", type: AttributeType.string, value: same ? "SAME" : "VALID" },
    { name: "explicit_paddings", type: AttributeType.int, value: [] },
  ];
  const after = (size: number) => {
    const out = Math.floor((size + 2 * pad - filter.shape[0]) / stride) + 1;
    return Math.max(0, (out - 1) * stride + filter.shape[0] - size - pad);
  };
  const { backend } = tensorFlow();
  const convolveInside = tf.customGrad((input, kernel, save) => {
    const inputs = [input as tf.Tensor, kernel as tf.Tensor];
    (save as tf.GradSaveFunc)(inputs);
    return {
      value: backend.executeSingleOutput("Conv2D", attributes, inputs),
      gradFunc: (dy: tf.Tensor | tf.Tensor[], [a, b]: tf.Tensor[]) => {
        const gradient = Array.isArray(dy) ? dy[0]! : dy;
        const shape = (tensor: tf.Tensor) => tf.tensor1d(tensor.shape, "int32");
        return [
          backend.executeSingleOutput("Conv2DBackpropInput", attributes, [shape(a!), b!, gradient]),
          same && filter.shape[0] === 3 && isByProduct(gradient)
            ? filterGradientByProduct(a as tf.Tensor4D, filter.shape, gradient as tf.Tensor4D)
            : backend.executeSingleOutput("Conv2DBackpropFilter", attributes, [a!, shape(b!), gradient]),
        ];
      },
    };
  });
  // Rows and columns at the end that no window reaches, as of a 1x1 kernel with stride 2, are left out: with them oneDNN's
  // gradient writes beyond its memory.
  const read = (size: number) =>
    Math.min(size, Math.floor((size + 2 * pad - filter.shape[0]) / stride) * stride + filter.shape[0] - pad);
  const [height, width] = [read(x.shape[1]), read(x.shape[2])];
  const seen = height === x.shape[1] && width === x.shape[2] ? x : x.slice([0, 0, 0, 0], [-1, height, width, -1]);
  const padded = same || pad === 0 ? seen : tf.pad(seen, [[0, 0], [pad, after(height)], [pad, after(width)], [0, 0]]);
  return convolveInside(padded, filter) as tf.Tensor4D;
}

/** The gradient of a filter with stride 1: the windows that it was laid on, times the gradient of what came out. */
function filterGradientByProduct(
  x: tf.Tensor4D,
  shape: [height: number, width: number, from: number, to: number],
  gradient: tf.Tensor4D,
): tf.Tensor {
  const [side, , from, to] = shape;
  const [batch, height, width] = gradient.shape;
  const pad = (side - 1) / 2;
  const padded = tf.pad(x, [[0, 0], [pad, pad], [pad, pad], [0, 0]]);
  const shifted = Array.from(
    { length: side * side },
    (_, i) => padded.slice([0, Math.floor(i / side), i % side, 0], [batch, height, width, from]),
  );
  const windows = tf.concat(shifted, 3).reshape([-1, side * side * from]);
  return product(windows, gradient.reshape([-1, to]), true, false).reshape(shape);
}
