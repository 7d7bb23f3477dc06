/**
 * Records ops into a TensorFlow graph instead of running them, and turns the graph into one function.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import { type OpAttribute, setAttribute } from "./attributes.ts";
import { DataType, signature } from "./data_types.ts";
import { addInputs, outputOf, packOutput, packOutputs } from "./graph_ops.ts";
import { cString, int64s } from "./memory.ts";
import { type OpDefinition, readOpDefinition } from "./op_definitions.ts";
import type { Status } from "./status.ts";
import type { TensorFlowCalls } from "./symbols.ts";
import { newTensor, type ReadValues, type TensorValues } from "./tensors.ts";

/** What is known of a tensor before it has values. */
export interface TensorShape {
  readonly shape: number[];
  readonly dtype: number;
}

/** A tensor of the graph. */
interface SymbolicTensor extends TensorShape {
  readonly operation: bigint;
  readonly index: number;
  /** Values of a constant made in JavaScript during the recording. */
  readonly values?: TensorValues;
  /** How it came about, so that a variable's first value can be computed at once. */
  readonly origin?: { name: string; attributes: readonly OpAttribute[]; inputs: readonly number[]; outputs: number };
}

/** An update of variables by an op that takes them as resources. */
export interface Update {
  /** The op; it takes the resources first, then `inputs`, and returns nothing. */
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  /** Values of the variables. */
  readonly variables: readonly number[];
  readonly inputs: readonly number[];
  /** Records the same with copies of the values, and returns the new ones. */
  readonly outOfPlace: () => readonly { readonly id: number }[];
}

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
   * @param replaced Old values of variables by the new ones that the step assigned.
   * @returns Old values of the variables that {@linkcode finish} takes as resources.
   */
  settle(replaced: ReadonlyMap<number, number>): Set<number>;
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

/** How a tensor from outside comes in: as it is, or out of a resource. */
interface Capture {
  readonly value: SymbolicTensor;
  readonly resource?: SymbolicTensor;
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
  const graph = calls.TF_NewGraph();
  const symbols = new Map<number, SymbolicTensor>();
  const captures = new Map<number, Capture>();
  const captured: number[] = [];
  const argumentsOnly: SymbolicTensor[] = [];
  /** Updates by the values that they leave, until it is known how they are made. */
  const updates = new Map<number, Update & { readonly results: readonly number[] }>();
  /** The function's ops, all but its inputs. */
  const body: bigint[] = [];
  let nodes = 0;
  let lastStateful = 0n;
  /** They fail the step even where nobody reads their outputs. */
  const checksMade: bigint[] = [];
  /** The last ops of each order of its own. */
  const apartEnds: bigint[] = [];

