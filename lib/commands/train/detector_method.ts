/**
 * The ways in which a detector is trained, or brought to other forgeries.
 *
 * @module
 */

import type { DetectorAugmentation } from "../../data/mod.ts";
import { type DetectorEntry, detectorTraining, tgdTransfer } from "../../detectors/mod.ts";
import { cannot } from "../../problem.ts";
import type { TrainDetectorOptions } from "../../training/mod.ts";
import type { Settings } from "./settings.ts";

/** How a trained detector is brought to other forgeries. */
export const METHODS = ["fine-tune", "l2-sp", "tgd"] as const;

/** One of {@linkcode METHODS}. */
export type Method = typeof METHODS[number];

/** What a method decides. */
export interface MethodOptions extends Pick<TrainDetectorOptions, "training"> {
  readonly cutMix: NonNullable<DetectorAugmentation["cutMix"]>;
}

/** What is not typed: of training from first weights, and by method. L2-SP's strength is that of T-GD's notebooks. */
const RATES: Readonly<Record<Method, Settings>> = {
  "fine-tune": { steps: 200, rate: 3e-4, decay: 0 },
  "l2-sp": { steps: 200, rate: 3e-4, decay: 0 },
  "tgd": { steps: 200, rate: 0.04, decay: 1 },
};
const PULL = { strength: 0.1, head: 0.1 };
/** How the detectors' entries call the methods. */
const ADAPTATIONS = { "fine-tune": "fine-tuning", "l2-sp": "L2-SP", "tgd": "self-training" } as const;

/**
 * The settings that a method has by default.
 *
 * @param method The method; none for training from first weights.
 * @returns Steps, rate and the share over which it falls.
 */
export function methodDefaults(method: Method | undefined): Settings {
  return method === undefined ? { steps: 1000, rate: 1e-3, decay: 0 } : RATES[method];
}

/**
 * What a method changes in the training of a detector.
 *
 * @param entry Which detector.
 * @param method The method; none for training from first weights.
 * @returns Its training step, and how pictures are cut together.
 * @throws {Problem} When the detector cannot be brought over by that method.
 */
export function methodOptions(entry: DetectorEntry, method: Method | undefined): MethodOptions {
  if (method === undefined) return { cutMix: 0 };
  if (!entry.adaptation.includes(ADAPTATIONS[method])) {
    const known = METHODS.filter((other) => entry.adaptation.includes(ADAPTATIONS[other]));
    throw cannot(`train ${entry.name}`, `--method ${known.join(" or ")}`, method, "it cannot be brought over by that");
  }
  if (method === "fine-tune") return { cutMix: 0 };
  if (method === "l2-sp") {
    return { cutMix: 0, training: (model, precision) => detectorTraining(model, { ...precision, l2sp: PULL }) };
  }
  return { cutMix: 0.5, training: (model, precision) => tgdTransfer(model, precision) };
}
