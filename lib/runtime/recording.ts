/**
 * One recording of a step: the function that TensorFlow runs, and which variables go in and come out.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { cannot } from "../problem.ts";
import { RandomInRecording } from "./backend.ts";
import { type Flat, flatten, type Tensors } from "./containers.ts";
import { cString } from "./memory.ts";
import { mixedPrecisionConfig } from "./mixed_precision.ts";
import { newStatus } from "./status.ts";
import { type TensorFlow, tensorFlow } from "./tensorflow.ts";
import {
  keepVariablesReal,
  putIntoResource,
  restoreVariables,
  separateVariables,
  type VariableState,
  variableStates,
} from "./variables.ts";

/** A recorded step. */
export interface Recording {
  /** Runs it; variables that it assigns hold their new values when the promise resolves. */
  run(args: readonly tf.Tensor[]): Promise<Tensors>;
  /** Frees the function. */
  dispose(): void;
}

/** An input of the function: a variable's value of the moment, its resource, or a tensor that never changes. */
type Input = { variable: tf.Variable; inPlace: boolean } | { id: number };

let functions = 0;

/**
 * Records a step.
 *
 * @param step The step.
 * @param flat Its arguments of this first call; only types and shapes are used.
 * @param mixedPrecision Whether convolutions and matrix products run in bfloat16.
 * @returns The recording.
 * @throws Problem when the step cannot be recorded; variables are then as before.
 */
export function recordStep(
  step: (...args: unknown[]) => unknown,
  flat: Flat,
  mixedPrecision: boolean,
): Recording {
  const native = tensorFlow();
  const { calls, context, binding, backend } = native;
  separateVariables(backend);
  const before = variableStates(backend);
  const engine = tf.engine();
  backend.recordings++;
  const recorder = binding.beginRecording((id) => [...before.values()].some((state) => state.id === id));
  const realAgain = keepVariablesReal(native, before);
  const name = `step_${++functions}`;
  engine.startScope("record");
  try {
    const args = flat.tensors.map((tensor) => {
      const like = { dtype: backend.tensorMap.get(tensor.dataId).dtype, shape: tensor.shape };
      const id = nextSymbol(native, like);
      return backend.createOutputTensor({ id, ...like });
    });
    const given = step(...(flat.rebuild(args) as unknown[]));
    if (given instanceof Promise) {
      given.catch(() => {}); // its failure is a consequence of the one that is reported
      throw cannot("record step", "a synchronous step", "one that returns a promise");
    }
    const result = flatten(given, "record step");
    const returned = result.tensors.map((tensor) => tensorId(native, tensor));
    const assigned = [...variableStates(backend).values()].filter(({ variable, id }) =>
      before.get(variable.name)!.id !== id
    );
    const inPlace = recorder.settle(returned, returned.length > 0 ? replacedOnce(assigned, before) : new Map());
    const changed = assigned.filter(({ variable }) => !inPlace.has(before.get(variable.name)!.id));
    const outputs = [...returned, ...changed.map(({ id }) => id)];
    const { function: made } = recorder.finish(name, outputs);
    const variableOf = new Map([...before.values()].map(({ id, variable }) => [id, variable]));
    const inputs: Input[] = recorder.captured.map((id) => {
      const variable = variableOf.get(id);
      return variable ? { variable, inPlace: inPlace.has(id) } : { id };
    });
    const held = inputs.flatMap((input) => "id" in input ? [input.id] : []);
    held.forEach((id) => binding.pin(id));
    calls.TFE_ContextAddFunction(context.handle, made, context.status.handle);
    calls.TF_DeleteFunction(made);
    context.status.check(() => "Cannot add the recorded step");
    const shapes = outputs.map((id) => {
      const { dtype, shape } = recorder.tensor(id) ?? binding.describeEager(id);
      return { dtype, shape };
    });
    // A step keeps (tf.keep) what it returns out of an inner scope; the recorded stand-ins are of no more use.
    result.tensors.forEach((tensor, i) => recorder.has(outputs[i]!) && !tensor.isDisposed && tensor.dispose());
    return newRecording(native, { name, inputs, held, shapes, result, changed, mixedPrecision });
  } catch (error) {
    if (!(error instanceof RandomInRecording)) throw error;
    throw cannot(
      "record step",
      "random numbers with a seed that is an input (randomUniform, randomNormal and dropout of doppel/runtime)",
      `tf.${error.op}, whose numbers would be the same in every step`,
    );
  } finally {
    realAgain();
    restoreVariables(native, before);
    engine.endScope();
    binding.endRecording();
  }
}

