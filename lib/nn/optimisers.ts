/**
 * What all optimisers share. The learning rate is a tensor that the step takes as an argument, and every state is a
 * variable, so that a checkpoint that holds the variables resumes exactly.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import { fenceGradient, isNative, randomUniform, saltSeed, tf } from "../runtime/mod.ts";

/** An optimiser of given weights. */
export interface Optimiser {
  /** State to be saved with the weights, by name: moments and the step count. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  /**
   * Makes one step.
   *
   * @param loss Computes the loss, a scalar, from the weights.
   * @param rate Learning rate, a scalar tensor.
   * @param seed Seed of the step, int32 `[2]`; needed with learning-rate dropout alone.
   * @returns The loss before the step.
   */
  minimise(loss: () => tf.Scalar, rate: tf.Scalar, seed?: tf.Tensor1D): tf.Scalar;
  /** Disposes of the state. */
  dispose(): void;
}

/** Options that every optimiser has. */
export interface OptimiserOptions {
  /**
   * Learning-rate dropout (Lin et al., arXiv 1912.00144): each value of each weight is updated with this probability in
   * a step and left alone otherwise. 1 for no dropout. Default 1; DeepFaceLab's is 0.3.
   */
  readonly keep?: number;
  /** Scales all gradients down together so that their norm is at most this. Default none; DeepFaceLab's is 1. */
  readonly clipNorm?: number;
}

/** How one kind of optimiser turns a gradient into an update. */
export interface UpdateRule<Shared> {
  /** The optimiser's name, the first part of its variables' names. */
  readonly name: string;
  /** Names of the states that each weight has, of the weight's shape, zero at first. */
  readonly slots: readonly string[];
  /** Computes once a step what all weights share. */
  prepare(count: tf.Scalar, rate: tf.Scalar): Shared;
  /**
   * Computes one weight's update and assigns its states.
   *
   * @param gradient The gradient, of the weight's shape.
   * @param slots The weight's states in the order of `slots`.
   * @param shared What {@linkcode prepare} made.
   * @returns What is to be subtracted from the weight.
   */
  update(gradient: tf.Tensor, slots: readonly tf.Variable[], shared: Shared): tf.Tensor;
  /** Does the whole step of one weight at once on the native backend, where no value is left out. */
  apply?:
    | ((weight: tf.Variable, gradient: tf.Tensor, slots: readonly tf.Variable[], shared: Shared) => void)
    | undefined;
}

let made = 0;

/**
 * Builds an optimiser from its rule.
 *
 * @param weights The trainable variables.
 * @param rule How updates are computed.
 * @param options Dropout, clipping.
 * @returns The optimiser.
 * @throws Problem when the keep probability is not in (0, 1].
 */
export function optimiserOf<Shared>(
  weights: readonly tf.Variable[],
  rule: UpdateRule<Shared>,
  { keep = 1, clipNorm }: OptimiserOptions = {},
): Optimiser {
  if (!(keep > 0 && keep <= 1)) throw cannot("make optimiser", "a keep probability in (0, 1]", String(keep));
  const prefix = `${rule.name}${++made}/`;
  const state: Record<string, tf.Variable> = {};
  const slot = (name: string, shape: number[]) => {
    const zeros = tf.zeros(shape);
    const variable = tf.variable(zeros, false, prefix + name);
    zeros.dispose();
    return state[name] = variable;
  };
  // Without the store's number, which differs from process to process.
  const nameOf = (weight: tf.Variable) => weight.name.replace(/^weights\d+\//, "");
  const slots = weights.map((weight) => rule.slots.map((name) => slot(`${name}/${nameOf(weight)}`, weight.shape)));
  const count = slot("count", []) as tf.Variable<tf.Rank.R0>;

  return {
    state,
    minimise: (loss, rate, seed) =>
      tf.tidy(() => {
        if (keep < 1 && !seed) throw cannot("make optimiser step", "a seed for learning-rate dropout", "none");
        const { value, grads } = tf.variableGrads(loss, [...weights]);
        count.assign(count.add(1));
        const shared = rule.prepare(count, rate);
        const gradients = weights.map((weight) => fenceGradient(grads[weight.name]!, `the gradient of ${weight.name}`));
        const scale = clipNorm === undefined ? undefined : clipScale(gradients, clipNorm);
        weights.forEach((weight, i) => {
          const gradient = scale ? gradients[i]!.mul(scale) : gradients[i]!;
          if (rule.apply && keep === 1 && isNative()) return rule.apply(weight, gradient, slots[i]!, shared);
          const update = rule.update(gradient, slots[i]!, shared);
          weight.assign(weight.sub(keep < 1 ? dropped(update, keep, saltSeed(seed!, i)) : update));
        });
        return value;
      }),
    dispose: () => Object.values(state).forEach((variable) => variable.dispose()),
  };
}

function clipScale(gradients: readonly tf.Tensor[], norm: number): tf.Tensor {
  const length = tf.addN(gradients.map((gradient) => gradient.square().sum())).sqrt();
  return tf.scalar(norm).div(tf.maximum(length, norm));
}

function dropped(update: tf.Tensor, keep: number, seed: tf.Tensor1D): tf.Tensor {
  return update.mul(randomUniform(update.shape, seed).less(keep).toFloat());
}
