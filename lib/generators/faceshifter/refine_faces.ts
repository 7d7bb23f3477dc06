import { createPicture, type Picture } from "../../image/mod.ts";
import { tf } from "../../runtime/mod.ts";
import type { HearModel } from "./hear.ts";
import type { AeiEncoder } from "./aei_training_step.ts";
import { faceTensor, type SwapStage, swapWithError } from "./heuristic_error.ts";

/** A swap by both stages, and by the first alone. */
export interface RefinedFace {
  /** What the second stage made, `[R, R, 3]` in [0, 1]. */
  readonly refined: Picture;
  /** What the first stage made, `[R, R, 3]` in [0, 1]. */
  readonly swap: Picture;
}

/**
 * Puts an identity into aligned target photographs by both of FaceShifter's stages.
 *
 * @example Swap one person into all faces of a set
 * ```ts
 * import type { SetFace } from "doppel/data/mod.ts";
 * import { type AeiEncoder, type HearModel, refineFaces, type SwapStage } from "doppel/generators/mod.ts";
 *
 * export async function both(aei: SwapStage, encoder: AeiEncoder, hear: HearModel, faces: SetFace[], id: Float32Array) {
 *   const swapped = await refineFaces({ stage: aei, encoder, model: hear }, faces.map(({ picture }) => picture), id);
 *   return swapped.map(({ refined }) => refined);
 * }
 * ```
 *
 * @param models The first stage, the encoder that trained it, and HEAR-Net.
 * @param targets Aligned faces of the models' resolution.
 * @param source The identity to be put in, as the encoder embeds it.
 * @param options `batch`: how many at a time. Default 8.
 * @returns One a target, without labels.
 * @throws {Problem} When a target is of another size.
 */
export async function refineFaces(
  { stage, encoder, model }: {
    readonly stage: SwapStage;
    readonly encoder: AeiEncoder;
    readonly model: HearModel;
  },
  targets: readonly Picture[],
  source: Float32Array,
  { batch = 8 }: { readonly batch?: number } = {},
): Promise<RefinedFace[]> {
  const side = model.sizes.resolution;
  const faces: RefinedFace[] = [];
  for (let from = 0; from < targets.length; from += batch) {
    const [swaps, refined] = tf.tidy(() => {
      const target = faceTensor(targets.slice(from, from + batch), side, "refine faces");
      const identity = tf.tensor2d(source, [1, source.length]).tile([target.shape[0], 1]) as tf.Tensor2D;
      const own = model.sizes.error === "given" ? encoder.embed(target) : undefined;
      const { swap, error } = swapWithError(stage, target, identity, own);
      return [swap, model.refine(swap, error).clipByValue(0, 1)] as [tf.Tensor4D, tf.Tensor4D];
    });
    const values = [await swaps.data<"float32">(), await refined.data<"float32">()] as const;
    tf.dispose([swaps, refined]);
    const pixels = side * side * 3;
    for (let i = 0; i < values[0].length / pixels; i++) {
      const [swap, better] = values.map((data) =>
        createPicture(side, side, 3, data.slice(i * pixels, (i + 1) * pixels))
      );
      faces.push({ swap: swap!, refined: better! });
    }
  }
  return faces;
}
