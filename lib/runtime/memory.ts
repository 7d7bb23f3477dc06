/**
 * Strings and arrays in the form that C expects.
 *
 * @module
 */

const encoder = new TextEncoder();
const strings = new Map<string, Uint8Array<ArrayBuffer>>();

/**
 * A zero-terminated UTF-8 string. Op and attribute names come back thousands of times a second, so they are kept.
 *
 * @param text The text, without a zero byte.
 * @returns Its bytes, shared: not to be changed.
 */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  let bytes = strings.get(text);
  if (!bytes) {
    bytes = encoder.encode(text + "\0");
    strings.set(text, bytes);
  }
  return bytes;
}

/**
 * Reads a zero-terminated UTF-8 string.
 *
 * @param pointer Where it starts, or null.
 * @returns The text, empty for null.
 */
export function readCString(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

/**
 * A shape as C's `int64_t` array.
 *
 * @param shape Sizes of the dimensions.
 * @returns One 64-bit integer a dimension; at least one element, since an empty buffer has no address.
 */
export function int64s(shape: readonly number[]): BigInt64Array<ArrayBuffer> {
  const out = new BigInt64Array(Math.max(1, shape.length));
  for (let i = 0; i < shape.length; i++) out[i] = BigInt(shape[i]!);
  return out;
}

/**
 * A view of native memory.
 *
 * @param pointer Where it starts.
 * @param bytes How many bytes.
 * @returns The memory itself, not a copy; valid only while its owner lives.
 */
export function nativeBytes(pointer: Deno.PointerValue, bytes: number): ArrayBuffer {
  return pointer === null || bytes === 0 ? new ArrayBuffer(0) : Deno.UnsafePointerView.getArrayBuffer(pointer, bytes);
}
