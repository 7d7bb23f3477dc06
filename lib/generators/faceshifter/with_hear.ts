import { tf } from "../../runtime/mod.ts";
import type { AeiModel } from "./aei.ts";
import type { AeiEncoder } from "./aei_training_step.ts";
import type { HearModel } from "./hear.ts";
import { requireFit, swapWithError } from "./heuristic_error.ts";

/**
 * Both of FaceShifter's stages as one model, to be used wherever the first one alone can be: its `swap` is refined.
 *
 * @example Give photographs another identity and keep what lies before the faces
 * ```ts
 * import type { FacePhoto } from "doppel/generators/mod.ts";
 * import { type AeiEncoder, type AeiModel, type HearModel, swapPhotos, withHear } from "doppel/generators/mod.ts";
 *
 * export function swap(aei: AeiModel, hear: HearModel, encoder: AeiEncoder, photos: FacePhoto[], identity: Float32Array) {
 *   return swapPhotos(withHear(aei, hear, encoder), photos, identity);
 * }
 * ```
 *
 * @param stage The trained first stage.
 * @param model HEAR-Net, trained on top of it.
 * @param encoder The encoder that trained both, centred as then: it tells the targets' own identities.
 * @returns The model; weights, attributes and masks are those of the first stage.
 * @throws {Problem} When the stages are of two resolutions.
 */
export function withHear(stage: AeiModel, model: HearModel, encoder: AeiEncoder): AeiModel {
  requireFit("join both stages", stage, model);
  return {
    ...stage,
    swap: (target, identity) =>
      tf.tidy(() => {
        const own = model.sizes.error === "given" ? encoder.embed(target) : undefined;
        const { swap, error } = swapWithError(stage, target, identity, own);
        return model.refine(swap, error).clipByValue(0, 1) as tf.Tensor4D;
      }),
  };
}
