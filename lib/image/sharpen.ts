import { requireAmount } from "./amount.ts";
import { convolve } from "./convolve.ts";
import { medianFilter } from "./median_filter.ts";
import { createPicture, type Picture } from "./picture.ts";

// 3x3 windows, row by row.
const WINDOWS = {
  box: [1, 1, 1, 1, 1, 1, 1, 1, 1].map((share) => share / 9),
  gaussian: [1, 2, 1, 2, 4, 2, 1, 2, 1].map((share) => share / 16),
};
const STRENGTH = { box: 1, gaussian: 0.5 };

/**
 * Sharpens or blurs a picture, as DeepFaceLab's "blursharpen" does at conversion.
 *
 * Above 0, an unsharp mask over 3x3 pixels: `picture + amount * (picture - box)`, or with half of the amount and the
 * binomial window that stands for a gaussian. Amounts are not parts of a hundred: 5 is a good deal, 100 a caricature.
 * Below 0, a median over 5x5 pixels, once for every 10 and by a share for the rest.
 *
 * @param picture 1 or 3 channels in `[0, 1]`.
 * @param amount -100 to 100; 0 gives a copy.
 * @param options `window` of the unsharp mask: "box" (default) or "gaussian".
 * @returns The picture, clipped to `[0, 1]`.
 * @throws {Problem} When the amount is out of range.
 */
export function sharpen(
  picture: Picture,
  amount: number,
  { window = "box" }: { readonly window?: "box" | "gaussian" } = {},
): Picture {
  requireAmount("sharpen picture", amount, -100, 100);
  if (amount <= 0) return medianFilter(picture, { passes: -amount / 10 });
  const { width, height, channels, data } = picture;
  const blurred = convolve(
    picture,
    WINDOWS[window].map((weight, i) => ({ dx: i % 3 - 1, dy: Math.floor(i / 3) - 1, weight })),
  );
  const strength = amount * STRENGTH[window];
  const sharp = (value: number, i: number) => Math.min(1, Math.max(0, value + strength * (value - blurred.data[i]!)));
  return createPicture(width, height, channels, data.map(sharp));
}
