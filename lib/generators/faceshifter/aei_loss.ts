/**
 * The losses of AEI-Net's training (FaceShifter, section 3.1).
 *
 * @module
 */

import { meanSquaredError } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";

/** Weights of the losses. */
export interface AeiLossWeights {
  /** Of L_adv. */
  readonly adversarial: number;
  /** Of L_id. */
  readonly identity: number;
  /** Of L_att. */
  readonly attributes: number;
  /** Of L_rec. */
  readonly reconstruction: number;
}

/** The paper's weights. */
export const aeiLossWeights: AeiLossWeights = { adversarial: 1, identity: 5, attributes: 10, reconstruction: 10 };

/**
 * L_id = 1 - cos(z_id of the made face, z_id of the source), averaged over the batch.
 *
 * @param made Embeddings of the made faces, `[batch, identity]`.
 * @param source Embeddings of the sources, of the same shape.
 * @returns A scalar in [0, 2].
 */
export function identityLoss(made: tf.Tensor2D, source: tf.Tensor2D): tf.Scalar {
  const length = (x: tf.Tensor2D) => x.square().sum(1).add(1e-12).sqrt();
  const cosine = made.mul(source).sum(1).div(length(made).mul(length(source)));
  return tf.sub(1, cosine.mean());
}

/**
 * L_att: half the sum over the levels of the squared distance of z_att. The distance of a level is the mean over its
 * values and the batch, as in the open re-implementations, so that a level does not weigh more for being larger.
 *
 * @param made z_att of the made faces.
 * @param target z_att of the targets.
 * @returns A scalar.
 */
export function attributeLoss(made: readonly tf.Tensor4D[], target: readonly tf.Tensor4D[]): tf.Scalar {
  return tf.addN(made.map((level, k) => level.sub(target[k]!).square().mean())).div(2);
}

/**
 * L_rec: half the mean squared error of colours in [-1, 1], over same pairs alone. (The weight of 10 was chosen for that
 * range; of colours in [0, 1] the error would be a quarter.)
 *
 * @param made Made faces, `[batch, R, R, 3]` in [0, 1].
 * @param reference What they are to be, of the same shape.
 * @param same `[batch]`: 1 where source and target are one person, else 0.
 * @returns A scalar: the mean over the same pairs, 0 without any.
 */
export function samePairLoss(made: tf.Tensor4D, reference: tf.Tensor4D, same: tf.Tensor1D): tf.Scalar {
  const each = meanSquaredError(reference, made).mul(same);
  return each.sum().div(tf.maximum(same.sum(), 1)).mul(4 / 2) as tf.Scalar;
}

/**
 * The generator's adversarial loss beside the discriminator's hinge loss: minus the mean logit, summed over the scales.
 *
 * @param made Logits of made faces at each scale.
 * @returns A scalar.
 */
export function fooledLoss(made: readonly tf.Tensor4D[]): tf.Scalar {
  return tf.addN(made.map((logits) => logits.mean())).neg() as tf.Scalar;
}

/**
 * The discriminator's hinge loss, halved, summed over the scales.
 *
 * @param real Logits of photographs at each scale.
 * @param made Logits of made faces.
 * @returns A scalar, 0 where every logit is right by 1 or more.
 */
export function hingeLoss(real: readonly tf.Tensor4D[], made: readonly tf.Tensor4D[]): tf.Scalar {
  const parts = real.map((logits, k) => {
    const wrong = logits.neg().add(1).relu().mean();
    return wrong.add(made[k]!.add(1).relu().mean());
  });
  return tf.addN(parts).div(2);
}
