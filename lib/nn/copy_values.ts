import { tf } from "../runtime/mod.ts";

/**
 * Gives variables the values of others, in memory of their own. Assigning a variable to another makes both share one tensor,
 * which a recorded step takes from under the second when it gives the first a new value.
 *
 * @param from The variables that are read.
 * @param to As many variables of the same shapes.
 */
export function copyValues(from: readonly tf.Variable[], to: readonly tf.Variable[]): void {
  tf.tidy(() => from.forEach((source, i) => to[i]!.assign(source.mul(1))));
}

/**
 * Makes a variable that is not trained, with the value that another has now.
 *
 * @param variable The other.
 * @param name The new one's name.
 * @returns The variable.
 */
export function copyVariable(variable: tf.Variable, name: string): tf.Variable {
  return tf.tidy(() => tf.variable(variable.mul(1), false, name));
}
