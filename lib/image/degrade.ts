import { requireAmount } from "./amount.ts";
import { createPicture, type Picture } from "./picture.ts";
import { resizePicture } from "./resize.ts";

// 6 levels of each channel make 216 colours, the most that fit into a palette of 256.
const FEWEST_LEVELS = 6;

/**
 * Takes fine detail out of a picture: it is made smaller by `1 - amount / 101` and large again, bicubic both ways
 * (DeepFaceLab's bicubic degrade). Here shrinking does not alias.
 *
 * @param picture 1 or 3 channels.
 * @param amount 0 to 100; 0 gives a copy.
 * @returns The picture, same size.
 * @throws {Problem} When the amount is out of range.
 */
export function degradeDetail(picture: Picture, amount: number): Picture {
  requireAmount("degrade detail", amount, 0, 100);
  const { width, height, channels, data } = picture;
  if (amount === 0) return createPicture(width, height, channels, data.slice());
  const shrunk = (side: number) => Math.max(1, Math.floor(side * (1 - amount / 101)));
  const small = resizePicture(picture, shrunk(width), shrunk(height), { interpolation: "bicubic" });
  return resizePicture(small, width, height, { interpolation: "bicubic" });
}

/**
 * Takes colours out of a picture: each channel is rounded to fewer, evenly spaced levels, from 256 at 0 in equal ratios to 6
 * at 100, which makes 216 colours. (DeepFaceLab mixes in a palette of 256 colours by the same range of amounts.)
 *
 * @param picture 1 or 3 channels in `[0, 1]`.
 * @param amount 0 to 100; 0 gives a copy.
 * @returns The picture, in `[0, 1]`.
 * @throws {Problem} When the amount is out of range.
 */
export function degradeColour(picture: Picture, amount: number): Picture {
  requireAmount("degrade colour", amount, 0, 100);
  const { width, height, channels, data } = picture;
  if (amount === 0) return createPicture(width, height, channels, data.slice());
  const steps = Math.round(256 * (FEWEST_LEVELS / 256) ** (amount / 100)) - 1;
  const rounded = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * steps) / steps;
  return createPicture(width, height, channels, data.map(rounded));
}
