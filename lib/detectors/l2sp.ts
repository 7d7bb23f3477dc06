/**
 * L2-SP: fine-tuning that pulls the weights towards those it started from (Li, Grandvalet, Davoine, "Explicit Inductive Bias
 * for Transfer Learning with Convolutional Networks", ICML 2018, arXiv 1802.01483). The last layer is not pulled but decays.
 *
 * @module
 */

import { copyVariable, type Weights } from "../nn/mod.ts";
import { tf } from "../runtime/mod.ts";
import type { Detector } from "./detector.ts";
import type { DetectorBatch } from "./training_step.ts";

/** What pulls weights in a training step. */
export interface Pull {
  /** Where each weight is pulled to, by its name within the detector. */
  readonly anchors: Readonly<Record<string, tf.Variable>>;
  /** State to be saved, by name. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  /**
   * How strong the pull is on a batch, and the decay of the last layer; no gradient flows through them.
   *
   * @param batch The batch.
   * @returns Two factors, and losses to be reported.
   */
  strengths(batch: DetectorBatch): {
    readonly body: tf.Scalar | number;
    readonly head: tf.Scalar | number;
    readonly losses?: Readonly<Record<string, tf.Scalar>>;
  };
  /** Does what is due after so many steps. */
  afterStep?(done: number): void;
  /** Frees what it keeps. */
  dispose(): void;
}

/**
 * A pull of constant strength towards the weights that a detector has now.
 *
 * @param model The detector.
 * @param strength Factor on half the squared distance of all weights but the last layer's.
 * @param head Factor on half the square of the last layer's weights.
 * @returns The pull.
 */
export function constantPull(model: Detector, strength: number, head: number): Pull {
  const anchors = copyOf(model.weights, "anchors/");
  return {
    anchors,
    state: withPrefix("anchors", anchors),
    strengths: () => ({ body: strength, head }),
    dispose: () => Object.values(anchors).forEach((variable) => variable.dispose()),
  };
}

/**
 * Half the squared distance of weights to their anchors, and half the square of the last layer's.
 *
 * @param model The detector, which says which layer is its last one.
 * @param trained The weights that are trained; others count for nothing.
 * @param anchors Where to, by name within the detector.
 * @returns Two scalars.
 */
export function pullLosses(
  model: Detector,
  trained: readonly tf.Variable[],
  anchors: Readonly<Record<string, tf.Variable>>,
): { body: tf.Scalar; head: tf.Scalar } {
  const { head = "" } = model;
  const wanted = new Set(trained);
  const body: tf.Tensor[] = [];
  const last: tf.Tensor[] = [];
  for (const [name, weight] of Object.entries(model.weights.named())) {
    if (!wanted.has(weight)) continue;
    if (head && name.startsWith(head)) last.push(weight.square().sum());
    else body.push(weight.sub(anchors[name]!).square().sum());
  }
  const half = (terms: tf.Tensor[]) => (terms.length > 0 ? tf.addN(terms) : tf.scalar(0)).div(2) as tf.Scalar;
  return { body: half(body), head: half(last) };
}

/**
 * Copies of a store's trainable weights that are not trained.
 *
 * @param weights The store.
 * @param prefix What their variables' names begin with.
 * @returns The copies by the weights' names.
 */
export function copyOf(weights: Weights, prefix: string): Record<string, tf.Variable> {
  const number = ++copies;
  return Object.fromEntries(
    Object.entries(weights.named()).filter(([, weight]) => weight.trainable).map(([name, weight]) => [
      name,
      copyVariable(weight, `copy${number}/${prefix}${name}`),
    ]),
  );
}

let copies = 0;

/**
 * Names with a first part.
 *
 * @param prefix The part, without the slash that follows it.
 * @param variables Variables by name.
 * @returns The same variables as `<prefix>/<name>`.
 */
export function withPrefix(
  prefix: string,
  variables: Readonly<Record<string, tf.Variable>>,
): Record<string, tf.Variable> {
  return Object.fromEntries(Object.entries(variables).map(([name, variable]) => [`${prefix}/${name}`, variable]));
}
