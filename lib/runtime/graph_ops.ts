/**
 * Inputs and outputs of ops in a graph, in the layout that TensorFlow's C API wants.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import type { OpAttribute } from "./attributes.ts";
import { AttributeType, dataTypeName } from "./data_types.ts";
import { int64s } from "./memory.ts";
import type { OpDefinition } from "./op_definitions.ts";
import type { Status } from "./status.ts";
import type { TensorFlowCalls } from "./symbols.ts";

/** An output of an op of the graph. */
export interface GraphOutput {
  readonly operation: bigint;
  readonly index: number;
}

/**
 * A `TF_Output` (pointer, index, padding) as the bytes of the C structure.
 *
 * @param output The output.
 * @returns Its bytes.
 */
export function packOutput({ operation, index }: GraphOutput): Uint8Array<ArrayBuffer> {
  return packOutputs([{ operation, index }]);
}

/**
 * Several, one behind the other.
 *
 * @param list The outputs.
 * @returns Their bytes.
 */
export function packOutputs(list: readonly GraphOutput[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(Math.max(1, list.length) * 16));
  list.forEach(({ operation, index }, i) => {
    view.setBigUint64(i * 16, operation, true);
    view.setInt32(i * 16 + 8, index, true);
  });
  return new Uint8Array(view.buffer);
}

/**
 * Adds an op's inputs, lists as lists.
 *
 * @param calls The loaded library.
 * @param description The op that is being described.
 * @param definition Its definition.
 * @param attributes Its attributes, some of which say how long a list is.
 * @param sources The inputs in order.
 * @returns Names of the attributes that TensorFlow infers from them.
 */
export function addInputs(
  calls: TensorFlowCalls,
  description: bigint,
  definition: OpDefinition,
  attributes: readonly OpAttribute[],
  sources: readonly GraphOutput[],
): Set<string> {
  const inferred = new Set<string>();
  const singles = definition.inputs.filter((list) => list === undefined).length;
  const lists = definition.inputs.length - singles;
  let at = 0;
  for (const list of definition.inputs) {
    if (list === undefined) {
      if (at < sources.length) calls.TF_AddInput(description, packOutput(sources[at++]!));
      continue;
    }
    inferred.add(list);
    const given = attributes.find(({ name }) => name === list);
    const length = lists === 1 || !given
      ? sources.length - singles
      : given.type === AttributeType.int
      ? Number(given.value)
      : (given.value as unknown[]).length;
    calls.TF_AddInputList(description, packOutputs(sources.slice(at, at + length)), length);
    at += length;
  }
  return inferred;
}

/**
 * Type and shape of an op's output.
 *
 * @param calls The loaded library.
 * @param status Where failure is reported.
 * @param graph The graph.
 * @param operation The op.
 * @param index Which output.
 * @param name The op's name, for messages.
 * @returns The output.
 * @throws Problem when the shape depends on values.
 */
export function outputOf(
  calls: TensorFlowCalls,
  status: Status,
  graph: bigint,
  operation: bigint,
  index: number,
  name: string,
): GraphOutput & { shape: number[]; dtype: number } {
  const output = packOutput({ operation, index });
  const dtype = calls.TF_OperationOutputType(output);
  const rank = calls.TF_GraphGetTensorNumDims(graph, output, status.handle);
  status.check(() => `Cannot infer the shape of ${name}`);
  // Batch norm's reserve space has no static shape and no reader but its own gradient.
  if (rank < 0 && name.startsWith("FusedBatchNorm")) return { operation, index, shape: [0], dtype };
  const sizes = int64s(new Array<number>(Math.max(rank, 0)).fill(0));
  if (rank > 0) {
    calls.TF_GraphGetTensorShape(graph, output, sizes, rank, status.handle);
    status.check(() => `Cannot infer the shape of ${name}`);
  }
  const shape = Array.from({ length: Math.max(rank, 0) }, (_, i) => Number(sizes[i]));
  if (rank < 0 || shape.some((size) => size < 0)) {
    throw cannot(
      "record step",
      "shapes that do not depend on values",
      `${dataTypeName(dtype)}[${rank < 0 ? "?" : shape.map((size) => size < 0 ? "?" : size).join(",")}] from ${name}`,
      "keep this op outside the step",
    );
  }
  return { operation, index, shape, dtype };
}
