/**
 * T-GD: bringing a detector to a new forgery with pictures of that alone, without losing the old one. A frozen copy of the
 * detector, the teacher, judges each batch first: what it finds easy, the old knowledge explains, and the weights are pulled
 * back strongly; what it finds hard has to be learned. From time to time the student becomes the teacher.
 *
 * Paper: Jeon, Bang, Kim, Woo, "T-GD: Transferable GAN-generated Images Detection Framework", ICML 2020, arXiv 2008.04115,
 * algorithm 1. Where the authors' script and notebooks differ, both are options; the defaults are the script's. Algorithm 2,
 * CutMix within a class, belongs to the batches; dropout and stochastic depth to the networks.
 *
 * @module
 */

import { copyValues } from "../../nn/mod.ts";
import { cannot } from "../../problem.ts";
import { tf } from "../../runtime/mod.ts";
import { type Detector, detector } from "../detector.ts";
import { copyOf, type Pull, withPrefix } from "../l2sp.ts";
import { type DetectorTraining, type DetectorTrainingOptions, pulledTraining } from "../training_step.ts";

/** How T-GD transfers. */
export interface TgdOptions extends Omit<DetectorTrainingOptions, "l2sp" | "trained"> {
  /**
   * Strength of the pull: "teacher", scale times the sigmoid of minus the teacher's loss on the batch (the script), or a
   * constant (notebooks: 0.1). Default "teacher".
   */
  readonly strength?: "teacher" | number;
  /** The script's factor s on the teacher's strength. Default 1, for a strength in (0, 0.5]. */
  readonly scale?: number;
  /** Decay of the last layer: "same" as the pull (the script), or a constant: notebooks have 0, 0.1 and 1. Default "same". */
  readonly headDecay?: "same" | number;
  /**
   * Steps after which the student becomes the teacher; 0 for never. The script renews it every 200 epochs, notebooks every
   * 100, 500 or 900, or never. Default 0.
   */
  readonly renewEvery?: number;
  /**
   * Where the weights are pulled to: the "teacher", and so to its new weights once it is renewed (the script), or for ever the
   * "source" detector's. Default "teacher".
   */
  readonly anchors?: "teacher" | "source";
}

/**
 * Compiles T-GD's transfer step: cross-entropy on the target's pictures plus the pull. There is no loss on the source.
 *
 * @example Transfer a trained detector
 * ```ts
 * import { type Detector, tgdTransfer } from "doppel/detectors/mod.ts";
 *
 * export const transfer = (trained: Detector) => tgdTransfer(trained, { renewEvery: 400 });
 * ```
 *
 * @param model A detector trained on the source; it becomes the student.
 * @param options Pull, renewal, optimiser (default gradient descent with momentum 0.1), precision.
 * @returns The step and its state: optimiser, teacher, anchors.
 * @throws {Problem} When the interval or a strength is negative.
 */
export function tgdTransfer(
  model: Detector,
  {
    strength = "teacher",
    scale = 1,
    headDecay = "same",
    renewEvery = 0,
    anchors = "teacher",
    optimiser = "sgd",
    momentum = 0.1,
    ...options
  }: TgdOptions = {},
): DetectorTraining {
  if (!(Number.isInteger(renewEvery) && renewEvery >= 0)) {
    throw cannot("transfer", "a whole number of steps between renewals, or 0", String(renewEvery));
  }
  for (const value of [strength, scale, headDecay]) {
    if (typeof value === "number" && !(value >= 0)) throw cannot("transfer", "strengths of 0 or more", String(value));
  }
  const teacher = detector(model.entry, model.sizes, 1);
  const renew = () => copyValues(model.weights.variables, teacher.weights.variables);
  renew();
  const source = anchors === "source" ? copyOf(model.weights, "anchors/") : undefined;
  const pull: Pull = {
    anchors: source ?? teacher.weights.named(),
    state: { ...withPrefix("teacher", teacher.weights.named()), ...(source && withPrefix("anchors", source)) },
    strengths({ input, forged }) {
      const loss = teacher.losses(input, forged).total;
      const body = strength === "teacher" ? tf.sigmoid(loss.neg()).mul(scale) as tf.Scalar : tf.scalar(strength);
      const head = headDecay === "same" ? body : headDecay;
      return { body, head, losses: { teacher: loss, strength: body } };
    },
    afterStep: (done) => renewEvery > 0 && done % renewEvery === 0 ? renew() : undefined,
    dispose() {
      teacher.weights.dispose();
      Object.values(source ?? {}).forEach((variable) => variable.dispose());
    },
  };
  return pulledTraining(model, { ...options, optimiser, momentum }, pull);
}
