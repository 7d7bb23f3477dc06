/**
 * What a detector is: which pictures it wants, how it scores them, and what it is trained by.
 *
 * @module
 */

import { newWeights, type Weights } from "../nn/mod.ts";
import { tf } from "../runtime/mod.ts";

/** Sizes of a detector, as a checkpoint stores them. */
export type DetectorSizes = Readonly<Record<string, number | string | readonly number[]>>;

/** What goes in. */
export type DetectorInput = {
  /** Pictures `[batch, resolution, resolution, 3]` in [0, 1]; the detector does the rest itself. */
  readonly kind: "pictures";
  /** Side in pixels. */
  readonly resolution: number;
  /** What the network sees: colours, or the residual of a high-pass filter. */
  readonly view: "rgb" | "residual";
  /** How colours are scaled before the network: as they are, by ImageNet's moments, or to [-1, 1]. */
  readonly normalisation: "unit" | "imagenet" | "symmetric";
} | {
  /** Vectors `[batch, length]` of a frozen network. */
  readonly kind: "features";
  readonly length: number;
};

/** Losses of a batch, scalars; `total` is what training lowers. */
export type DetectorLosses = { readonly total: tf.Scalar } & Readonly<Record<string, tf.Scalar>>;

/** How the network is to behave while it is trained. */
export interface TrainingMode {
  /** Seed of dropout and stochastic depth, int32 `[2]`. */
  readonly seed: tf.Tensor1D;
  /**
   * What batch normalisation goes by: "learn", the batch at hand, with moving averages that follow; "moving", the averages as
   * they are, for batches too small or too unlike for statistics of their own. Networks without it do not care.
   */
  readonly statistics: "learn" | "moving";
}

/** A network with its weights made, as a detector's file builds it. */
export interface DetectorNetwork {
  /** What goes in. */
  readonly input: DetectorInput;
  /**
   * Where the names of the last layer's weights start: L2-SP treats that layer apart, and it can be trained alone. None where
   * there is no such layer.
   */
  readonly head?: string;
  /**
   * Judges, for use.
   *
   * @param x The input.
   * @returns `[batch]`: above 0 is forged; the sigmoid of it is the score.
   */
  logits(x: tf.Tensor): tf.Tensor1D;
  /**
   * Computes the losses of a training batch.
   *
   * @param x The input.
   * @param forged `[batch]`, 1 for forged and 0 for real.
   * @param mode How the network behaves; none as in use.
   * @returns The losses.
   */
  losses(x: tf.Tensor, forged: tf.Tensor1D, mode?: TrainingMode): DetectorLosses;
}

/** A detector in the registry: a file has one. */
export interface DetectorEntry<Sizes extends DetectorSizes = DetectorSizes> {
  /** Its name in the registry, in checkpoints and in tables. */
  readonly name: string;
  /** Where it comes from. */
  readonly paper: string;
  /** A score that has been published for it, with data, unit and source; or that there is none. */
  readonly published: string;
  /** What it is trained by, in words. */
  readonly losses: readonly string[];
  /** How it is brought to another forgery. */
  readonly adaptation: readonly ("few-shot" | "fine-tuning" | "L2-SP" | "self-training" | "head alone")[];
  /** Named sizes; `tiny` is what the tests train. */
  readonly sizes: Readonly<Record<string, Sizes>> & { readonly tiny: Sizes };
  /** Trainable values of some of its named sizes, counted by hand or as published. */
  readonly parameters: Readonly<Record<string, number>>;
  /**
   * Makes the network's weights and layers.
   *
   * @param weights Where weights are made.
   * @param sizes The sizes.
   * @returns The network.
   */
  build(weights: Weights, sizes: Sizes): DetectorNetwork;
}

/** A detector. */
export interface Detector extends DetectorNetwork {
  readonly name: string;
  readonly entry: DetectorEntry;
  readonly sizes: DetectorSizes;
  readonly weights: Weights;
  /**
   * Scores pictures.
   *
   * @param x The input.
   * @returns `[batch]` in [0, 1]; higher is more likely forged.
   */
  score(x: tf.Tensor): tf.Tensor1D;
}

/**
 * Builds a detector with fresh weights.
 *
 * @example ForensicTransfer on residuals, small enough for two processor cores
 * ```ts
 * import { detector, detectors } from "doppel/detectors/mod.ts";
 *
 * const entry = detectors.forensic_transfer!;
 * const model = detector(entry, entry.sizes.small!, 1);
 * ```
 *
 * @param entry Which detector.
 * @param sizes Its sizes, one of the entry's or others.
 * @param seed Seed of the first weights.
 * @returns The detector.
 * @throws {Problem} When the sizes do not fit together.
 */
export function detector<Sizes extends DetectorSizes>(
  entry: DetectorEntry<Sizes>,
  sizes: Sizes,
  seed: number,
): Detector {
  const weights = newWeights(seed);
  try {
    const network = entry.build(weights, sizes);
    return {
      ...network,
      name: entry.name,
      entry: entry as unknown as DetectorEntry,
      sizes,
      weights,
      score: (x) => tf.tidy(() => tf.sigmoid(network.logits(x))),
    };
  } catch (error) {
    weights.dispose();
    throw error;
  }
}
