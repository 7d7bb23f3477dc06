import { fromLab, toLab } from "./lab.ts";
import type { Picture } from "./picture.ts";
import { type ColourTransferOptions, pixelWeights } from "./pixel_weights.ts";

/**
 * Gives a picture the colours of another: in each channel of L*a*b*, mean and standard deviation are made those of the
 * reference (Reinhard, Ashikhmin, Gooch and Shirley, "Color transfer between images", 2001; DeepFaceLab calls it rct).
 *
 * Statistics are weighted by the masks, when given: what lies outside them has no say. (DeepFaceLab blackens the outside
 * and lets it count, which ties the result to the size of the mask.) The colours of the whole picture are changed.
 *
 * @example Fit a swapped face to the photograph
 * ```ts
 * import { createPicture, reinhardColourTransfer } from "doppel/image/mod.ts";
 *
 * const face = createPicture(64, 64, 3, [0.6, 0.4, 0.3]);
 * const photo = createPicture(64, 64, 3, [0.5, 0.45, 0.4]);
 * const fitted = reinhardColourTransfer(face, photo, { mask: createPicture(64, 64, 1, 1) });
 * ```
 *
 * @param picture The picture to be changed, 3 channels in `[0, 1]`.
 * @param reference The picture whose colours are wanted, 3 channels, any size.
 * @param options Masks.
 * @returns The recoloured picture, in `[0, 1]`.
 * @throws {Problem} When a mask is empty or of another size than its picture.
 */
export function reinhardColourTransfer(
  picture: Picture,
  reference: Picture,
  { mask, referenceMask }: ColourTransferOptions = {},
): Picture {
  const lab = toLab(picture);
  const from = statistics(lab, pixelWeights(picture, mask, "transfer colour", "the picture"));
  const to = statistics(toLab(reference), pixelWeights(reference, referenceMask, "transfer colour", "the reference"));
  for (let c = 0; c < 3; c++) {
    // A channel without variation has nothing to stretch; its mean alone is moved.
    const gain = from.deviation[c]! > 1e-4 ? to.deviation[c]! / from.deviation[c]! : 1;
    for (let i = c; i < lab.length; i += 3) lab[i] = (lab[i]! - from.mean[c]!) * gain + to.mean[c]!;
  }
  return fromLab(lab, picture.width, picture.height);
}

function statistics(lab: Float32Array, weights: Float32Array): { mean: number[]; deviation: number[] } {
  const mean = [0, 0, 0];
  const deviation = [0, 0, 0];
  let total = 0;
  for (const weight of weights) total += weight;
  for (let i = 0; i < weights.length; i++) {
    for (let c = 0; c < 3; c++) mean[c]! += weights[i]! * lab[i * 3 + c]! / total;
  }
  for (let i = 0; i < weights.length; i++) {
    for (let c = 0; c < 3; c++) deviation[c]! += weights[i]! * (lab[i * 3 + c]! - mean[c]!) ** 2 / total;
  }
  return { mean, deviation: deviation.map(Math.sqrt) };
}
