/**
 * One training step of any detector.
 *
 * @module
 */

import { adam, type Optimiser, sgd } from "../nn/mod.ts";
import { cannot } from "../problem.ts";
import { compile, type CompileOptions, tf } from "../runtime/mod.ts";
import type { Detector, TrainingMode } from "./detector.ts";
import { constantPull, type Pull, pullLosses } from "./l2sp.ts";

/** Pictures or features with their labels. */
export interface DetectorBatch {
  /** `[batch, R, R, 3]` in [0, 1], or `[batch, length]`. */
  readonly input: tf.Tensor;
  /** `[batch]`, 1 for forged and 0 for real. */
  readonly forged: tf.Tensor1D;
}

/** How a detector is trained. */
export interface DetectorTrainingOptions extends CompileOptions {
  /** Default "adam" (0.9, 0.999). */
  readonly optimiser?: "adam" | "sgd";
  /** Momentum of "sgd". Default 0.9. */
  readonly momentum?: number;
  /** Half of this times the square of all trained weights is added to the loss. Default 0. */
  readonly weightDecay?: number;
  /** Which weights are trained: all, or those of the last layer alone. Default "all". */
  readonly trained?: "all" | "head";
  /** What batch normalisation goes by. Default "learn", and "moving" where the last layer alone is trained. */
  readonly statistics?: TrainingMode["statistics"];
  /**
   * Pulls the weights towards those that the detector has now (L2-SP, Li et al., arXiv 1802.01483): the strength of the pull,
   * and that of the decay of the last layer, which is not pulled. Default none.
   */
  readonly l2sp?: { readonly strength: number; readonly head: number };
}

/** A compiled training step and what it keeps between steps. */
export interface DetectorTraining {
  /** State to be saved with the weights, by name. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  /**
   * Makes a step.
   *
   * @param batch The batch.
   * @param rate Learning rate, a scalar.
   * @param seed Seed of dropout and stochastic depth, int32 `[2]`.
   * @returns The losses before the step, scalars; `total` is the sum that was lowered.
   */
  step(batch: DetectorBatch, rate: tf.Scalar, seed: tf.Tensor1D): Promise<Record<string, tf.Scalar>>;
  /**
   * Does what is due between steps.
   *
   * @param done Steps done.
   */
  afterStep(done: number): void;
  /** Frees the step and its state. */
  dispose(): void;
}

/**
 * Compiles a detector's training step: source training, plain fine-tuning, few-shot fine-tuning, L2-SP or a linear probe,
 * according to the batches and the options.
 *
 * @example Fine-tune with L2-SP
 * ```ts
 * import { detector, detectors, detectorTraining } from "doppel/detectors/mod.ts";
 *
 * const model = detector(detectors.efficient_net!, detectors.efficient_net!.sizes.small!, 1);
 * const training = detectorTraining(model, { optimiser: "sgd", momentum: 0.1, l2sp: { strength: 0.1, head: 0.1 } });
 * ```
 *
 * @param model The detector.
 * @param options Optimiser, weight decay, what is trained, L2-SP, precision.
 * @returns The step and its state.
 * @throws {Problem} When the last layer alone is to be trained of a detector that has none.
 */
export function detectorTraining(model: Detector, options: DetectorTrainingOptions = {}): DetectorTraining {
  const { l2sp } = options;
  return pulledTraining(model, options, l2sp && constantPull(model, l2sp.strength, l2sp.head));
}

/**
 * A training step with a pull that the caller defines.
 *
 * @param model The detector.
 * @param options As for {@linkcode detectorTraining}, whose `l2sp` is not looked at.
 * @param pull What pulls the weights, or nothing. It is disposed of with the training.
 * @returns The step and its state.
 * @throws {Problem} As {@linkcode detectorTraining}.
 */
export function pulledTraining(
  model: Detector,
  options: DetectorTrainingOptions,
  pull: Pull | undefined,
): DetectorTraining {
  const { weightDecay = 0, trained = "all", mixedPrecision = false, eager = false } = options;
  const statistics = options.statistics ?? (trained === "head" ? "moving" : "learn");
  const weights = trainedWeights(model, trained);
  const optimiser = optimiserFor(weights, options);
  const step = compile((batch: DetectorBatch, rate: tf.Scalar, seed: tf.Tensor1D) => {
    const strengths = pull?.strengths(batch);
    const losses: Record<string, tf.Scalar> = { ...strengths?.losses };
    const total = optimiser.minimise(() => {
      const { total, ...parts } = model.losses(batch.input, batch.forged, { seed, statistics });
      const terms: tf.Scalar[] = [total];
      if (strengths) {
        const { body, head } = pullLosses(model, weights, pull!.anchors);
        terms.push(body.mul(strengths.body), head.mul(strengths.head));
        losses["pull"] = tf.keep(body.clone());
      }
      if (weightDecay > 0) terms.push(sumOfSquares(weights).mul(weightDecay / 2));
      for (const [name, part] of Object.entries(parts)) losses[name] = tf.keep(part.clone());
      return tf.addN(terms) as tf.Scalar;
    }, rate);
    return { ...losses, total };
  }, { mixedPrecision, eager });
  return {
    state: { ...optimiser.state, ...pull?.state },
    step,
    afterStep: (done) => pull?.afterStep?.(done),
    dispose() {
      step.dispose();
      optimiser.dispose();
      pull?.dispose();
    },
  };
}

function trainedWeights(model: Detector, trained: "all" | "head"): tf.Variable[] {
  const named = Object.entries(model.weights.named()).filter(([, variable]) => variable.trainable);
  if (trained === "all") return named.map(([, variable]) => variable);
  const { head } = model;
  if (head === undefined) throw cannot("train the last layer", "a detector that ends in one", model.name);
  return named.filter(([name]) => name.startsWith(head)).map(([, variable]) => variable);
}

function optimiserFor(
  weights: readonly tf.Variable[],
  { optimiser = "adam", momentum }: DetectorTrainingOptions,
): Optimiser {
  return optimiser === "adam" ? adam(weights) : sgd(weights, momentum === undefined ? {} : { momentum });
}

function sumOfSquares(weights: readonly tf.Variable[]): tf.Scalar {
  return tf.addN(weights.map((weight) => weight.square().sum())) as tf.Scalar;
}
