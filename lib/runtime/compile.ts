/**
 * `compile(step)`: records a training step once and runs it as one TensorFlow function from then on.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { cannot } from "../problem.ts";
import { flatten } from "./containers.ts";
import { type Recording, recordStep } from "./recording.ts";
import { isNative, tensorFlow } from "./tensorflow.ts";

/** How a step is compiled. */
export interface CompileOptions {
  /** Convolutions and matrix products in bfloat16; see `usesMixedPrecision`. Default false. */
  readonly mixedPrecision?: boolean;
  /** Run the step op by op, for comparison. The result is the same bit for bit in float32. Default false. */
  readonly eager?: boolean;
}

/** A compiled step: call it like the step, and await it. */
export interface CompiledStep<Arguments extends readonly unknown[], Result> {
  (...args: Arguments): Promise<Result>;
  /** How often the step has been recorded: once for each combination of argument shapes. */
  readonly recordings: number;
  /** Frees the recorded functions. */
  dispose(): void;
}

/** Steps share variables, so they run one after another whoever calls them. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Compiles a step: a synchronous function of tensors that reads and assigns `tf.Variable`s and returns tensors.
 *
 * The first call with given shapes records its ops; this and every later call runs them as one function beside the
 * event loop. Variables that the step assigns are outputs of the function and hold their new values when the promise
 * resolves; they can be read, saved and assigned between calls. Where nothing else in the step reads what Adam leaves,
 * weights and moments are updated in place, behind all checks: a step that fails leaves every variable as it was, and
 * reading one of these while a step runs is refused. What the step computes from JavaScript values (`if`,
 * loops, numbers) is fixed at the recording, so whatever changes from step to step must be an argument: the batch, the
 * learning rate, the seed of random numbers.
 *
 * @example One step of gradient descent
 * ```ts
 * import { compile, tf, useTensorFlow } from "doppel/runtime/mod.ts";
 *
 * await useTensorFlow();
 * const weight = tf.variable(tf.zeros([3, 1]));
 * const step = compile((x: tf.Tensor2D, y: tf.Tensor2D, rate: tf.Scalar) => {
 *   const { value, grads } = tf.variableGrads(() => tf.matMul(x, weight).sub(y).square().mean(), [weight]);
 *   weight.assign(weight.sub(grads[weight.name]!.mul(rate)));
 *   return value;
 * });
 * const loss = await step(tf.ones([8, 3]), tf.ones([8, 1]), tf.scalar(0.1));
 * ```
 *
 * @param step The step, of tensors in arrays and objects of any depth. It must not be asynchronous, read values back, or draw random numbers in JavaScript.
 * @param options Mixed precision, or running op by op.
 * @returns The compiled step. It resolves to tensors that the caller disposes of. On a backend other than native
 * TensorFlow the step runs op by op with the same result.
 * @throws Problem, at the first call, when the step does something that cannot be recorded.
 */
export function compile<Arguments extends readonly unknown[], Result>(
  step: (...args: Arguments) => Result,
  { mixedPrecision = false, eager = false }: CompileOptions = {},
): CompiledStep<Arguments, Result> {
  const recordings = new Map<string, Recording>();
  let count = 0;

  const call = async (args: Arguments): Promise<Result> => {
    if (eager || !isNative()) return tf.tidy(() => step(...args) as tf.TensorContainer) as unknown as Result;
    const flat = flatten(args, "run compiled step");
    const key = flat.structure + flat.tensors.map(({ dtype, shape }) => `${dtype}${shape}`).join(";");
    let recording = recordings.get(key);
    if (!recording) {
      recording = recordStep(step as unknown as (...args: unknown[]) => unknown, flat, mixedPrecision);
      recordings.set(key, recording);
      count++;
    }
    return await recording.run(flat.tensors) as Result;
  };

  const compiled = (...args: Arguments): Promise<Result> => {
    if (isNative() && tensorFlow().binding.recording()) {
      return Promise.reject(
        cannot("record step", "a step that runs by itself", "a compiled step called inside another"),
      );
    }
    const result = queue.then(() => call(args));
    queue = result.catch(() => {});
    return result;
  };
  return Object.defineProperties(compiled, {
    recordings: { get: () => count },
    dispose: {
      value: () => {
        recordings.forEach((recording) => recording.dispose());
        recordings.clear();
      },
    },
  }) as CompiledStep<Arguments, Result>;
}
