/**
 * Batch normalisation of a training batch as TensorFlow's one kernel, where tfjs composes it from a dozen.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { OpAttribute } from "./attributes.ts";
import { AttributeType, DataType } from "./data_types.ts";
import { isNative, tensorFlow } from "./tensorflow.ts";

/** What batch normalisation of a training batch gives. */
export interface BatchNormalised {
  /** The normalised tensor, of x's shape. */
  readonly y: tf.Tensor4D;
  /** Mean of the batch, `[channels]`. */
  readonly mean: tf.Tensor1D;
  /** Unbiased variance of the batch, `[channels]`. */
  readonly variance: tf.Tensor1D;
}

const kernelName = "FusedBatchNormTraining";

/**
 * Batch normalisation of a training batch (Ioffe and Szegedy 2015).
 *
 * @param x `[batch, height, width, channels]`.
 * @param scale `[channels]`.
 * @param offset `[channels]`.
 * @param epsilon Added to the variance. Default 1e-3.
 * @returns The normalised tensor, with the batch's moments for a moving average; no gradient flows through those.
 */
export function batchNormTraining(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  epsilon = 1e-3,
): BatchNormalised {
  if (!isNative()) {
    const { mean, variance } = tf.moments(x, [0, 1, 2]) as { mean: tf.Tensor1D; variance: tf.Tensor1D };
    const count = x.size / x.shape[3];
    const y = tf.batchNorm4d(x, mean, variance, offset, scale, epsilon);
    return { y, mean, variance: variance.mul(count / Math.max(1, count - 1)) };
  }
  registerKernel();
  // A kernel of its own, and not tf.customGrad, which would dispose of all outputs but the first.
  const outputs = tf.engine().runKernel(kernelName, { x, scale, offset }, { epsilon }) as tf.Tensor[];
  return { y: outputs[0] as tf.Tensor4D, mean: outputs[1] as tf.Tensor1D, variance: outputs[2] as tf.Tensor1D };
}

let registered = false;

function registerKernel(): void {
  if (registered) return;
  registered = true;
  const { backend } = tensorFlow();
  const attributesOf = (epsilon: number): OpAttribute[] => [
    { name: "T", type: AttributeType.type, value: DataType.float32 },
    { name: "U", type: AttributeType.type, value: DataType.float32 },
    { name: "epsilon", type: AttributeType.float, value: epsilon },
    { name: "data_format", type: AttributeType.string, value: "NHWC" },
    { name: "is_training", type: AttributeType.bool, value: true },
  ];
  tf.registerKernel({
    kernelName,
    backendName: "tensorflow",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, scale, offset } = inputs as Record<string, tf.Tensor>;
      const none = tf.tensor1d([]);
      const given = [x!, scale!, offset!, none, none];
      const outputs = backend.executeMultipleOutputs(
        "FusedBatchNormV3",
        attributesOf(attrs!["epsilon"] as number),
        given,
        6,
      );
      none.dispose();
      return outputs;
    },
  });
  tf.registerGradient({
    kernelName,
    inputsToSave: ["x", "scale"],
    // The op's own reserve spaces: what its gradient wants to see again.
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dy, saved, attrs) => {
      // At once, not when tfjs asks for each: it asks inside a scope that disposes of the other two.
      const [x, scale, offset] = backend.executeMultipleOutputs(
        "FusedBatchNormGradV3",
        attributesOf((attrs as { epsilon: number }).epsilon),
        [(dy as tf.Tensor[])[0]!, ...saved],
        3,
      ) as [tf.Tensor, tf.Tensor, tf.Tensor];
      return { x: () => x, scale: () => scale, offset: () => offset };
    },
  });
}
