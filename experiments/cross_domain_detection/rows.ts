/**
 * The rows of the experiment's results.
 *
 * @module
 */

import type { DomainName, Variant } from "./sets.ts";

/** What a detector reaches on the test pictures of one domain. */
export type AucRow = {
  readonly kind: "auc";
  /**
   * `source`: as it was trained on its source. `adapted`: after target pictures. `chain`: after one domain more of a chain.
   */
  readonly phase: "source" | "adapted" | "chain";
  /** The detector, or the method that brought it to the target. */
  readonly method: string;
  readonly seed: number;
  readonly variant: Variant;
  /** What it was trained on first; "real" for detectors that see real faces alone (self-blending). */
  readonly source: DomainName | "real";
  /** What it was brought to, with how many forged target pictures (and their real ones); none in the source phase. */
  readonly target: DomainName | null;
  readonly shots: number | null;
  /** The chain so far, such as "df>graphics>aei", in the chain phase. */
  readonly chain: string | null;
  /** The tried setting (such as "rate 0.001"), and whether validation pictures chose it among those tried. */
  readonly setting: string | null;
  readonly chosen: boolean;
  /** Whether the weights are those of the best step by validation or of the last one. */
  readonly stop: "best" | "last";
  /** The domain that it is tested on. */
  readonly test: DomainName;
  /** How test pictures were worsened: "jpeg 50", "blur 2", "size 0.5"; none for not. */
  readonly degradation: string | null;
  readonly auc: number;
  readonly ap: number;
  readonly eer: number;
  /** At the threshold with the best balanced accuracy on the source's validation pictures. */
  readonly accuracy: number;
  readonly threshold: number;
  /**
   * For each test photograph (their order: rows of kind "photos"): share of real pictures scored below its forgery, plus share of
   * forgeries scored above its real picture, minus the AUC (ties count half). Their mean is the AUC, and means over resampled
   * photographs have the AUC's variance, paired between detectors (DeLong et al. 1988).
   */
  readonly placements: readonly number[];
};

/** The test photographs of a domain, in the order of `placements`. */
export type PhotosRow = {
  readonly kind: "photos";
  readonly test: DomainName;
  readonly variant: Variant;
  readonly photos: readonly string[];
  readonly persons: readonly string[];
};

/** Whether anything but the picture's content tells real from forged (parity of files), and how alike they are. */
export type DomainRow = {
  readonly kind: "domain";
  readonly domain: DomainName;
  readonly variant: Variant;
  /** Photographs by split. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** AUC of a linear classifier on size of file, JPEG tables and dimensions, trained on `train` and tested on `test`. */
  readonly metadata_auc: number;
  /** Mean gradient magnitude of the forged face regions over that of the real ones. */
  readonly relative_sharpness: number;
  /** Mean absolute difference between real and forged pictures. */
  readonly difference: number;
};

/** What a training cost. */
export type CostRow = {
  readonly kind: "cost";
  readonly method: string;
  readonly seed: number;
  readonly variant: Variant;
  readonly source: DomainName | "real";
  readonly parameters: number;
  readonly steps: number;
  readonly seconds: number;
};

/** Any row. */
export type ResultRow = AucRow | PhotosRow | DomainRow | CostRow;
