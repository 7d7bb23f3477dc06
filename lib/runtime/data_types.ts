/**
 * TensorFlow's numbers for data and attribute types (`TF_DataType`, `TF_AttrType` of the C API).
 *
 * @module
 */

/** Numbers of the tensor types that tfjs and the native ops use. */
export const DataType = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  resource: 20,
} as const;

/** Numbers of the attribute types that tfjs hands over. */
export const AttributeType = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5, resource: 6 } as const;

const names = new Map<number, string>(Object.entries(DataType).map(([name, number]) => [number, name]));

/**
 * The name of a data type, for messages.
 *
 * @param type TensorFlow's number.
 * @returns Its name, or "type N" when tfjs has no use for it.
 */
export function dataTypeName(type: number): string {
  return names.get(type) ?? `type ${type}`;
}

/**
 * A tensor's type and shape as one word.
 *
 * @param type TensorFlow's number of the type.
 * @param shape Sizes of the dimensions.
 * @returns For instance `float32[8,64,64,3]`.
 */
export function signature(type: number, shape: readonly number[]): string {
  return `${dataTypeName(type)}[${shape.join(",")}]`;
}
