/**
 * Adam's update as TensorFlow's one kernel, which goes over the weights once where composed ops go a dozen times.
 *
 * The kernel works on resources, tfjs on values. A recorded step takes weights and moments as resources and updates them
 * in place; elsewhere, and where a step reads what the update leaves, copies become resources until the kernel has run.
 *
 * @module
 */

import type * as tf from "@tensorflow/tfjs";
import type { OpAttribute } from "./attributes.ts";
import { AttributeType, DataType } from "./data_types.ts";
import { tensorFlow } from "./tensorflow.ts";

/** What the update reads beside the weight; scalars as tensors. */
export interface AdamUpdate {
  readonly gradient: tf.Tensor;
  /** First and second moment, of the weight's shape. */
  readonly moments: readonly [first: tf.Tensor, second: tf.Tensor];
  readonly rate: tf.Scalar;
  /** `beta1` and `beta2` to the power of the step's number, from 1 up. */
  readonly powers: readonly [power1: tf.Scalar, power2: tf.Scalar];
  readonly betas: readonly [beta1: tf.Scalar, beta2: tf.Scalar];
  /** Added to the root of the second moment before its bias is corrected ("epsilon hat" of Kingma and Ba, section 2). */
  readonly epsilon: tf.Scalar;
}

let resources = 0;

/**
 * Computes a weight and its moments after one step of Adam (Kingma and Ba 2015).
 *
 * @param weight The weight, float32.
 * @param update Gradient, moments, rate.
 * @returns New tensors: the weight and its moments.
 */
export function adamStep(
  weight: tf.Tensor,
  update: AdamUpdate,
): [weight: tf.Tensor, first: tf.Tensor, second: tf.Tensor] {
  const { binding, backend } = tensorFlow();
  const { gradient, moments, rate, powers: [power1, power2], betas: [beta1, beta2], epsilon } = update;
  const variables = backend.getInputTensorIds([weight, ...moments]);
  const inputs = backend.getInputTensorIds([power1, power2, rate, beta1, beta2, epsilon, gradient]);
  const run = (name: string, attributes: OpAttribute[], inputs: readonly number[], outputs: number) =>
    binding.executeOp(name, attributes, inputs, outputs);
  const withCopies = () => {
    const handles = variables.map((value) => {
      const handle = run(
        "VarHandleOp",
        [
          { name: "container", type: AttributeType.string, value: "" },
          { name: "shared_name", type: AttributeType.string, value: `adam_${++resources}` },
          type("dtype"),
          { name: "shape", type: AttributeType.shape, value: weight.shape },
        ],
        [],
        1,
      )[0]!.id;
      run("AssignVariableOp", [type("dtype")], [handle, value], 0);
      return handle;
    });
    run(kernel, attributes, [...handles, ...inputs], 0);
    const results = handles.map((handle) => run("ReadVariableOp", [type("dtype")], [handle], 1)[0]!);
    handles.forEach((handle) => {
      run("DestroyResourceOp", [{ ...flag("ignore_lookup_error"), value: true }], [handle], 0);
      binding.deleteTensor(handle);
    });
    return results;
  };
  const made = binding.recording()?.update({ name: kernel, attributes, variables, inputs, withCopies }) ?? withCopies();
  return made.map((result) => backend.createOutputTensor(result)) as [tf.Tensor, tf.Tensor, tf.Tensor];
}

const type = (name: string): OpAttribute => ({ name, type: AttributeType.type, value: DataType.float32 });
const flag = (name: string): OpAttribute => ({ name, type: AttributeType.bool, value: false });
const kernel = "ResourceApplyAdam";
const attributes = [type("T"), flag("use_locking"), flag("use_nesterov")];
