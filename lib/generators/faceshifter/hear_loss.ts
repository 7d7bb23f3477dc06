/**
 * HEAR-Net's loss (FaceShifter, Li et al., arXiv 1912.13457, section 3.2): reconstruction of the target where source and
 * target are one photograph, the source's identity, and little change of what the first stage made.
 *
 * @module
 */

import type { tf } from "../../runtime/mod.ts";
import { identityLoss, samePairLoss } from "./aei_loss.ts";

/** Weights of the three parts. */
export interface HearLossWeights {
  /** Of L'_rec, half the squared error to the target, same pairs alone. */
  readonly reconstruction: number;
  /** Of L'_id, 1 minus the cosine to the source's identity. */
  readonly identity: number;
  /** Of L'_chg, the absolute difference from the first stage's swap. */
  readonly change: number;
}

/**
 * The paper's: all alike.
 *
 * With means over pixels of colours in [-1, 1], as the losses of the first stage are computed, L'_chg then outweighs L'_rec
 * wherever the swap is off by less than half the range between black and white, and of larger errors half the range
 * stays: hardly anything is brought back. The paper does not say how its parts are summed.
 */
export const EQUAL_HEAR_WEIGHTS: HearLossWeights = { reconstruction: 1, identity: 1, change: 1 };

/**
 * The default: reconstruction as in the first stage, the others at 1. An error of less than 0.5 / 10 of the range between
 * black and white is not worth a change, and of larger ones as much stays; the rest is brought back.
 */
export const HEAR_WEIGHTS: HearLossWeights = { reconstruction: 10, identity: 1, change: 1 };

/** The three parts before they are weighted, scalars. */
export type HearLosses = Record<keyof HearLossWeights, tf.Scalar>;

/** What the loss looks at. */
export interface HearOutcome {
  /** The refined swap, `[batch, R, R, 3]` in [0, 1]. */
  readonly refined: tf.Tensor4D;
  /** The first stage's swap, `[batch, R, R, 3]` in [0, 1]. */
  readonly swap: tf.Tensor4D;
  /** The target photograph, `[batch, R, R, 3]` in [0, 1]. */
  readonly target: tf.Tensor4D;
  /** 1 where the target is its own source, 0 elsewhere, `[batch]`. */
  readonly same: tf.Tensor1D;
  /** Identity of the refined swap, `[batch, identity]`, of any norm. */
  readonly identity: tf.Tensor2D;
  /** Identity of the source, `[batch, identity]`, of any norm. */
  readonly source: tf.Tensor2D;
}

/**
 * Computes the parts, of colours in [-1, 1].
 *
 * @param outcome Pictures and identities.
 * @returns Each part, at least 0: `reconstruction` is half the mean squared error over same pairs, `identity` 1 minus the
 * mean cosine, `change` the mean absolute difference.
 */
export function hearLosses({ refined, swap, target, same, identity, source }: HearOutcome): HearLosses {
  return {
    reconstruction: samePairLoss(refined, target, same),
    identity: identityLoss(identity, source),
    change: refined.sub(swap).abs().mean().mul(2) as tf.Scalar,
  };
}

/**
 * Adds the parts up.
 *
 * @param losses The parts.
 * @param weights Their weights. Default {@linkcode HEAR_WEIGHTS}.
 * @returns Their weighted sum, a scalar.
 */
export function weightedHearLoss(losses: HearLosses, weights: HearLossWeights = HEAR_WEIGHTS): tf.Scalar {
  const { reconstruction, identity, change } = losses;
  return reconstruction.mul(weights.reconstruction).add(identity.mul(weights.identity))
    .add(change.mul(weights.change)) as tf.Scalar;
}
