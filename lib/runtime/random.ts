/**
 * Random numbers inside a compiled step. TensorFlow's stateless ops draw them from a seed that is a tensor, so a step
 * that takes `[run seed, step number]` as an argument draws other numbers in every step and the same ones when resumed.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { cannot } from "../problem.ts";
import { AttributeType, DataType } from "./data_types.ts";
import { isNative, tensorFlow } from "./tensorflow.ts";

/**
 * A seed for the functions below.
 *
 * @param run The run's seed.
 * @param step Which step, or anything else that tells draws apart.
 * @returns Seed, int32 `[2]`.
 */
export function seedTensor(run: number, step: number): tf.Tensor1D {
  return tf.tensor1d([run, step], "int32");
}

/**
 * Derives a seed, so that several draws in one step are independent.
 *
 * @param seed Seed, int32 `[2]`.
 * @param salt A number of the draw's own.
 * @returns Seed, int32 `[2]`.
 */
export function saltSeed(seed: tf.Tensor1D, salt: number): tf.Tensor1D {
  return tf.add(
    seed,
    tf.tensor1d([Math.imul(salt, 0x9e3779b1), Math.imul(salt + 1, 0x85ebca6b)], "int32"),
  ) as tf.Tensor1D;
}

/**
 * Uniform random numbers.
 *
 * @param shape Sizes of the dimensions.
 * @param seed Seed, int32 `[2]`.
 * @param low Lower bound, included. Default 0.
 * @param high Upper bound, excluded. Default 1.
 * @returns Tensor of the given shape, float32.
 * @throws Problem outside the native backend.
 */
export function randomUniform(shape: number[], seed: tf.Tensor1D, low = 0, high = 1): tf.Tensor {
  return tf.tidy(() => draw("StatelessRandomUniform", shape, seed).mul(high - low).add(low));
}

/**
 * Normal random numbers.
 *
 * @param shape Sizes of the dimensions.
 * @param seed Seed, int32 `[2]`.
 * @param mean Mean. Default 0.
 * @param deviation Standard deviation. Default 1.
 * @returns Tensor of the given shape, float32.
 * @throws Problem outside the native backend.
 */
export function randomNormal(shape: number[], seed: tf.Tensor1D, mean = 0, deviation = 1): tf.Tensor {
  return tf.tidy(() => draw("StatelessRandomNormal", shape, seed).mul(deviation).add(mean));
}

/**
 * Dropout (Srivastava et al. 2014): zeroes a share of the values and scales the others up by as much.
 *
 * @param x Tensor of any shape, float32.
 * @param rate Share of values to zero, in [0, 1).
 * @param seed Seed, int32 `[2]`.
 * @returns Tensor of the same shape.
 * @throws Problem when the rate is out of range, and outside the native backend.
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, seed: tf.Tensor1D): T {
  if (!(rate >= 0 && rate < 1)) throw cannot("drop out", "a rate in [0, 1)", String(rate));
  return tf.tidy(() => x.mul(randomUniform(x.shape, seed).greaterEqual(rate).toFloat().div(1 - rate)) as T);
}

function draw(op: string, shape: number[], seed: tf.Tensor1D): tf.Tensor {
  if (!isNative()) {
    throw cannot("draw random numbers", "the native backend, whose stateless ops take a seed", tf.getBackend());
  }
  return tensorFlow().backend.executeSingleOutput(op, [
    { name: "dtype", type: AttributeType.type, value: DataType.float32 },
    { name: "T", type: AttributeType.type, value: DataType.int32 },
    { name: "Tseed", type: AttributeType.type, value: DataType.int32 },
  ], [tf.tensor1d(shape, "int32"), seed]);
}
