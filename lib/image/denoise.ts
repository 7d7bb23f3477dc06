import { requireAmount } from "./amount.ts";
import { medianFilter } from "./median_filter.ts";
import type { Picture } from "./picture.ts";

/**
 * Takes noise out of a picture, by a median over 5x5 pixels, once for every 100 and by a share for the rest.
 *
 * DeepFaceLab denoises the photograph, not the face, so that both are equally smooth; its amounts go from 0 to 500.
 *
 * @param picture 1 or 3 channels.
 * @param amount 0 to 500; 0 gives a copy.
 * @returns The smoothed picture.
 * @throws {Problem} When the amount is out of range.
 */
export function denoise(picture: Picture, amount: number): Picture {
  requireAmount("denoise picture", amount, 0, 500);
  return medianFilter(picture, { passes: amount / 100 });
}
