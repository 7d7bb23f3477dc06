/**
 * Tensors in nested arrays and objects, as steps take and return them.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { cannot } from "../problem.ts";

/** A tensor, or tensors in arrays and objects of any depth. */
export type Tensors = tf.Tensor | readonly Tensors[] | { readonly [name: string]: Tensors };

/** A container taken apart. */
export interface Flat {
  /** The tensors in a fixed order. */
  readonly tensors: tf.Tensor[];
  /** What the container looks like without them. */
  readonly structure: string;
  /** Puts as many other tensors into a container of the same form. */
  rebuild(tensors: readonly tf.Tensor[]): Tensors;
}

/**
 * Takes a container apart.
 *
 * @param container A tensor, or tensors in arrays and objects.
 * @param doing What to say could not be done when something else is found.
 * @returns Its tensors and how to build another one like it.
 * @throws Problem when it holds anything but tensors.
 */
export function flatten(container: unknown, doing: string): Flat {
  const tensors: tf.Tensor[] = [];
  const visit = (value: unknown, where: string): [string, (from: readonly tf.Tensor[]) => Tensors] => {
    if (value instanceof tf.Tensor) {
      const at = tensors.push(value) - 1;
      return ["*", (from) => from[at]!];
    }
    if (Array.isArray(value)) {
      const parts = value.map((part, i) => visit(part, `${where}[${i}]`));
      return [`[${parts.map(([form]) => form).join()}]`, (from) => parts.map(([, build]) => build(from))];
    }
    if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
      const parts = Object.entries(value).map(([key, part]) => [key, visit(part, `${where}.${key}`)] as const);
      return [
        `{${parts.map(([key, [form]]) => `${key}:${form}`).join()}}`,
        (from) => Object.fromEntries(parts.map(([key, [, build]]) => [key, build(from)])),
      ];
    }
    const got = value instanceof Promise ? "a promise" : value === null ? "null" : typeof value;
    throw cannot(doing, "tensors, or arrays and objects of tensors", got, where);
  };
  const [structure, build] = visit(container, "value");
  return { tensors, structure, rebuild: build };
}
