/**
 * All detectors. A new one is a file with its entry and a line here: the tests that every detector has to pass run over this
 * list.
 *
 * @module
 */

import { countWeights } from "../nn/mod.ts";
import { classifier } from "./baselines/classifier.ts";
import { linearProbe } from "./baselines/linear_probe.ts";
import { mesoInception } from "./baselines/meso_inception.ts";
import { xception } from "./baselines/xception.ts";
import type { DetectorEntry, DetectorSizes } from "./detector.ts";
import { forensicTransfer } from "./forensic_transfer/forensic_transfer.ts";
import { efficientNet } from "./tgd/efficient_net.ts";
import { resNeXt } from "./tgd/resnext.ts";

// deno-lint-ignore no-explicit-any -- each entry has sizes of its own
const entries: readonly DetectorEntry<any>[] = [
  forensicTransfer,
  efficientNet,
  resNeXt,
  xception,
  mesoInception,
  classifier,
  linearProbe,
];

/** The detectors by name. */
export const detectors: Readonly<Record<string, DetectorEntry>> = Object.fromEntries(
  entries.map((entry) => [entry.name, entry as DetectorEntry]),
);

/**
 * Counts the trainable values of a detector without making them.
 *
 * @param entry Which detector.
 * @param sizes Its sizes.
 * @returns How many there are.
 */
export function countParameters<Sizes extends DetectorSizes>(entry: DetectorEntry<Sizes>, sizes: Sizes): number {
  return countWeights((weights) => void entry.build(weights, sizes));
}
