/**
 * Weights of a model: named variables with seeded first values.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import { normal, randomSource, uniform } from "../random.ts";
import { tf } from "../runtime/mod.ts";

/** How first values are drawn. */
export type Initialiser = "glorot_uniform" | "he_normal" | "zeros" | "ones";

/** A store of weights. */
export interface Weights {
  /** All weights in the order in which they were made. */
  readonly variables: readonly tf.Variable[];
  /** Number of trainable values. */
  readonly parameters: number;
  /**
   * Makes a weight.
   *
   * @param name Its name within this store, such as "encoder/down1/kernel".
   * @param shape Sizes of its dimensions.
   * @param initialiser How first values are drawn.
   * @param trainable False for moving averages.
   * @returns The variable.
   */
  make(name: string, shape: number[], initialiser: Initialiser, trainable?: boolean): tf.Variable;
  /** The same store with a prefix before every name. */
  within(prefix: string): Weights;
  /** All weights by their names within the store. */
  named(): Record<string, tf.Variable>;
  /** Gives the weights whose names start with a prefix new first values, as after pretraining. */
  reinitialise(prefix: string, seed: number): void;
  /** Disposes of all weights. */
  dispose(): void;
}

let stores = 0;

/**
 * Makes a store of weights. Each weight's first values depend on the seed and its name alone, so that two models that
 * share a part start with the same weights in it.
 *
 * @param seed The seed, any whole number.
 * @returns The store.
 */
export function newWeights(seed: number): Weights {
  const store = `weights${++stores}/`;
  const variables: tf.Variable[] = [];
  const initialisers = new Map<string, Initialiser>();
  const within = (prefix: string): Weights => ({
    variables,
    get parameters() {
      return variables.reduce((sum, variable) => sum + (variable.trainable ? variable.size : 0), 0);
    },
    make(name, shape, initialiser, trainable = true) {
      const full = prefix + name;
      if (initialisers.has(full)) throw cannot("make weight", "a name of its own", `"${full}" twice`);
      const values = tf.tensor(draw(shape, initialiser, seed, full), shape, "float32");
      const variable = tf.variable(values, trainable, store + full);
      values.dispose();
      initialisers.set(full, initialiser);
      variables.push(variable);
      return variable;
    },
    within: (inner) => within(`${prefix}${inner}/`),
    named: () => Object.fromEntries(variables.map((variable) => [variable.name.slice(store.length), variable])),
    reinitialise(start, newSeed) {
      for (const variable of variables) {
        const name = variable.name.slice(store.length);
        if (!name.startsWith(prefix + start)) continue;
        tf.tidy(() =>
          variable.assign(tf.tensor(draw(variable.shape, initialisers.get(name)!, newSeed, name), variable.shape))
        );
      }
    },
    dispose: () => variables.forEach((variable) => variable.dispose()),
  });
  return within("");
}

function draw(shape: readonly number[], initialiser: Initialiser, seed: number, name: string): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = new Float32Array(size);
  if (initialiser === "zeros") return values;
  if (initialiser === "ones") return values.fill(1);
  const random = randomSource(seed, "weights", name);
  const { fanIn, fanOut } = fans(shape);
  if (initialiser === "glorot_uniform") {
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    for (let i = 0; i < size; i++) values[i] = uniform(random, -limit, limit);
  } else {
    const deviation = Math.sqrt(2 / fanIn);
    for (let i = 0; i < size; i++) values[i] = deviation * normal(random);
  }
  return values;
}

/** Inputs and outputs of one unit: kernels are `[height, width, in, out]`, matrices `[in, out]`. */
function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  const [input = 1, output = 1] = shape.slice(-2);
  const field = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  return { fanIn: field * input, fanOut: field * output };
}