function nextSymbol({ binding }: TensorFlow, like: { dtype: number; shape: number[] }): number {
  const id = binding.nextId();
  binding.recording()!.argument(id, like);
  return id;
}

/** The number of a tensor that the step returns, which may be one that was not yet handed to TensorFlow. */
function tensorId({ backend }: TensorFlow, tensor: tf.Tensor): number {
  return backend.getInputTensorIds([tensor])[0]!;
}

/** Old values by new ones, but for those that went to several variables: they have to be tensors. */
function replacedOnce(
  assigned: readonly VariableState[],
  before: ReadonlyMap<string, VariableState>,
): Map<number, number> {
  const replaced = new Map<number, number>();
  const twice = new Set<number>();
  for (const { variable, id } of assigned) {
    if (replaced.has(id)) twice.add(id);
    replaced.set(id, before.get(variable.name)!.id);
  }
  twice.forEach((id) => replaced.delete(id));
  return replaced;
}

function newRecording(
  native: TensorFlow,
  { name, inputs, held, shapes, result, changed, mixedPrecision }: {
    name: string;
    inputs: Input[];
    held: number[];
    shapes: { dtype: number; shape: number[] }[];
    result: Flat;
    changed: VariableState[];
    mixedPrecision: boolean;
  },
): Recording {
  const { calls, context, binding, backend } = native;
  // The call runs on another thread, so it has a status and an output array of its own.
  const status = newStatus(calls);
  const returned = result.tensors.length;
  const handles = new BigUint64Array(Math.max(1, shapes.length));
  const handleCount = new Int32Array(1);
  const inPlace = inputs.flatMap((input) => "variable" in input && input.inPlace ? [input.variable] : []);

  return {
    async run(args) {
      const gone = inputs.find((input) => "variable" in input && input.variable.isDisposed);
      if (gone && "variable" in gone) {
        throw cannot("run compiled step", "the variables it was recorded with", `"${gone.variable.name}" disposed`);
      }
      const resources = new Map(inPlace.map((variable) => [variable, putIntoResource(native, variable)]));
      const updated = [...resources.values()].map((id) => binding.resource(id)!);
      const handed = [
        ...args.map((tensor) => binding.handle(backend.upload(tensor))),
        ...inputs.map((input) => {
          if ("id" in input) return binding.handle(input.id);
          const id = resources.get(input.variable);
          return id === undefined ? binding.handle(backend.upload(input.variable)) : binding.resource(id)!.resource;
        }),
      ];
      const op = calls.TFE_NewOp(context.handle, cString(name), status.handle);
      status.check(() => "Cannot find the recorded step");
      try {
        for (const handle of handed) {
          calls.TFE_OpAddInput(op, handle, status.handle);
          status.check(() => "Cannot run compiled step");
        }
        if (mixedPrecision) {
          const config = mixedPrecisionConfig;
          calls.TFE_OpSetAttrString(op, cString("config_proto"), config, BigInt(config.length));
        }
        handleCount[0] = shapes.length;
        // Not before the op holds its inputs: a variable may be one of the arguments as well.
        updated.forEach((resource) => resource.lend());
        await calls.executeAside(op, handles, handleCount, status.handle);
        status.check(() => "Cannot run compiled step");
      } finally {
        calls.TFE_DeleteOp(op);
        updated.forEach((resource) => resource.takeBack());
      }
      const tensors = shapes.slice(0, returned).map((shape, i) =>
        backend.createOutputTensor({ id: binding.adopt(handles[i]!), ...shape })
      );
      changed.forEach(({ variable }, i) => {
        const at = returned + i;
        const data = backend.tensorMap.get(variable.dataId);
        const id = binding.adopt(handles[at]!);
        if (data.refCount === 1) {
          binding.release(data.id);
          data.id = id;
        } else {
          // Somebody holds a clone of the old value: it keeps that value, and the variable gets new data.
          const value = backend.createOutputTensor({ id, ...shapes[at]! });
          variable.assign(value as tf.Tensor);
          value.dispose();
        }
      });
      return result.rebuild(tensors);
    },
    dispose() {
      calls.TFE_ContextRemoveFunction(context.handle, cString(name), status.handle);
      status.delete();
      held.forEach((id) => binding.unpin(id));
    },
  };
}
