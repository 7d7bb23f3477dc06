/**
 * Attributes of an op, set alike on an op that is run at once and on one that is added to a graph.
 *
 * @module
 */

import { AttributeType } from "./data_types.ts";
import { cString, int64s } from "./memory.ts";
import type { Status } from "./status.ts";
import type { TensorFlowCalls } from "./symbols.ts";

/** An attribute as tfjs hands it over (`TFEOpAttr`). */
export interface OpAttribute {
  /** Its name in the op's definition. */
  readonly name: string;
  /** Which kind of value, see {@linkcode AttributeType}. */
  readonly type: number;
  /** The value, or an array of values for a list attribute (and always an array for a shape). */
  readonly value: unknown;
}

const encoder = new TextEncoder();

/**
 * Sets an attribute.
 *
 * @param calls The loaded library.
 * @param status Where failure is reported.
 * @param target The `TFE_Op` or `TF_OperationDescription`.
 * @param kind "eager" for an op that is run at once, "graph" for one of a graph.
 * @param attribute What to set.
 * @throws TypeError when the kind of value is not one that tfjs uses.
 */
export function setAttribute(
  calls: TensorFlowCalls,
  status: Status,
  target: bigint,
  kind: "eager" | "graph",
  attribute: OpAttribute,
): void {
  const name = cString(attribute.name);
  const value = attribute.value;
  const eager = kind === "eager";
  const list = Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<number>) : undefined;
  switch (attribute.type) {
    case AttributeType.string: {
      const bytes = encoder.encode(String(value) + "\0");
      const set = eager ? calls.TFE_OpSetAttrString : calls.TF_SetAttrString;
      return set(target, name, bytes, BigInt(bytes.length - 1));
    }
    case AttributeType.int:
      if (list) {
        const set = eager ? calls.TFE_OpSetAttrIntList : calls.TF_SetAttrIntList;
        return set(target, name, int64s(list), list.length);
      }
      return (eager ? calls.TFE_OpSetAttrInt : calls.TF_SetAttrInt)(target, name, BigInt(value as number));
    case AttributeType.float:
      if (list) {
        const set = eager ? calls.TFE_OpSetAttrFloatList : calls.TF_SetAttrFloatList;
        return set(target, name, Float32Array.from(list.length ? list : [0]), list.length);
      }
      return (eager ? calls.TFE_OpSetAttrFloat : calls.TF_SetAttrFloat)(target, name, value as number);
    case AttributeType.bool:
      if (list) {
        const set = eager ? calls.TFE_OpSetAttrBoolList : calls.TF_SetAttrBoolList;
        return set(target, name, Uint8Array.from(list.length ? list : [0], Number), list.length);
      }
      return (eager ? calls.TFE_OpSetAttrBool : calls.TF_SetAttrBool)(target, name, value ? 1 : 0);
    case AttributeType.type:
      if (list) {
        const set = eager ? calls.TFE_OpSetAttrTypeList : calls.TF_SetAttrTypeList;
        return set(target, name, Int32Array.from(list.length ? list : [0]), list.length);
      }
      return (eager ? calls.TFE_OpSetAttrType : calls.TF_SetAttrType)(target, name, value as number);
    case AttributeType.shape: {
      const shape = list ?? [];
      if (!eager) return calls.TF_SetAttrShape(target, name, int64s(shape), shape.length);
      calls.TFE_OpSetAttrShape(target, name, int64s(shape), shape.length, status.handle);
      return status.check(() => `Cannot set attribute ${attribute.name}`);
    }
    default:
      throw new TypeError(
        `Cannot set attribute: expected a kind that tfjs uses, got ${attribute.type} (${attribute.name})`,
      );
  }
}
