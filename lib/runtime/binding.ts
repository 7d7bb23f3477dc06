/**
 * The object that `@tensorflow/tfjs-node-gpu`'s kernels call (`dist/tfjs_binding.d.ts`), written on TensorFlow's C API.
 * It runs ops at once, or records them while a recording is open.
 *
 * @module
 */

import { type OpAttribute, setAttribute } from "./attributes.ts";
import type { Context } from "./context.ts";
import { cannot } from "../problem.ts";
import { AttributeType, DataType, signature } from "./data_types.ts";
import { cString, readCString } from "./memory.ts";
import type { TensorShape } from "./graph_nodes.ts";
import { newRecorder, type Recorder } from "./recorder.ts";
import { newResourceVariable, type ResourceVariable } from "./resource_variables.ts";
import type { TensorFlowCalls } from "./symbols.ts";
import { describe, newHandle, readHandle, type ReadValues, type TensorValues } from "./tensors.ts";

/** What an op returns for each output: a number for the tensor, and its type and shape. */
export interface TensorMetadata extends TensorShape {
  readonly id: number;
}

/** The binding: the part that tfjs's kernels know, and the part that recording and tests add. */
export type Binding = ReturnType<typeof newBinding>;

/** More outputs than any op has that does not say how many it has. */
const spareOutputs = 32;

/**
 * Makes the binding.
 *
 * @param calls The loaded library.
 * @param context The open context.
 * @returns The binding; tensors are known to tfjs by the numbers it hands out.
 */
