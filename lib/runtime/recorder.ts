/**
 * Records ops into a TensorFlow graph instead of running them, and turns the graph into one function.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import { type OpAttribute, setAttribute } from "./attributes.ts";
import { signature } from "./data_types.ts";
import { type Capture, newGraphNodes, type SymbolicTensor, type TensorShape } from "./graph_nodes.ts";
import { addInputs, outputOf, packOutput } from "./graph_ops.ts";
import { type OpDefinition, readOpDefinition } from "./op_definitions.ts";
import type { Status } from "./status.ts";
import type { TensorFlowCalls } from "./symbols.ts";
import type { ReadValues, TensorValues } from "./tensors.ts";
import { isComputed, newUpdates, type Update } from "./updates.ts";

/** An open recording. */
export interface Recorder {
  /** Adds an argument of the step. */
  argument(id: number, like: TensorShape): void;
  /** Adds a constant made in JavaScript. */
  constant(id: number, shape: readonly number[], type: number, values: TensorValues): void;
  /** Adds an op; `nextId` numbers its outputs, `eager` describes inputs from outside the recording. */
  add(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): (TensorShape & { id: number })[];
  /**
   * Records ops with a state that concerns nobody else: they keep their order among themselves, and wait for no other
   * stateful op, nor does one wait for them.
   */
  apart<T>(work: () => T): T;
  /**
   * Adds an update and numbers the values that it leaves. Where the step does no more than assign them to the variables
   * they come from, the update is made in place, after everything that could fail; otherwise with copies.
   */
  update(update: Update): (TensorShape & { id: number })[];
  /**
   * Decides which updates are made in place.
   *
   * @param read Values that the step returns.
   * @param replaced Old values of variables by the new ones that the step assigned.
   * @returns Old values of the variables that {@linkcode finish} takes as resources.
   */
  settle(read: readonly number[], replaced: ReadonlyMap<number, number>): Set<number>;
  /** True for a tensor of this recording. */
  has(id: number): boolean;
  /** Values of a constant of this recording; refuses a computed tensor. */
  read(id: number): ReadValues;
  /** How a tensor of this recording came about. */
  tensor(id: number): SymbolicTensor | undefined;
  /** Tensors from outside that the step used, in the order in which the function expects them after its arguments. */
  readonly captured: readonly number[];
  /** Builds the function out of everything recorded; its outputs are the given tensors, one at least with updates in place. */
  finish(name: string, outputs: readonly number[]): { function: bigint; nodes: number };
  /** Frees the graph. */
  delete(): void;
}

/** What a recorder needs from the binding around it. */
export interface RecorderHost {
  readonly calls: TensorFlowCalls;
  readonly status: Status;
  /** A number for a new tensor. */
  nextId(): number;
  /** Type and shape of a tensor outside the recording. */
  describeEager(id: number): TensorShape;
  /** True for a tensor outside the recording that is a variable's value. */
  isVariable(id: number): boolean;
}

/**
 * Ops that TensorFlow calls stateful because they may fail. They need no order, and in one (that of the recording) every
 * check of a gradient, with the weight's update behind it, would wait for the gradient that comes last.
 */
const checks = /^CheckNumerics/;
const statefulRandom = /^(Random|Multinomial|TruncatedNormal|ParameterizedTruncatedNormal|StatefulUniform)/;

/**
 * Opens a recording.
 *
 * @param host The binding's side.
 * @returns The recorder.
 */
