/**
 * Ops that TensorFlow has as one kernel, forwards and backwards, where tfjs composes them from several: leaky ReLU,
 * pixel shuffle, bias, batch normalisation and the plain matrix product. On other backends they are composed as in tfjs, with the same result.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { AttributeType, DataType } from "./data_types.ts";
import type { OpAttribute } from "./attributes.ts";
import { product, sumOfChannels } from "./native_product.ts";
import { isNative, tensorFlow } from "./tensorflow.ts";

const floats: OpAttribute = { name: "T", type: AttributeType.type, value: DataType.float32 };
const run = (name: string, attributes: OpAttribute[], inputs: tf.Tensor[]) =>
  tensorFlow().backend.executeSingleOutput(name, attributes, inputs);
const first = (dy: tf.Tensor | tf.Tensor[]) => (Array.isArray(dy) ? dy[0]! : dy);

/**
 * Leaky rectifier: x where positive, alpha x elsewhere.
 *
 * @param x Tensor of any shape, float32.
 * @param alpha Slope for negative values, above 0. Default 0.2.
 * @returns Tensor of the same shape.
 */
export function leakyRelu<T extends tf.Tensor>(x: T, alpha = 0.2): T {
  if (!isNative()) return tf.leakyRelu(x, alpha);
  const attributes: OpAttribute[] = [floats, { name: "alpha", type: AttributeType.float, value: alpha }];
  return tf.customGrad((input, save) => {
    const y = run("LeakyRelu", attributes, [input as tf.Tensor]);
    // The output has the input's sign, so the gradient needs only that, and the input can be freed or fused away.
    (save as tf.GradSaveFunc)([y]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) =>
        run("LeakyReluGrad", attributes, [first(dy), saved[0]!]),
    };
  })(x) as T;
}

/**
 * Pixel shuffle (Shi et al. 2016): moves blocks of channels into space. Channel order is TensorFlow's `DepthToSpace`.
 *
 * @param x `[batch, height, width, channels]`, channels divisible by the square of the block.
 * @param block Factor in height and width. Default 2.
 * @returns `[batch, height * block, width * block, channels / block²]`.
 */
export function depthToSpace(x: tf.Tensor4D, block = 2): tf.Tensor4D {
  const attributes: OpAttribute[] = [floats, { name: "block_size", type: AttributeType.int, value: block }];
  const native = isNative();
  return tf.customGrad((input) => ({
    value: native
      ? run("DepthToSpace", attributes, [input as tf.Tensor])
      : tf.depthToSpace(input as tf.Tensor4D, block),
    gradFunc: (dy: tf.Tensor | tf.Tensor[]) =>
      native ? run("SpaceToDepth", attributes, [first(dy)]) : spaceToDepth(first(dy) as tf.Tensor4D, block),
  }))(x) as tf.Tensor4D;
}

function spaceToDepth(x: tf.Tensor4D, block: number): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const rows = height / block;
  const columns = width / block;
  return x.reshape([batch, rows, block, columns, block, channels]).transpose([0, 1, 3, 2, 4, 5])
    .reshape([batch, rows, columns, block * block * channels]);
}

/**
 * Adds a bias to the last dimension.
 *
 * @param x Tensor of rank 2 or more, float32.
 * @param bias `[channels]`.
 * @returns Tensor of x's shape.
 */
export function addBias<T extends tf.Tensor>(x: T, bias: tf.Tensor): T {
  if (!isNative()) return tf.add(x, bias);
  const onProcessor = tensorFlow().context.device.kind === "cpu";
  return tf.customGrad((input, b) => ({
    value: run("BiasAdd", [floats], [input as tf.Tensor, b as tf.Tensor]),
    gradFunc: (dy: tf.Tensor | tf.Tensor[]) => [
      first(dy),
      onProcessor ? sumOfChannels(first(dy)) : run("BiasAddGrad", [floats], [first(dy)]),
    ],
  }))(x, bias) as T;
}

/**
 * Product of two matrices, which mixed precision may cast.
 *
 * @param x `[batch, from]`.
 * @param matrix `[from, to]`.
 * @returns `[batch, to]`.
 */
export function dense(x: tf.Tensor2D, matrix: tf.Tensor2D): tf.Tensor2D {
  if (!isNative()) return tf.matMul(x, matrix);
  return tf.customGrad((a, b, save) => {
    const inputs = [a as tf.Tensor, b as tf.Tensor] as const;
    (save as tf.GradSaveFunc)([...inputs]);
    return {
      value: product(...inputs, false, false),
      gradFunc: (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => [
        product(first(dy), saved[1]!, false, true),
        product(saved[0]!, first(dy), true, false),
      ],
    };
  })(x, matrix) as tf.Tensor2D;
}
