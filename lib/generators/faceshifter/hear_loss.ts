/**
 * HEAR-Net's loss (FaceShifter, Li et al., arXiv 1912.13457, section 3.2): reconstruction of the target where source and
 * target are one photograph, the source's identity, and little change of what the first stage made.
 *
 * @module
 */

import { tf } from "../../runtime/mod.ts";

/** Weights of the three parts. */
export interface HearLossWeights {
  /** Of half the squared error to the target, same pairs alone. */
  readonly reconstruction: number;
  /** Of 1 minus the cosine to the source's identity. */
  readonly identity: number;
  /** Of the absolute difference from the first stage's swap. */
  readonly change: number;
}

/**
 * The paper's: all alike.
 *
 * With means over pixels of values in [0, 1], as used here, they leave every swap as it is: the slope of the first part is the error
 * itself, at most 1, and that of the third is 1 wherever anything has been changed. The paper does not say by
 * which range or sum its parts are comparable; see {@linkcode HEAR_WEIGHTS}.
 */
export const EQUAL_HEAR_WEIGHTS: HearLossWeights = { reconstruction: 1, identity: 1, change: 1 };

/**
 * The default. The weight of the reconstruction over that of the change sets how small an error is not worth a change:
 * with a share s of same pairs, errors under 1 / (50 s) stay, so 0.04 of the range at one half, and of larger ones the rest is
 * brought back.
 */
export const HEAR_WEIGHTS: HearLossWeights = { reconstruction: 50, identity: 1, change: 1 };

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
  /** Identity of the refined swap, `[batch, length]`, of any norm. */
  readonly identity: tf.Tensor2D;
  /** Identity of the source, `[batch, length]`, of any norm. */
  readonly source: tf.Tensor2D;
}

/**
 * Computes the parts: means over pixels and channels, then over the whole batch, so that reconstruction counts as much as there
 * are same pairs.
 *
 * @param outcome Pictures and identities.
 * @returns Each part, at least 0: `reconstruction` is half the mean squared error, `identity` 1 minus the cosine, `change`
 * the mean absolute difference.
 */
export function hearLosses({ refined, swap, target, same, identity, source }: HearOutcome): HearLosses {
  return {
    reconstruction: refined.sub(target).square().mean([1, 2, 3]).mul(same).mean().div(2) as tf.Scalar,
    identity: tf.sub(1, cosine(identity, source)).mean() as tf.Scalar,
    change: refined.sub(swap).abs().mean() as tf.Scalar,
  };
}

/**
 * Adds the parts up.
 *
 * @param losses The parts.
 * @param weights Their weights.
 * @returns Their weighted sum, a scalar.
 */
export function weightedHearLoss(losses: HearLosses, weights: HearLossWeights = HEAR_WEIGHTS): tf.Scalar {
  const { reconstruction, identity, change } = losses;
  return reconstruction.mul(weights.reconstruction).add(identity.mul(weights.identity))
    .add(change.mul(weights.change)) as tf.Scalar;
}

function cosine(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor1D {
  const norms = a.square().sum(1).mul(b.square().sum(1));
  return a.mul(b).sum(1).mul(norms.add(1e-12).rsqrt()) as tf.Tensor1D;
}