export function newRecorder(host: RecorderHost): Recorder {
  const { calls, status } = host;
  const nodes = newGraphNodes(calls, status);
  const { graph } = nodes;
  const symbols = new Map<number, SymbolicTensor>();
  const captures = new Map<number, Capture>();
  const captured: number[] = [];
  const argumentsOnly: SymbolicTensor[] = [];
  const updates = newUpdates(calls, status, nodes, (from, to) => symbols.set(to, symbols.get(from)!));
  let lastStateful = 0n;
  /** They fail the step even where nobody reads their outputs. */
  const checksMade: bigint[] = [];
  /** The last ops of each order of its own. */
  const apartEnds: bigint[] = [];

  /** A tensor of the recording; one that an update leaves is computed with copies, now that somebody wants it. */
  const recorded = (id: number): SymbolicTensor | undefined => {
    updates.copy(id);
    return symbols.get(id);
  };
  const resolve = (id: number): SymbolicTensor => {
    const known = recorded(id) ?? captures.get(id)?.value;
    if (known) return known;
    const like = host.describeEager(id);
    const made = host.isVariable(id) ? nodes.variable(like) : { value: nodes.input(like) };
    captures.set(id, made);
    captured.push(id);
    return made.value;
  };
  const apart = <T>(work: () => T): T => {
    const outer = lastStateful;
    lastStateful = 0n;
    try {
      return work();
    } finally {
      if (lastStateful) apartEnds.push(lastStateful);
      lastStateful = outer;
    }
  };
  const definitionOf = (name: string) => {
    let definition = definitions.get(name);
    if (!definition) definitions.set(name, definition = readOpDefinition(calls, status, graph, name));
    return definition;
  };

  return {
    captured,
    argument(id, like) {
      const made = nodes.input(like);
      argumentsOnly.push(made);
      symbols.set(id, made);
    },
    constant(id, shape, type, values) {
      symbols.set(id, nodes.constant(shape, type, values));
    },
    add(name, attributes, inputs, outputs) {
      const definition = definitionOf(name);
      if (definition.stateful && statefulRandom.test(name)) {
        throw cannot(
          "record step",
          "random numbers with a seed that is an input (randomUniform, randomNormal and dropout of doppel/runtime)",
          `the op ${name}, which keeps a state of its own`,
        );
      }
      const sources = inputs.map(resolve);
      const ordered = definition.stateful && !checks.test(name);
      const operation = nodes.add(name, (description) => {
        const inferred = addInputs(calls, description, definition, attributes, sources);
        if (ordered && lastStateful) calls.TF_AddControlInput(description, lastStateful);
        for (const attribute of attributes) {
          if (!inferred.has(attribute.name)) setAttribute(calls, status, description, "graph", attribute);
        }
      }, () => `Cannot record ${name}(${sources.map(({ dtype, shape }) => signature(dtype, shape)).join(", ")})`);
      if (ordered) lastStateful = operation;
      if (checks.test(name)) checksMade.push(operation);
      const real = Math.min(outputs, calls.TF_OperationNumOutputs(operation));
      return Array.from({ length: real }, (_, index) => {
        const id = host.nextId();
        const made = outputOf(calls, status, graph, operation, index, name);
        symbols.set(id, { ...made, origin: { name, attributes, inputs, outputs } });
        return { id, shape: made.shape, dtype: made.dtype };
      });
    },
    apart,
    update(update) {
      const variables = update.variables.map(resolve);
      update.inputs.forEach(resolve);
      const made = variables.map(({ shape, dtype }) => ({ id: host.nextId(), shape, dtype }));
      updates.add({ ...update, withCopies: () => apart(update.withCopies) }, made.map(({ id }) => id));
      return made;
    },
    settle(read, replaced) {
      read.forEach(updates.copy);
      updates.settle(captures, replaced);
      return new Set(updates.variables());
    },
    has: (id) => symbols.has(id) || updates.has(id),
    tensor: recorded,
    read(id) {
      const { values, origin } = recorded(id)!;
      if (values) return values as ReadValues;
      throw cannot(
        "record step",
        "no read-back (dataSync, arraySync, data) before the step has ended",
        origin ? `one of the output of ${origin.name}` : "one of an argument",
        "return the tensor from the step and read it afterwards",
      );
    },
    finish(name, outputs) {
      const sources = outputs.map(resolve);
      const inPlace = new Set(updates.variables());
      const computed = sources.filter(isComputed).map(({ operation }) => operation);
      const before = [...computed, ...checksMade, ...apartEnds, ...(lastStateful ? [lastStateful] : [])];
      const ends = [...checksMade, ...apartEnds, ...updates.record(captures, resolve, before)];
      // Identity nodes: an output may be an argument, come twice, or have to wait for the last side effect.
      const results = sources.map((source, i) => {
        const operation = nodes.add("Identity", (description) => {
          calls.TF_AddInput(description, packOutput(source));
          if (lastStateful) calls.TF_AddControlInput(description, lastStateful);
          if (i === 0) ends.forEach((op) => calls.TF_AddControlInput(description, op));
        }, () => "Cannot record an output");
        return { operation, index: 0 };
      });
      const inputs = captured.map((id) => inPlace.has(id) ? captures.get(id)!.resource! : captures.get(id)!.value);
      const reads = [...inPlace].map((id) => captures.get(id)!.value);
      return nodes.toFunction(name, [...argumentsOnly, ...inputs], reads, results);
    },
    delete: () => calls.TF_DeleteGraph(graph),
  };
}

const definitions = new Map<string, OpDefinition>();
