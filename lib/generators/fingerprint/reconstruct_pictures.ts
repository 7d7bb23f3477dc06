import { createPicture, type Picture, requirePicture } from "../../image/mod.ts";
import { cannot } from "../../problem.ts";
import { tf } from "../../runtime/mod.ts";
import type { FingerprintModel } from "./autoencoder.ts";

/**
 * Passes pictures through an autoencoder.
 *
 * @example Give a photograph the spectrum of a network with transposed convolutions
 * ```ts
 * import { type FingerprintModel, reconstructPictures } from "doppel/generators/mod.ts";
 * import { labelPicture, type Picture } from "doppel/image/mod.ts";
 *
 * export async function mark(model: FingerprintModel, photo: Picture): Promise<Picture> {
 *   const [made] = await reconstructPictures(model, [photo]);
 *   return labelPicture(made!);
 * }
 * ```
 *
 * @param model A trained model.
 * @param pictures 3 channels in [0, 1], each of sides that are multiples of 4.
 * @returns One picture each, of the same size in [0, 1]; without label.
 * @throws {Problem} When a picture has not 3 channels, or a side is no multiple of 4.
 */
export async function reconstructPictures(model: FingerprintModel, pictures: readonly Picture[]): Promise<Picture[]> {
  const made: Picture[] = [];
  for (const picture of pictures) {
    const { width, height, data } = picture;
    requirePicture(picture, "reconstruct pictures", "colour pictures", { channels: 3 });
    if (width % 4 !== 0 || height % 4 !== 0) {
      throw cannot("reconstruct pictures", "sides that are multiples of 4", `${width}x${height}`);
    }
    const output = tf.tidy(() => model.reconstruct(tf.tensor4d(data, [1, height, width, 3])));
    made.push(createPicture(width, height, 3, await output.data<"float32">()));
    output.dispose();
  }
  return made;
}
