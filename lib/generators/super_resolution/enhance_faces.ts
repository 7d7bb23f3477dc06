/**
 * Faces of twice the resolution, as pictures.
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { createPicture, type Picture, requirePicture, resizePicture } from "../../image/mod.ts";
import { tf } from "../../runtime/mod.ts";
import type { UpscalerModel } from "./upscaler.ts";

/**
 * Doubles the resolution of aligned faces, such as those that a swap model made.
 *
 * A face that is laid back into its photograph afterwards needs the alignment matrix of its new size.
 *
 * @example Enlarge a face
 * ```ts
 * import { enhanceFaces, type UpscalerModel } from "doppel/generators/mod.ts";
 * import type { Picture } from "doppel/image/mod.ts";
 *
 * export async function enlarge(model: UpscalerModel, face: Picture): Promise<Picture> {
 *   const [large] = await enhanceFaces(model, [face], { power: 0.8 });
 *   return large!; // twice as wide and high
 * }
 * ```
 *
 * @param model A trained model.
 * @param faces 3 channels in [0, 1], any sizes.
 * @param options How much.
 * @param options.power Share of the network's picture in the result, 0 to 1; the rest is bicubic enlargement (as
 * DeepFaceLab mixes its enhancer in, `merger/MergeMasked.py`). Default 1.
 * @returns One picture a face, `[2 height, 2 width, 3]` in [0, 1].
 * @throws {Problem} When a face has not 3 channels, or the power is not between 0 and 1.
 */
export async function enhanceFaces(
  model: UpscalerModel,
  faces: readonly Picture[],
  { power = 1 }: { readonly power?: number } = {},
): Promise<Picture[]> {
  if (!(power >= 0 && power <= 1)) throw cannot("enhance faces", "a power between 0 and 1", String(power));
  const enhanced: Picture[] = [];
  for (const face of faces) {
    const { width, height, data } = face;
    requirePicture(face, "enhance faces", "colour pictures", { channels: 3 });
    const upscaled = tf.tidy(() => model.upscale(tf.tensor4d(data, [1, height, width, 3])).clipByValue(0, 1));
    const values = await upscaled.data<"float32">();
    upscaled.dispose();
    const plain = resizePicture(face, 2 * width, 2 * height, { interpolation: "bicubic" });
    const mixed = plain.data.map((value, i) => value + power * (values[i]! - value));
    enhanced.push(createPicture(2 * width, 2 * height, 3, mixed));
  }
  return enhanced;
}
