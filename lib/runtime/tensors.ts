/**
 * Native tensors: made from JavaScript values, read back into them.
 *
 * @module
 */

import { DataType, dataTypeName, signature } from "./data_types.ts";
import { int64s, nativeBytes } from "./memory.ts";
import type { Status } from "./status.ts";
import type { TensorFlowCalls } from "./symbols.ts";

/** Values as tfjs hands them over: a typed array, numbers, booleans, or UTF-8 strings as bytes. */
export type TensorValues = ArrayLike<number> | ArrayLike<boolean> | Uint8Array[] | BigInt64Array;

/** Values as tfjs reads them. */
export type ReadValues = Float32Array | Int32Array | Uint8Array | BigInt64Array | Uint8Array[];

const elementBytes = new Map<number, number>([
  [DataType.float32, 4],
  [DataType.int32, 4],
  [DataType.uint8, 1],
  [DataType.complex64, 8],
  [DataType.int64, 8],
  [DataType.bool, 1],
]);
/** Size of TensorFlow's `TF_TString`. */
const stringBytes = 24;

const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/**
 * Allocates a native tensor and copies values into it.
 *
 * @param calls The loaded library.
 * @param shape Sizes of the dimensions.
 * @param type TensorFlow's number of the type.
 * @param values As many values as the shape has elements (twice as many for complex64; int64 as `BigInt64Array` or as
 * the low and high halves in an `Int32Array`).
 * @returns The `TF_Tensor`; the caller deletes it.
 * @throws TypeError when the type is not one that tfjs uses or the number of values does not fit.
 */
export function newTensor(
  calls: TensorFlowCalls,
  shape: readonly number[],
  type: number,
  values: TensorValues,
): bigint {
  const elements = count(shape);
  const size = type === DataType.string ? stringBytes : elementBytes.get(type);
  if (size === undefined) {
    throw new TypeError(`Cannot make tensor: expected a type that tfjs uses, got ${dataTypeName(type)}`);
  }
  const bytes = elements * size;
  const tensor = calls.TF_AllocateTensor(type, int64s(shape), shape.length, BigInt(bytes));
  const data = calls.TF_TensorData(tensor);
  if (type === DataType.string) {
    writeStrings(calls, data, values as Uint8Array[]);
    return tensor;
  }
  const source = asTyped(type, values);
  if (source.byteLength !== bytes) {
    calls.TF_DeleteTensor(tensor);
    throw new TypeError(
      `Cannot make tensor: expected ${bytes} bytes for ${signature(type, shape)}, got ${source.byteLength}`,
    );
  }
  new Uint8Array(nativeBytes(data, bytes)).set(new Uint8Array(source.buffer, source.byteOffset, bytes));
  return tensor;
}

function asTyped(type: number, values: TensorValues): ArrayBufferView<ArrayBufferLike> {
  const numbers = values as ArrayLike<number>;
  switch (type) {
    case DataType.float32:
    case DataType.complex64:
      return values instanceof Float32Array ? values : Float32Array.from(numbers);
    case DataType.int32:
      return values instanceof Int32Array ? values : Int32Array.from(numbers);
    case DataType.int64:
      return values as BigInt64Array | Int32Array;
    default:
      return values instanceof Uint8Array ? values : Uint8Array.from(numbers);
  }
}

function writeStrings(calls: TensorFlowCalls, data: Deno.PointerValue, values: Uint8Array[]): void {
  const start = Deno.UnsafePointer.value(data);
  for (let i = 0; i < values.length; i++) {
    const at = start + BigInt(i * stringBytes);
    const value = values[i]!;
    // An empty array has no address for the call to take; a copy of length 0 out of one byte does the same.
    const bytes = value.byteLength === 0 ? new Uint8Array(1) : new Uint8Array(value);
    calls.TF_StringInit(at);
    calls.TF_StringCopy(at, bytes, BigInt(value.byteLength));
  }
}

/**
 * Wraps values in a handle that ops take as input.
 *
 * @param calls The loaded library.
 * @param status Where failure is reported.
 * @param shape Sizes of the dimensions.
 * @param type TensorFlow's number of the type.
 * @param values The values, see {@linkcode newTensor}.
 * @returns The `TFE_TensorHandle`; the caller deletes it.
 */
export function newHandle(
  calls: TensorFlowCalls,
  status: Status,
  shape: readonly number[],
  type: number,
  values: TensorValues,
): bigint {
  const tensor = newTensor(calls, shape, type, values);
  const handle = calls.TFE_NewTensorHandle(tensor, status.handle);
  calls.TF_DeleteTensor(tensor);
  status.check(() => `Cannot make tensor ${signature(type, shape)}`);
  return handle;
}

/**
 * Type and shape behind a handle.
 *
 * @param calls The loaded library.
 * @param status Where failure is reported.
 * @param handle A `TFE_TensorHandle`.
 * @returns TensorFlow's number of the type, and sizes of the dimensions.
 */
export function describe(calls: TensorFlowCalls, status: Status, handle: bigint): { dtype: number; shape: number[] } {
  const dtype = calls.TFE_TensorHandleDataType(handle);
  const rank = calls.TFE_TensorHandleNumDims(handle, status.handle);
  status.check(() => "Cannot read a tensor's shape");
  const shape = new Array<number>(rank);
  for (let i = 0; i < rank; i++) shape[i] = Number(calls.TFE_TensorHandleDim(handle, i, status.handle));
  return { dtype, shape };
}

/**
 * Copies a tensor's values out, from the GPU if they lie there.
 *
 * @param calls The loaded library.
 * @param status Where failure is reported.
 * @param handle A `TFE_TensorHandle`.
 * @returns A copy in the array type that tfjs expects for the tensor's type.
 */
export function readHandle(calls: TensorFlowCalls, status: Status, handle: bigint): ReadValues {
  const type = calls.TFE_TensorHandleDataType(handle);
  const tensor = calls.TFE_TensorHandleResolve(handle, status.handle);
  status.check(() => "Cannot read a tensor's values");
  try {
    const data = calls.TF_TensorData(tensor);
    const bytes = Number(calls.TF_TensorByteSize(tensor));
    if (type === DataType.string) return readStrings(calls, data, bytes / stringBytes);
    const copy = nativeBytes(data, bytes).slice(0);
    switch (type) {
      case DataType.float32:
      case DataType.complex64:
        return new Float32Array(copy);
      case DataType.int32:
        return new Int32Array(copy);
      case DataType.int64:
        return new BigInt64Array(copy);
      case DataType.bool:
      case DataType.uint8:
        return new Uint8Array(copy);
      case DataType.resource:
        return [new Uint8Array(copy)];
      default:
        throw new TypeError(`Cannot read tensor: expected a type that tfjs uses, got ${dataTypeName(type)}`);
    }
  } finally {
    calls.TF_DeleteTensor(tensor);
  }
}

function readStrings(calls: TensorFlowCalls, data: Deno.PointerValue, elements: number): Uint8Array[] {
  const start = Deno.UnsafePointer.value(data);
  return Array.from({ length: elements }, (_, i) => {
    const at = start + BigInt(i * stringBytes);
    const bytes = Number(calls.TF_StringGetSize(at));
    return new Uint8Array(nativeBytes(calls.TF_StringGetDataPointer(at), bytes).slice(0));
  });
}
