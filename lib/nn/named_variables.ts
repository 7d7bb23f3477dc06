import type { tf } from "../runtime/mod.ts";

/** Variables by name: a model's weights, an optimiser's state. */
export type NamedVariables = Readonly<Record<string, tf.Variable>>;

/**
 * Puts a prefix before every name, so that weights and optimiser states share a file.
 *
 * @param prefix The prefix, without the slash that follows it.
 * @param variables The variables.
 * @returns The same variables as `<prefix>/<name>`.
 */
export function prefixed(prefix: string, variables: NamedVariables): NamedVariables {
  return Object.fromEntries(Object.entries(variables).map(([name, variable]) => [`${prefix}/${name}`, variable]));
}
