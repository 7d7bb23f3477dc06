/**
 * The methods that bring a detector to another forgery with a few pictures of it. All see the same pictures and as many learning
 * rates, and all of one network as many steps; they differ in the detector that they start from, in augmentation and in what
 * holds the weights back.
 *
 * @module
 */

import type { DetectorAugmentation } from "doppel/data/mod.ts";
import { type Detector, type DetectorTraining, detectorTraining, tgdTransfer } from "doppel/detectors/mod.ts";
import type { CompileOptions } from "doppel/runtime/mod.ts";
import type { Config } from "./presets.ts";
import { type DetectorName, flipsAlone, stepsWith } from "./recipes.ts";

/** A method of adaptation. */
export interface Adaptation {
  /** As in tables. */
  readonly title: string;
  /** The detector that it starts from. */
  readonly on: DetectorName;
  /** How target pictures are varied. */
  readonly augmentation: DetectorAugmentation;
  /** Factor on the settings' rates: they are Adam's, and gradient descent needs ten times as much. Default 1. */
  readonly rateFactor?: number;
  /** Whether the rate falls as in T-GD's script. Default false: it is constant. */
  readonly falling?: boolean;
  /** Passes over the target pictures, if it makes no more than these. Default: all steps. */
  readonly passes?: number;
  /**
   * Makes the training step.
   *
   * @param model The trained detector.
   * @param precision Mixed precision or not.
   * @param steps Steps that will be made.
   * @returns The step and its state.
   */
  training(model: Detector, precision: CompileOptions, steps: number): DetectorTraining;
}

/** Adam, as ForensicTransfer is trained; batch normalisation learns along, as it does in training. */
const adam = {
  augmentation: flipsAlone,
  training: (model: Detector, precision: CompileOptions) => detectorTraining(model, precision),
} as const;

/** T-GD's augmentation (arXiv 2008.04115): blur and JPEG, each for half of the pictures, CutMix within a class, mirror images. */
const noisy: DetectorAugmentation = { cutMix: 0.5 };

/**
 * T-GD's transfer: gradient descent with momentum 0.1. The authors' rates are 0.001 to 0.1 for networks of whole size; a small one
 * that has just been trained forgets all at 0.03, so the settings' rates come out as 0.001 to 0.01. The rate falls along a cosine
 * and to a tenth after 250 of 300 epochs, here after the same share of the steps.
 */
const descent = { on: "efficient_net", rateFactor: 10, falling: true } as const;
const sgd = { optimiser: "sgd", momentum: 0.1 } as const;

const entries = {
  ft: { ...adam, title: "ForensicTransfer", on: "ft" },
  /** The reading of most copies: colours instead of residuals, and ten passes over the target, however few pictures it has. */
  ft_rgb_10_epochs: { ...adam, title: "ForensicTransfer, RGB, 10 epochs", on: "ft_rgb", passes: 10 },
  ft_gamma_0: { ...adam, title: "ForensicTransfer, gamma 0", on: "ft_gamma_0" },
  ft_no_selection: { ...adam, title: "ForensicTransfer, no selection", on: "ft_no_selection" },
  fine_tuned_classifier: { ...adam, title: "classifier, fine-tuned", on: "classifier" },
  fine_tuned: {
    ...descent,
    title: "fine-tuned",
    augmentation: flipsAlone,
    training: (model, precision) => detectorTraining(model, { ...precision, ...sgd }),
  },
  fine_tuned_augmented: {
    ...descent,
    title: "fine-tuned, augmented",
    augmentation: noisy,
    training: (model, precision) => detectorTraining(model, { ...precision, ...sgd }),
  },
  /** Of constant strength 0.1, as in several of the authors' notebooks. */
  l2_sp: {
    ...descent,
    title: "L2-SP, augmented",
    augmentation: noisy,
    training: (model, precision) =>
      detectorTraining(model, { ...precision, ...sgd, l2sp: { strength: 0.1, head: 0.1 } }),
  },
  /** As the authors' script: strength by the teacher's loss, and the student becomes the teacher after 200 of 300 epochs. */
  tgd: {
    ...descent,
    title: "T-GD",
    augmentation: noisy,
    training: (model, precision, steps) =>
      tgdTransfer(model, { ...precision, ...sgd, renewEvery: Math.max(1, Math.round(steps * 200 / 300)) }),
  },
} as const satisfies Readonly<Record<string, Adaptation>>;

/** Name of a method of adaptation. */
export type AdaptationName = keyof typeof entries;

/** The methods by name, in the order of tables and charts: one more is an entry above. */
export const adaptations: Readonly<Record<AdaptationName, Adaptation>> = entries;

/** The names of all methods. */
export const adaptationNames = Object.keys(entries) as AdaptationName[];

/** Methods that are brought through several domains in a row. */
export const chained: readonly AdaptationName[] = ["tgd", "fine_tuned"];

/**
 * With how many target pictures a method is tried.
 *
 * @param method The method.
 * @param config The experiment's settings.
 * @returns Forged pictures, each with its real one; 0 for none.
 */
export function shotsOf(
  { on }: Adaptation,
  { shots, ablation_shots, tgd_shots }: Pick<Config, "shots" | "ablation_shots" | "tgd_shots">,
): readonly number[] {
  if (on === "efficient_net") return tgd_shots;
  return on === "ft_gamma_0" || on === "ft_no_selection" ? ablation_shots : shots;
}

/**
 * Steps of a method on so many target pictures. A network that takes longer on its source takes as much longer here, by every
 * method on it.
 *
 * @param method The method.
 * @param shots Forged target pictures, each with its real one.
 * @param config The experiment's settings.
 * @returns Steps, never more than those of other methods on the same network.
 */
export function stepsOf({ on, passes }: Adaptation, shots: number, { adapt_steps, batch }: Config): number {
  const steps = stepsWith(on, adapt_steps);
  return passes === undefined ? steps : Math.min(steps, Math.ceil(passes * 2 * shots / batch));
}

/**
 * The learning rates that a method tries, in the order of the settings.
 *
 * @param method The method.
 * @param config The experiment's settings.
 * @returns Rates.
 */
export function ratesOf({ rateFactor = 1 }: Adaptation, { adapt_rates }: Pick<Config, "adapt_rates">): number[] {
  return adapt_rates.map((rate) => Number((rate * rateFactor).toPrecision(6)));
}
