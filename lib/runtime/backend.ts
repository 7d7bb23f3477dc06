/**
 * Registers `@tensorflow/tfjs-node-gpu`'s kernels with tfjs, on the project's own binding.
 *
 * @module
 */

import { createRequire } from "node:module";
import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import type { Binding, TensorMetadata } from "./binding.ts";
import { AttributeType, DataType } from "./data_types.ts";
import type { OpAttribute } from "./attributes.ts";
import type { TensorValues } from "./tensors.ts";

/** What the backend keeps for each tensor. */
interface TensorData {
  shape: number[];
  dtype: number;
  /** Values not yet handed to TensorFlow, or null. */
  values: TensorValues | null;
  /** The binding's number, -1 before the values were handed over. */
  id: number;
  refCount: number;
  /** Recording during which the values were given, 0 for none. */
  recording?: number;
}

/** The parts of tfjs-node's `NodeJSKernelBackend` that the runtime uses. */
interface NodeBackend {
  readonly tensorMap: { get(dataId: object): TensorData; has(dataId: object): boolean };
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(name: string, attributes: OpAttribute[], inputs: tf.Tensor[], outputs: number): tf.Tensor[];
  move(dataId: object, values: TensorValues, shape: number[], dtype: tf.DataType, refCount: number): void;
  getInputTensorIds(tensors: tf.Tensor[]): number[];
}

/** tfjs's backend on native TensorFlow. */
export interface TensorFlowBackend extends NodeBackend {
  /** Counts recordings, so that a constant of an earlier one is told from one of the open one. */
  recordings: number;
  /** Hands a tensor's values to TensorFlow now, outside any recording. */
  upload(tensor: tf.Tensor): number;
}

const require = createRequire(import.meta.url);
const packageName = "@tensorflow/tfjs-node-gpu";

/**
 * Makes the backend, registers all kernels and makes it tfjs's current backend under the name "tensorflow".
 *
 * @param binding The binding to TensorFlow.
 * @returns The backend.
 */
export function registerBackend(binding: Binding): TensorFlowBackend {
  // Node removed these helpers; the kernels of 4.22.0 still call this one.
  const helpers = util as unknown as Record<string, unknown>;
  helpers["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  require(`${packageName}/dist/register_all_kernels.js`);
  const { NodeJSKernelBackend } = require(`${packageName}/dist/nodejs_kernel_backend.js`) as {
    NodeJSKernelBackend: new (binding: Binding, packageName: string) => NodeBackend;
  };

  class Backend extends NodeJSKernelBackend {
    recordings = 0;

    override move(dataId: object, values: TensorValues, shape: number[], dtype: tf.DataType, refCount: number) {
      super.move(dataId, values, shape, dtype, refCount);
      if (!binding.recording()) return;
      refuseRandom();
      this.tensorMap.get(dataId).recording = this.recordings;
    }

    override getInputTensorIds(tensors: tf.Tensor[]): number[] {
      if (binding.recording()) {
        for (const tensor of tensors) {
          const data = this.tensorMap.get(tensor.dataId);
          // Values from before the recording must not become part of it: their tensor outlives it.
          if (data.values && data.recording !== this.recordings) this.upload(tensor);
        }
      }
      return super.getInputTensorIds(tensors);
    }

    upload(tensor: tf.Tensor): number {
      const data = this.tensorMap.get(tensor.dataId);
      if (data.values) {
        data.id = binding.createEagerTensor(data.shape, data.dtype, data.values);
        data.values = null;
      }
      return data.id;
    }
  }

  const backend = new Backend(binding, packageName);
  tf.registerBackend("tensorflow", () => backend as unknown as tf.KernelBackend, 3);
  if (!tf.setBackend("tensorflow")) throw new Error("tfjs refused the TensorFlow backend");
  replaceGather(backend);
  return backend;
}

const randomOps =
  /\b(randomUniform|randomUniformInt|randomNormal|randomStandardNormal|truncatedNormal|randomGamma|rand|dropout)_\b/;

/**
 * Refuses numbers that tfjs drew in JavaScript: recorded, they would be the same in every step. The function names of
 * tfjs's ops are the one trace that a drawn array leaves.
 */
function refuseRandom(): void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 40;
  const found = randomOps.exec(new Error().stack ?? "")?.[1];
  Error.stackTraceLimit = limit;
  if (found) throw new RandomInRecording(found);
}

/** Thrown where a step draws random numbers in JavaScript while it is recorded. */
export class RandomInRecording extends Error {
  /** @param op The tfjs function that drew them. */
  constructor(readonly op: string) {
    super(`tf.${op} inside a recorded step`);
  }
}

/** The package's own gather reads the indices back to check their bounds, which TensorFlow's op does by itself. */
function replaceGather(backend: TensorFlowBackend): void {
  tf.unregisterKernel("GatherV2", "tensorflow");
  tf.registerKernel({
    kernelName: "GatherV2",
    backendName: "tensorflow",
    kernelFunc: ({ inputs, attrs }) => {
      const x = inputs["x"] as tf.Tensor, indices = inputs["indices"] as tf.Tensor;
      const axisTensor = tf.scalar(attrs!["axis"] as number, "int32");
      const attributes = [
        { name: "batch_dims", type: AttributeType.int, value: (attrs!["batchDims"] as number | undefined) ?? 0 },
        { name: "Tparams", type: AttributeType.type, value: typeNumber(x.dtype) },
        { name: "Tindices", type: AttributeType.type, value: typeNumber(indices.dtype) },
        { name: "Taxis", type: AttributeType.type, value: DataType.int32 },
      ];
      const result = backend.executeSingleOutput("GatherV2", attributes, [x, indices, axisTensor]);
      axisTensor.dispose();
      return result;
    },
  });
}

/**
 * TensorFlow's number for a tfjs type.
 *
 * @param dtype tfjs's name.
 * @returns The number.
 */
export function typeNumber(dtype: tf.DataType): number {
  return DataType[dtype];
}

/**
 * Makes `require("@tensorflow/tfjs-node-gpu")` give this very tfjs to packages that ask for it, such as
 * `@vladmandic/face-api` and `@vladmandic/human`: the package's own entry would look for a native addon.
 */
export function provideToPackages(): void {
  const path = require.resolve(packageName);
  if (require.cache[path]) return;
  const version = { ...tf.version, "tfjs-node": tf.version.tfjs };
  const entry = { id: path, filename: path, loaded: true, children: [], paths: [] };
  require.cache[path] = Object.assign(entry, { exports: { ...tf, version } }) as unknown as NodeJS.Module;
  // The part below requires the package itself, so it can only be added when the entry stands.
  const { node } = require(`${packageName}/dist/node.js`);
  Object.assign(require.cache[path].exports, { node });
}
