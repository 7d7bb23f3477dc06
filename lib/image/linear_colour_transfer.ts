import { transferMoments } from "./colour_moments.ts";
import { multiply3, power3 } from "./matrix3.ts";
import type { Picture } from "./picture.ts";
import type { ColourTransferOptions } from "./pixel_weights.ts";

/**
 * Gives a picture the mean and the whole covariance of another's red, green and blue, by the linear map
 * `Cr^(1/2) * Cp^(-1/2)` along the principal axes of both (DeepFaceLab's lct, the PCA variant; Hertzmann's thesis, 2001,
 * and Gatys, Bethge, Hertzmann and Shechtman, "Preserving color in neural artistic style transfer", 2016, section 3).
 *
 * Statistics use the pixels inside the masks alone, weighted by them; DeepFaceLab blackens the others and lets them
 * count. The colours of the whole picture are changed. Nothing is random.
 *
 * @param picture The picture to be changed, 3 channels in `[0, 1]`.
 * @param reference The picture whose colours are wanted, 3 channels, any size.
 * @param options Masks.
 * @returns The recoloured picture, clipped to `[0, 1]`.
 * @throws {Problem} When a mask is empty or of another size than its picture.
 */
export function linearColourTransfer(
  picture: Picture,
  reference: Picture,
  options: ColourTransferOptions = {},
): Picture {
  return transferMoments(picture, reference, options, (from, to) => multiply3(power3(to, 0.5), power3(from, -0.5)));
}
