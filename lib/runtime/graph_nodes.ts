/**
 * Nodes of a graph that is to become a function.
 *
 * @module
 */

import type { OpAttribute } from "./attributes.ts";
import { DataType, signature } from "./data_types.ts";
import { type GraphOutput, packOutput, packOutputs } from "./graph_ops.ts";
import { cString, int64s } from "./memory.ts";
import type { Status } from "./status.ts";
import type { TensorFlowCalls } from "./symbols.ts";
import { newTensor, type TensorValues } from "./tensors.ts";

/** What is known of a tensor before it has values. */
export interface TensorShape {
  readonly shape: number[];
  readonly dtype: number;
}

/** A tensor of the graph. */
export interface SymbolicTensor extends TensorShape, GraphOutput {
  /** Values of a constant made in JavaScript during the recording. */
  readonly values?: TensorValues;
  /** How it came about, so that a variable's first value can be computed at once. */
  readonly origin?: { name: string; attributes: readonly OpAttribute[]; inputs: readonly number[]; outputs: number };
}

/** How a tensor from outside comes in: as it is, or out of a resource. */
export interface Capture {
  readonly value: SymbolicTensor;
  readonly resource?: SymbolicTensor;
}

/** A graph under construction. */
export interface GraphNodes {
  readonly graph: bigint;
  /**
   * Adds an op.
   *
   * @param type Which op.
   * @param fill Gives its description inputs and attributes.
   * @param doing What to say could not be done when TensorFlow refuses it.
   * @returns The op.
   */
  add(type: string, fill: (description: bigint) => void, doing: () => string): bigint;
  /** Adds a constant. */
  constant(shape: readonly number[], type: number, values: TensorValues): SymbolicTensor;
  /** Makes an input. */
  input(like: TensorShape): SymbolicTensor;
  /** Makes an input for a variable: {@linkcode toFunction} takes either its value or its resource. */
  variable(like: TensorShape): Required<Capture>;
  /** Turns what was added into a function; of variables that come in as resources, `reads` are the values. */
  toFunction(
    name: string,
    inputs: readonly GraphOutput[],
    reads: readonly GraphOutput[],
    outputs: readonly GraphOutput[],
  ): { function: bigint; nodes: number };
}

/**
 * Opens a graph.
 *
 * @param calls The loaded library.
 * @param status Where failure is reported.
 * @returns The graph; the caller deletes it.
 */
export function newGraphNodes(calls: TensorFlowCalls, status: Status): GraphNodes {
  const graph = calls.TF_NewGraph();
  /** The function's ops, all but its inputs. */
  const body: bigint[] = [];
  let nodes = 0;
  const make = (type: string, fill: (description: bigint) => void, doing: () => string): bigint => {
    const description = calls.TF_NewOperation(graph, cString(type), encodeName(`${type}_${nodes++}`));
    fill(description);
    const operation = calls.TF_FinishOperation(description, status.handle);
    status.check(doing);
    return operation;
  };
  const add: GraphNodes["add"] = (type, fill, doing) => {
    const operation = make(type, fill, doing);
    body.push(operation);
    return operation;
  };
  const input = (like: TensorShape): SymbolicTensor => {
    const { shape, dtype } = like;
    const operation = make("Placeholder", (description) => {
      calls.TF_SetAttrType(description, cString("dtype"), dtype);
      calls.TF_SetAttrShape(description, cString("shape"), int64s(shape), shape.length);
    }, () => "Cannot record an input");
    return { operation, index: 0, shape, dtype };
  };

  return {
    graph,
    add,
    input,
    constant(shape, type, values) {
      const tensor = newTensor(calls, shape, type, values);
      const operation = add("Const", (description) => {
        calls.TF_SetAttrType(description, cString("dtype"), type);
        calls.TF_SetAttrTensor(description, cString("value"), tensor, status.handle);
        calls.TF_DeleteTensor(tensor);
      }, () => `Cannot record a constant ${signature(type, shape)}`);
      return { operation, index: 0, shape: [...shape], dtype: type, values };
    },
    variable({ shape, dtype }) {
      const resource = input({ shape: [], dtype: DataType.resource });
      const operation = make("ReadVariableOp", (description) => {
        calls.TF_AddInput(description, packOutput(resource));
        calls.TF_SetAttrType(description, cString("dtype"), dtype);
      }, () => "Cannot record a variable");
      // Ops behind it need the shape, which a resource that is yet to come does not tell.
      const output = packOutput({ operation, index: 0 });
      calls.TF_GraphSetTensorShape(graph, output, int64s(shape), shape.length, status.handle);
      status.check(() => "Cannot record a variable");
      return { resource, value: { operation, index: 0, shape, dtype } };
    },
    toFunction(name, inputs, reads, outputs) {
      const operations = [...body, ...reads.map(({ operation }) => operation)];
      const made = calls.TF_GraphToFunction(
        graph,
        encodeName(name),
        0,
        operations.length,
        BigUint64Array.from(operations),
        inputs.length,
        packOutputs(inputs),
        outputs.length,
        packOutputs(outputs),
        null,
        0n,
        null,
        status.handle,
      );
      status.check(() => "Cannot turn the recorded step into a function");
      return { function: made, nodes };
    },
  };
}

const encodeName = (name: string) => new TextEncoder().encode(name + "\0");
