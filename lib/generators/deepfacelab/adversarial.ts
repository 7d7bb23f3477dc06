/**
 * The adversarial losses of DeepFaceLab's training: binary cross-entropy on logits (`Model_SAEHD/Model.py`).
 *
 * @module
 */

import { fence, tf } from "../../runtime/mod.ts";
import type { Prediction } from "./decoder.ts";
import { softMask, type Target } from "./loss.ts";
import type { PatchLogits } from "./patch_discriminator.ts";

/** What the discriminators look at: "both" is the paper's figure, pictures and masks of both sides; "source" DeepFaceLab's code, the masked pictures of the source side. */
export type GanSides = "both" | "source";

/**
 * Binary cross-entropy of logits, averaged.
 *
 * @param logits Of any shape.
 * @param real Whether they are to say "real".
 * @returns A scalar.
 */
export function crossEntropy(logits: tf.Tensor, real: boolean): tf.Scalar {
  const safe = fence(logits, "the discriminator's logits");
  return (real ? safe.neg() : safe).softplus().mean() as tf.Scalar;
}

/**
 * Cross-entropy of both outputs of a patch discriminator.
 *
 * @param logits The outputs.
 * @param real Whether they are to say "real".
 * @returns A scalar.
 */
export function patchCrossEntropy({ centre, full }: PatchLogits, real: boolean): tf.Scalar {
  return crossEntropy(centre, real).add(crossEntropy(full, real));
}

/**
 * What a patch discriminator sees of a face.
 *
 * @param face `[batch, R, R, 3]` in [0, 1].
 * @param mask `[batch, R, R, 1]`, the face's own.
 * @param target The photographed face, whose mask masks both in masked training.
 * @param sides Pairs of picture and mask, or masked pictures.
 * @param masked Whether training is masked.
 * @returns `[batch, R, R, 4]` for "both", `[batch, R, R, 3]` for "source".
 */
export function seenByDiscriminator(
  { face, mask }: Prediction,
  target: Target,
  sides: GanSides,
  masked: boolean,
): tf.Tensor4D {
  const shown = masked ? face.mul(softMask(target.mask)) as tf.Tensor4D : face;
  return sides === "both" ? tf.concat([shown, mask], 3) as tf.Tensor4D : shown;
}

/**
 * What DeepFaceLab adds beside the adversarial loss in masked training, so that what the mask hides does not drift: a
 * small penalty on roughness and one on the error outside the mask.
 *
 * @param prediction The predicted face.
 * @param target The photographed one.
 * @returns A scalar.
 */
export function outsideLoss({ face }: Prediction, target: Target): tf.Scalar {
  const [batch, height, width] = face.shape;
  const across = face.slice([0, 0, 1, 0], [batch, height, width - 1, 3]).sub(
    face.slice([0, 0, 0, 0], [batch, height, width - 1, 3]),
  );
  const down = face.slice([0, 1, 0, 0], [batch, height - 1, width, 3]).sub(
    face.slice([0, 0, 0, 0], [batch, height - 1, width, 3]),
  );
  const roughness = across.square().sum([1, 2, 3]).add(down.square().sum([1, 2, 3])).mean();
  const outside = tf.sub(1, softMask(target.mask));
  const error = face.sub(target.face).mul(outside).square().mean();
  return roughness.mul(1e-6).add(error.mul(0.02)) as tf.Scalar;
}