  const begin = (type: string) => calls.TF_NewOperation(graph, cString(type), encodeName(`${type}_${nodes++}`));
  const placeholder = ({ shape, dtype }: TensorShape): SymbolicTensor => {
    const description = begin("Placeholder");
    calls.TF_SetAttrType(description, cString("dtype"), dtype);
    calls.TF_SetAttrShape(description, cString("shape"), int64s(shape), shape.length);
    const operation = calls.TF_FinishOperation(description, status.handle);
    status.check(() => "Cannot record an input");
    return { operation, index: 0, shape, dtype };
  };
  /** A variable may turn out to be updated in place, so it is read out of a resource; otherwise that read is the input. */
  const variableInput = (like: TensorShape): Capture => {
    const resource = placeholder({ shape: [], dtype: DataType.resource });
    const description = begin("ReadVariableOp");
    calls.TF_AddInput(description, packOutput(resource));
    calls.TF_SetAttrType(description, cString("dtype"), like.dtype);
    const operation = calls.TF_FinishOperation(description, status.handle);
    status.check(() => "Cannot record a variable");
    const output = packOutput({ operation, index: 0 });
    calls.TF_GraphSetTensorShape(graph, output, int64s(like.shape), like.shape.length, status.handle);
    status.check(() => "Cannot record a variable's shape");
    return { resource, value: { operation, index: 0, ...like } };
  };
  const copyUpdate = (update: Update & { results: readonly number[] }) => {
    update.results.forEach((result) => updates.delete(result));
    const made = apart(update.outOfPlace);
    update.results.forEach((result, i) => symbols.set(result, symbols.get(made[i]!.id)!));
  };
  /** A tensor of the recording; one that an update leaves is computed with copies, now that somebody wants it. */
  const recorded = (id: number): SymbolicTensor | undefined => {
    const update = updates.get(id);
    if (update) copyUpdate(update);
    return symbols.get(id);
  };
  const resolve = (id: number): SymbolicTensor => {
    const known = recorded(id) ?? captures.get(id)?.value;
    if (known) return known;
    const like = host.describeEager(id);
    const made = host.isVariable(id) ? variableInput(like) : { value: placeholder(like) };
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
  /** Records the updates that are left, behind everything that could fail, so that a failed step changes nothing. */
  const updateInPlace = (outputs: readonly SymbolicTensor[], resourceOf: (id: number) => SymbolicTensor) => {
    const computed = outputs.filter(({ values, origin }) => values || origin).map(({ operation }) => operation);
    const barrier = begin("NoOp");
    new Set([...computed, ...checksMade, ...apartEnds, ...(lastStateful ? [lastStateful] : [])])
      .forEach((operation) => calls.TF_AddControlInput(barrier, operation));
    const ready = calls.TF_FinishOperation(barrier, status.handle);
    status.check(() => "Cannot record the end of a step");
    body.push(ready);
    for (const { name, attributes, variables, inputs } of new Set(updates.values())) {
      const description = begin(name);
      for (const source of [...variables.map(resourceOf), ...inputs.map(resolve)]) {
        calls.TF_AddInput(description, packOutput(source));
      }
      calls.TF_AddControlInput(description, ready);
      attributes.forEach((attribute) => setAttribute(calls, status, description, "graph", attribute));
      const operation = calls.TF_FinishOperation(description, status.handle);
      status.check(() => `Cannot record ${name}`);
      body.push(operation);
      apartEnds.push(operation);
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
      const made = placeholder(like);
      argumentsOnly.push(made);
      symbols.set(id, made);
    },
    constant(id, shape, type, values) {
      const tensor = newTensor(calls, shape, type, values);
      const description = begin("Const");
      calls.TF_SetAttrType(description, cString("dtype"), type);
      calls.TF_SetAttrTensor(description, cString("value"), tensor, status.handle);
      calls.TF_DeleteTensor(tensor);
      const operation = calls.TF_FinishOperation(description, status.handle);
      status.check(() => `Cannot record a constant ${signature(type, shape)}`);
      body.push(operation);
      symbols.set(id, { operation, index: 0, shape: [...shape], dtype: type, values });
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
      const description = begin(name);
      const inferred = addInputs(calls, description, definition, attributes, sources);
      const ordered = definition.stateful && !checks.test(name);
      if (ordered && lastStateful) calls.TF_AddControlInput(description, lastStateful);
      for (const attribute of attributes) {
        if (!inferred.has(attribute.name)) setAttribute(calls, status, description, "graph", attribute);
      }
      const operation = calls.TF_FinishOperation(description, status.handle);
      status.check(() =>
        `Cannot record ${name}(${sources.map(({ dtype, shape }) => signature(dtype, shape)).join(", ")})`
      );
      body.push(operation);
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
      const results = made.map(({ id }) => id);
      const pending = { ...update, results };
      results.forEach((id) => updates.set(id, pending));
      return made;
    },
    settle(replaced) {
      for (const update of updates.values()) {
        const inPlace = update.variables.every((old, i) =>
          captures.get(old)?.resource && replaced.get(update.results[i]!) === old
        );
        if (!inPlace) copyUpdate(update);
      }
      return new Set([...updates.values()].flatMap(({ variables }) => variables));
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
      const resources = new Map(
        [...updates.values()].flatMap(({ variables }) => variables.map((id) => [id, captures.get(id)!.resource!])),
      );
      if (resources.size > 0) updateInPlace(sources, (id) => resources.get(id)!);
      // Identity nodes: an output may be an argument, come twice, or have to wait for the last side effect.
      const results = sources.map((source, i) => {
        const description = begin("Identity");
        calls.TF_AddInput(description, packOutput(source));
        if (lastStateful) calls.TF_AddControlInput(description, lastStateful);
        if (i === 0) [...checksMade, ...apartEnds].forEach((op) => calls.TF_AddControlInput(description, op));
        const operation = calls.TF_FinishOperation(description, status.handle);
        status.check(() => "Cannot record an output");
        body.push(operation);
        return { operation, index: 0 };
      });
      const inputs = [
        ...argumentsOnly,
        ...captured.map((id) => {
          const resource = resources.get(id);
          if (resource) body.push(captures.get(id)!.value.operation);
          return resource ?? captures.get(id)!.value;
        }),
      ];
      const made = calls.TF_GraphToFunction(
        graph,
        encodeName(name),
        0,
        body.length,
        BigUint64Array.from(body),
        inputs.length,
        packOutputs(inputs),
        results.length,
        packOutputs(results),
        null,
        0n,
        null,
        status.handle,
      );
      status.check(() => "Cannot turn the recorded step into a function");
      return { function: made, nodes };
    },
    delete: () => calls.TF_DeleteGraph(graph),
  };
}

const definitions = new Map<string, OpDefinition>();
const encodeName = (name: string) => new TextEncoder().encode(name + "\0");
