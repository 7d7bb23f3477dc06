/**
 * The safetensors format: an eight-byte length, a JSON header, and the tensors' bytes. Files can be read from Python
 * with the package of that name, and hold no code.
 *
 * @module
 */

import { cannot } from "../problem.ts";

/** Named float32 tensors with notes. */
export interface TensorFile {
  readonly tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>>;
  /** Text notes, kept under `__metadata__`. */
  readonly notes: Readonly<Record<string, string>>;
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/**
 * Encodes tensors.
 *
 * @param file Tensors and notes.
 * @returns The file's bytes.
 */
export function encodeSafetensors({ tensors, notes }: TensorFile): Uint8Array<ArrayBuffer> {
  const header: Record<string, HeaderEntry | Record<string, string>> = { __metadata__: { ...notes } };
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: "F32", shape: [...shape], data_offsets: [offset, offset += values.byteLength] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Padded with spaces so that the tensors start on a multiple of eight, as the format asks.
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + offset).fill(0x20, 8, 8 + headerBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(json, 8);
  let at = 8 + headerBytes;
  for (const { values } of Object.values(tensors)) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

/**
 * Decodes a file of float32 tensors.
 *
 * @param bytes The file's bytes.
 * @param where The file's name, for messages.
 * @returns Tensors and notes.
 * @throws Problem when the bytes are not such a file or end too early.
 */
export function decodeSafetensors(bytes: Uint8Array, where: string): TensorFile {
  const refuse = (got: string) => cannot("read checkpoint", "a safetensors file of float32 tensors", got, where);
  if (bytes.length < 8) throw refuse(`${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) throw refuse("a header that is longer than the file");
  let header: Record<string, HeaderEntry>;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch {
    throw refuse("a header that is not JSON");
  }
  const { __metadata__: notes = {}, ...entries } = header as Record<string, HeaderEntry> & {
    __metadata__?: Record<string, string>;
  };
  const tensors: Record<string, { shape: number[]; values: Float32Array }> = {};
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of Object.entries(entries)) {
    const data = bytes.slice(8 + length + from, 8 + length + to);
    if (dtype !== "F32") throw refuse(`${dtype} in ${name}`);
    if (data.length !== 4 * shape.reduce((product, size) => product * size, 1)) {
      throw refuse(`too few bytes for ${name}`);
    }
    tensors[name] = { shape, values: new Float32Array(data.buffer) };
  }
  return { tensors, notes };
}
