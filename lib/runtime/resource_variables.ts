/**
 * A variable's value in a TensorFlow resource, which kernels update in place, where a tensor never changes.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import type { OpAttribute } from "./attributes.ts";
import { AttributeType } from "./data_types.ts";
import type { TensorShape } from "./graph_nodes.ts";

/** A resource that holds one value. */
export interface ResourceVariable extends TensorShape {
  /** The resource, an input of ops that update it. */
  readonly resource: bigint;
  /** The value of this moment as a tensor that shares its memory: an update finds it shared, and copies. */
  value(): bigint;
  /** Begins an update: lets go of what {@linkcode value} gave, and gives nothing until {@linkcode takeBack}. */
  lend(): void;
  /** Ends an update. */
  takeBack(): void;
  /** Frees the resource. */
  delete(): void;
}

/** How a resource is worked on: ops of native tensors, and the end of such a tensor. */
export interface ResourceHost {
  execute(name: string, attributes: readonly OpAttribute[], inputs: readonly bigint[], outputs: number): bigint[];
  deleteHandle(handle: bigint): void;
}

/** TensorFlow's name for a resource that goes with its last handle (`ResourceHandle::ANONYMOUS_NAME`). */
const anonymous = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

/**
 * Puts a value into a resource of its own.
 *
 * @param host Runs the ops.
 * @param initial The value; the resource shares its memory until the first update after the last other holder has gone.
 * @param like Its type and shape.
 * @returns The resource.
 */
export function newResourceVariable(
  { execute, deleteHandle }: ResourceHost,
  initial: bigint,
  { dtype, shape }: TensorShape,
): ResourceVariable {
  const typed: OpAttribute[] = [{ name: "dtype", type: AttributeType.type, value: dtype }];
  const [resource] = execute(
    "VarHandleOp",
    [
      { name: "container", type: AttributeType.string, value: "" },
      { name: "shared_name", type: AttributeType.string, value: anonymous },
      ...typed,
      { name: "shape", type: AttributeType.shape, value: shape },
    ],
    [],
    1,
  ) as [bigint];
  execute("AssignVariableOp", typed, [resource, initial], 0);
  let read: bigint | undefined;
  let lent = false;
  const forget = () => {
    if (read !== undefined) deleteHandle(read);
    read = undefined;
  };
  return {
    dtype,
    shape,
    resource,
    value() {
      if (lent) {
        throw cannot(
          "read variable",
          "one that no running step updates",
          "one in the middle of an update",
          "await the step",
        );
      }
      return read ??= execute("ReadVariableOp", typed, [resource], 1)[0]!;
    },
    lend() {
      forget();
      lent = true;
    },
    takeBack() {
      lent = false;
    },
    delete() {
      forget();
      deleteHandle(resource);
    },
  };
}