// deno-lint-ignore explicit-module-boundary-types -- the type is named by its alias above
export function newBinding(calls: TensorFlowCalls, context: Context) {
  const { status } = context;
  const handles = new Map<number, bigint>();
  const resources = new Map<number, ResourceVariable>();
  const pins = new Map<number, number>();
  const orphans = new Set<number>();
  let lastId = 0;
  let recorder: Recorder | undefined;
  const deferred = new Set<number>();
  let results = new BigUint64Array(64);
  const resultCount = new Int32Array(1);

  const deleteHandle = (handle: bigint) => calls.TFE_DeleteTensorHandle(handle);
  const adopt = (handle: bigint): number => {
    handles.set(++lastId, handle);
    return lastId;
  };
  const handleOf = (id: number, doing: string): bigint => {
    const handle = handles.get(id) ?? resources.get(id)?.value();
    if (handle === undefined) {
      throw cannot(doing, "a live tensor", "one that was disposed or belongs to a recorded step");
    }
    return handle;
  };
  const release = (id: number): void => {
    const handle = handles.get(id);
    const resource = resources.get(id);
    if (handle === undefined && !resource) return;
    if (pins.has(id)) {
      orphans.add(id);
      return;
    }
    handles.delete(id);
    resources.delete(id);
    if (handle !== undefined) deleteHandle(handle);
    resource?.delete();
  };
  const describeEager = (id: number): TensorShape =>
    resources.get(id) ?? describe(calls, status, handleOf(id, "describe tensor"));
  const describeInputs = (ids: readonly number[]) =>
    ids.map((id) => {
      if (!handles.has(id) && !resources.has(id)) return "disposed";
      const { dtype, shape } = describeEager(id);
      return signature(dtype, shape);
    }).join(", ");

  /** Runs an op of native tensors at once; `describeThem` says for messages which they are. */
  const execute = (
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly bigint[],
    outputs: number,
    describeThem = () => "",
  ): bigint[] => {
    const op = calls.TFE_NewOp(context.handle, cString(name), status.handle);
    status.check(() => `Cannot find op ${name}`);
    try {
      for (const input of inputs) {
        calls.TFE_OpAddInput(op, input, status.handle);
        status.check(() => `Cannot run ${name}(${describeThem()})`);
      }
      for (const attribute of attributes) setAttribute(calls, status, op, "eager", attribute);
      if (results.length < outputs + spareOutputs) results = new BigUint64Array(outputs + spareOutputs);
      resultCount[0] = results.length;
      calls.TFE_Execute(op, results, resultCount, status.handle);
      status.check(() => `Cannot run ${name}(${describeThem()})`);
    } finally {
      calls.TFE_DeleteOp(op);
    }
    const made = [...results.subarray(0, resultCount[0])];
    made.splice(outputs).forEach(deleteHandle);
    return made;
  };
  const executeEager = (
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[] => {
    const given = inputs.map((id) => handleOf(id, `run ${name}`));
    return execute(name, attributes, given, outputs, () => describeInputs(inputs)).map((handle) => {
      const { dtype, shape } = describe(calls, status, handle);
      return { id: adopt(handle), dtype, shape };
    });
  };

  const noSavedModels = () => {
    throw cannot("open SavedModel", "a model built in TypeScript", "TensorFlow's SavedModel format");
  };

  return {
    TensorMetadata: class {},
    TFEOpAttr: class {},
    TF_FLOAT: DataType.float32,
    TF_INT32: DataType.int32,
    TF_INT64: DataType.int64,
    TF_BOOL: DataType.bool,
    TF_COMPLEX64: DataType.complex64,
    TF_STRING: DataType.string,
    TF_RESOURCE: DataType.resource,
    TF_UINT8: DataType.uint8,
    TF_ATTR_STRING: AttributeType.string,
    TF_ATTR_INT: AttributeType.int,
    TF_ATTR_FLOAT: AttributeType.float,
    TF_ATTR_BOOL: AttributeType.bool,
    TF_ATTR_TYPE: AttributeType.type,
    TF_ATTR_SHAPE: AttributeType.shape,
    TF_ATTR_RESOURCE: AttributeType.resource,
    TF_Version: readCString(calls.TF_Version()),

    createTensor(shape: number[], type: number, values: TensorValues): number {
      if (recorder) {
        recorder.constant(++lastId, shape, type, values);
        return lastId;
      }
      return adopt(newHandle(calls, status, shape, type, values));
    },
    /** Makes a tensor outside the recording, whether one is open or not. */
    createEagerTensor: (shape: readonly number[], type: number, values: TensorValues): number =>
      adopt(newHandle(calls, status, shape, type, values)),
    deleteTensor(id: number): void {
      if (!recorder) release(id);
      // The recorded function may still need what the step disposes of; the end of the recording decides.
      else if (!recorder.has(id)) deferred.add(id);
    },
    tensorDataSync(id: number): ReadValues {
      if (recorder?.has(id)) return recorder.read(id);
      if (recorder) {
        throw cannot("record step", "no read-back inside the step", "one of a tensor or variable from outside it");
      }
      return readHandle(calls, status, handleOf(id, "read tensor"));
    },
    executeOp(name: string, attributes: readonly OpAttribute[], inputs: readonly number[], outputs: number) {
      return recorder
        ? recorder.add(name, attributes, inputs, outputs)
        : executeEager(name, attributes, inputs, outputs);
    },
    /** Runs an op at once, whether a recording is open or not. */
    executeEager,
    loadSavedModel: noSavedModels,
    deleteSavedModel: noSavedModels,
    runSavedModel: noSavedModels,
    getNumOfSavedModels: () => 0,
    /** Number of live native tensors. */
    getNumOfTensors: () => handles.size + resources.size,
    isUsingGpuDevice: () => context.device.kind === "gpu",

    /** Takes over a native tensor and numbers it. */
    adopt,
    /** Puts a tensor's value into a resource, and numbers that: it reads like a tensor, and holds what updates leave. */
    intoResource(id: number): number {
      resources.set(
        ++lastId,
        newResourceVariable({ execute, deleteHandle }, handleOf(id, "use tensor"), describeEager(id)),
      );
      return lastId;
    },
    /** The resource behind a number, if one is. */
    resource: (id: number): ResourceVariable | undefined => resources.get(id),
    /** The native tensor behind a number. */
    handle: (id: number) => handleOf(id, "use tensor"),
    release,
    describeEager,
    /** A number for a tensor of the recording. */
    nextId: () => ++lastId,
    /** Takes back a disposal during the recording, for a variable that gets its old value again. */
    revive(id: number): number {
      deferred.delete(id);
      return id;
    },
    /** Keeps a tensor alive though tfjs disposes of it. */
    pin: (id: number) => void pins.set(id, (pins.get(id) ?? 0) + 1),
    /** Undoes {@linkcode pin}; the tensor goes if tfjs has disposed of it meanwhile. */
    unpin(id: number): void {
      const left = (pins.get(id) ?? 0) - 1;
      if (left > 0) return void pins.set(id, left);
      pins.delete(id);
      if (orphans.delete(id)) release(id);
    },
    /** The open recording, if any. */
    recording: (): Recorder | undefined => recorder,
    beginRecording(isVariable: (id: number) => boolean): Recorder {
      if (recorder) throw cannot("record step", "one recording at a time", "a compiled step called inside another");
      recorder = newRecorder({ calls, status, nextId: () => ++lastId, describeEager, isVariable });
      return recorder;
    },
    /** Closes the recording and lets go of what the step disposed of. */
    endRecording(): void {
      recorder?.delete();
      recorder = undefined;
      deferred.forEach(release);
      deferred.clear();
    },
  };
}
