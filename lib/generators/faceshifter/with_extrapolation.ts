import { cannot } from "../../problem.ts";
import { tf } from "../../runtime/mod.ts";
import type { AeiModel } from "./aei.ts";
import type { AeiEncoder } from "./aei_training_step.ts";

/**
 * An AEI-Net that is shown its sources further away from its targets than they are. What is left of the target's identity
 * in a swap pulls it back; z = (s + a (s - t)) / |s + a (s - t)| pulls against it. It needs no training, and a target
 * that gets its own identity stays as it is. Not in the paper; measured in `experiments/aei_hear_ablation`.
 *
 * @example Give photographs another identity, a quarter further than it is
 * ```ts
 * import type { FacePhoto } from "doppel/generators/mod.ts";
 * import { type AeiEncoder, type AeiModel, swapPhotos, withExtrapolation } from "doppel/generators/mod.ts";
 *
 * export function swap(aei: AeiModel, encoder: AeiEncoder, photos: FacePhoto[], identity: Float32Array) {
 *   return swapPhotos(withExtrapolation(aei, encoder, 0.25), photos, identity);
 * }
 * ```
 *
 * @param model A trained model, alone or, by `withHear`, with its second stage.
 * @param encoder The encoder that trained it, centred as then: it tells the targets' own identities t.
 * @param strength a, at least 0: 0 shows sources as they are, 1 twice as far away. Beyond 1 faces become caricatures.
 * @returns The model; weights, attributes, masks and what `generate` does are as they were: `swap` alone differs.
 * @throws {Problem} When the strength is below 0 or no number.
 */
export function withExtrapolation(model: AeiModel, encoder: AeiEncoder, strength: number): AeiModel {
  if (!(strength >= 0 && Number.isFinite(strength))) {
    throw cannot("extrapolate identities", "a strength of 0 or more", String(strength));
  }
  if (strength === 0) return model;
  return {
    ...model,
    swap: (target, identity) =>
      tf.tidy(() => {
        const moved = identity.add(identity.sub(encoder.embed(target)).mul(strength));
        return model.swap(target, moved.div(moved.norm("euclidean", -1, true)) as tf.Tensor2D);
      }),
  };
}
