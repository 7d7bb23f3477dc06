/**
 * What a graph has to know of an op's definition (`OpDef`): which inputs are lists, and whether the op has side effects.
 *
 * @module
 */

import { cString } from "./memory.ts";
import type { Status } from "./status.ts";
import type { TensorFlowCalls } from "./symbols.ts";

/** The parts of an op's definition that recording needs. */
export interface OpDefinition {
  /** For each input argument the attribute that gives its number of tensors, or undefined for a single tensor. */
  readonly inputs: readonly (string | undefined)[];
  /** True for an op with side effects or a state of its own. */
  readonly stateful: boolean;
}

/**
 * Reads the definition of an op.
 *
 * @param calls The loaded library.
 * @param status Where failure is reported.
 * @param graph Any graph: definitions are asked for through one.
 * @param name The op's name.
 * @returns Its definition.
 * @throws TensorFlowError when TensorFlow has no such op.
 */
export function readOpDefinition(calls: TensorFlowCalls, status: Status, graph: bigint, name: string): OpDefinition {
  const buffer = calls.TF_NewBuffer();
  try {
    calls.TF_GraphGetOpDef(graph, cString(name), buffer, status.handle);
    status.check(() => `Cannot find op ${name}`);
    const view = new Deno.UnsafePointerView(Deno.UnsafePointer.create(buffer)!);
    const bytes = new Uint8Array(view.getBigUint64(8) === 0n ? 0 : Number(view.getBigUint64(8)));
    view.getPointer(0) && Deno.UnsafePointerView.copyInto(view.getPointer(0)!, bytes);
    return parseOpDefinition(bytes);
  } finally {
    calls.TF_DeleteBuffer(buffer);
  }
}

// Field numbers of tensorflow/core/framework/op_def.proto.
const INPUT_ARG = 2, IS_STATEFUL = 17, NUMBER_ATTR = 5, TYPE_LIST_ATTR = 6;

/**
 * Parses a serialised `OpDef`.
 *
 * @param bytes The message.
 * @returns The definition.
 */
export function parseOpDefinition(bytes: Uint8Array): OpDefinition {
  const inputs: (string | undefined)[] = [];
  let stateful = false;
  for (const { field, value } of fields(bytes)) {
    if (field === IS_STATEFUL) stateful = value === 1;
    if (field !== INPUT_ARG || !(value instanceof Uint8Array)) continue;
    let list: string | undefined;
    for (const part of fields(value)) {
      if ((part.field === NUMBER_ATTR || part.field === TYPE_LIST_ATTR) && part.value instanceof Uint8Array) {
        list = new TextDecoder().decode(part.value) || list;
      }
    }
    inputs.push(list);
  }
  return { inputs, stateful };
}

function* fields(bytes: Uint8Array): Generator<{ field: number; value: number | Uint8Array }> {
  let at = 0;
  const varint = () => {
    let value = 0, scale = 1;
    for (;;) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8), wire = key % 8;
    if (wire === 0) yield { field, value: varint() };
    else if (wire === 2) {
      const length = varint();
      yield { field, value: bytes.subarray(at, at += length) };
    } else at += wire === 1 ? 8 : 4;
  }
}
