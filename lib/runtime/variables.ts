/**
 * Variables around a recording: which there are, that they come out of it as they went in, and that those made inside
 * it (an optimiser's slots) have real first values.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { type TensorFlowBackend, typeNumber } from "./backend.ts";
import { AttributeType } from "./data_types.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** A variable and the native tensor that holds its value. */
export interface VariableState {
  readonly variable: tf.Variable;
  readonly id: number;
  /** What tfjs knows the value by. */
  readonly dataId: object;
}

const registered = () => tf.engine().registeredVariables as Record<string, tf.Variable>;

/**
 * All variables with their values' numbers of this moment, which inside a recording may be those of recorded tensors.
 *
 * @param backend The backend.
 * @returns By the variable's name.
 */
export function variableStates(backend: TensorFlowBackend): Map<string, VariableState> {
  return new Map(
    Object.values(registered()).map((variable) => [
      variable.name,
      { variable, id: backend.getInputTensorIds([variable])[0]!, dataId: variable.dataId },
    ]),
  );
}

/**
 * Gives each variable a tensor of its own: after `a.assign(b)` both have b's, and a recording, which knows variables by
 * their tensors, would take one for the other.
 *
 * @param backend The backend.
 */
export function separateVariables(backend: TensorFlowBackend): void {
  const taken = new Set<number>();
  for (const { variable, id } of variableStates(backend).values()) {
    if (!taken.has(id)) {
      taken.add(id);
      continue;
    }
    const own = backend.executeSingleOutput("Identity", [valueType(variable)], [variable]);
    variable.assign(own);
    own.dispose();
  }
}

const valueType = ({ dtype }: tf.Variable) => ({ name: "T", type: AttributeType.type, value: typeNumber(dtype) });

/**
 * Gives variables back the values that they had before the recording.
 *
 * @param native The running TensorFlow.
 * @param before The variables before it.
 */
export function restoreVariables({ backend, binding }: TensorFlow, before: ReadonlyMap<string, VariableState>): void {
  for (const { variable, id, dataId } of before.values()) {
    if (variable.isDisposed || backend.tensorMap.get(variable.dataId).id === id) continue;
    // The step's assignment has let go of the old tensor; its native part was pinned and goes on living under this id,
    // unless a clone has it.
    const [own] = backend.tensorMap.has(dataId)
      ? binding.executeEager("Identity", [valueType(variable)], [id], 1)
      : [{ id: binding.revive(id) }];
    const old = backend.createOutputTensor({ ...binding.describeEager(id), id: own!.id });
    variable.assign(old);
    old.dispose();
  }
}

/**
 * Puts a variable's value into a resource that nobody else holds, unless it is in one.
 *
 * @param native The running TensorFlow.
 * @param variable The variable.
 * @returns The value's number.
 */
export function putIntoResource({ backend, binding }: TensorFlow, variable: tf.Variable): number {
  const id = backend.upload(variable);
  const data = backend.tensorMap.get(variable.dataId);
  if (data.refCount === 1 && binding.resource(id)) return id;
  const own = binding.intoResource(id);
  if (data.refCount === 1) {
    binding.release(id);
    data.id = own;
  } else {
    // Somebody holds a clone: it keeps the value that an update would change under its hands.
    const value = backend.createOutputTensor({ id: own, ...binding.describeEager(own) });
    variable.assign(value);
    value.dispose();
  }
  return own;
}

/**
 * Makes variables that the step creates start with values computed at once, since a recorded tensor has none.
 *
 * @param native The running TensorFlow.
 * @param before The variables before the recording; new ones are added with their first values.
 * @returns Undoes it.
 */
export function keepVariablesReal(native: TensorFlow, before: Map<string, VariableState>): () => void {
  const engine = tf.engine() as unknown as { makeVariable: (initial: tf.Tensor, ...rest: unknown[]) => tf.Variable };
  const original = engine.makeVariable;
  engine.makeVariable = (initial, ...rest) => {
    const { backend, binding } = native;
    const id = computeNow(native, backend.getInputTensorIds([initial])[0]!, new Map());
    const value = backend.createOutputTensor({ id, ...binding.describeEager(id) });
    const variable = original.call(engine, value, ...rest);
    before.set(variable.name, { variable, id, dataId: variable.dataId });
    return variable;
  };
  return () => {
    engine.makeVariable = original;
  };
}

/** Computes a recorded tensor from the values of this moment. */
function computeNow(native: TensorFlow, id: number, done: Map<number, number>): number {
  const { binding } = native;
  const known = done.get(id);
  if (known !== undefined) return known;
  const tensor = binding.recording()?.tensor(id);
  if (!tensor) return id;
  let made: number;
  if (tensor.values) made = binding.createEagerTensor(tensor.shape, tensor.dtype, tensor.values);
  else if (tensor.origin) {
    const { name, attributes, inputs, outputs } = tensor.origin;
    const now = inputs.map((input) => computeNow(native, input, done));
    made = binding.executeEager(name, attributes, now, outputs)[tensor.index]!.id;
  } else throw new Error("A variable's first value depends on an argument of the step");
  done.set(id, made);
  return made;
}
