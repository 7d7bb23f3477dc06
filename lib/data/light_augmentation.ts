/**
 * Augmentation of how a face is lit and photographed: light, contrast, colour, sharpness, noise. Masks stay as they are.
 *
 * @module
 */

import { createPicture, gaussianBlur, type Picture, resizePicture } from "doppel/image/mod.ts";
import { normal, type RandomSource, uniform } from "../random.ts";

/** How strongly light and camera are varied. */
export interface LightOptions {
  /** Largest change of brightness, added to all values. Default 0.15. */
  readonly brightness?: number;
  /** Contrast is drawn between 1 - contrast and 1 + contrast. Default 0.3. */
  readonly contrast?: number;
  /** Largest turn of the hue in degrees. Default 15. */
  readonly hue?: number;
  /** Saturation is drawn between 1 - saturation and 1 + saturation. Default 0.4. */
  readonly saturation?: number;
  /** Probability of a blur, and again of a loss of resolution, and again of noise. Default 0.25 each. */
  readonly degrade?: number;
}

/**
 * Varies light and camera.
 *
 * @param picture 3 channels in [0, 1].
 * @param random Where numbers come from.
 * @param options How strongly.
 * @returns The varied picture, 3 channels in [0, 1].
 */
export function varyLight(
  picture: Picture,
  random: RandomSource,
  { brightness = 0.15, contrast = 0.3, hue = 15, saturation = 0.4, degrade = 0.25 }: LightOptions = {},
): Picture {
  const shift = uniform(random, -brightness, brightness);
  const gain = uniform(random, 1 - contrast, 1 + contrast);
  const turn = uniform(random, -hue, hue) * Math.PI / 180;
  const vivid = uniform(random, 1 - saturation, 1 + saturation);
  const coloured = recolour(picture, shift, gain, Math.cos(turn) * vivid, Math.sin(turn) * vivid);
  return photographed(coloured, random, degrade);
}

/** Brightness and contrast of the luma, hue and saturation as a turn and a stretch of the two colour axes (YIQ). */
function recolour({ width, height, data }: Picture, shift: number, gain: number, cos: number, sin: number): Picture {
  const out = createPicture(width, height, 3);
  const clip = (value: number) => value < 0 ? 0 : value > 1 ? 1 : value;
  for (let at = 0; at < data.length; at += 3) {
    const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
    const luma = (0.299 * r + 0.587 * g + 0.114 * b - 0.5) * gain + 0.5 + shift;
    const i = (0.596 * r - 0.274 * g - 0.322 * b) * gain;
    const q = (0.211 * r - 0.523 * g + 0.312 * b) * gain;
    const [i2, q2] = [cos * i - sin * q, sin * i + cos * q];
    out.data[at] = clip(luma + 0.956 * i2 + 0.621 * q2);
    out.data[at + 1] = clip(luma - 0.272 * i2 - 0.647 * q2);
    out.data[at + 2] = clip(luma - 1.106 * i2 + 1.703 * q2);
  }
  return out;
}

/** What a worse camera or a smaller file makes of a picture. */
function photographed(picture: Picture, random: RandomSource, probability: number): Picture {
  let out = picture;
  if (uniform(random, 0, 1) < probability) out = gaussianBlur(out, uniform(random, 0.2, 0.016 * picture.width));
  if (uniform(random, 0, 1) < probability) {
    const side = Math.round(picture.width / uniform(random, 1.2, 3));
    out = resizePicture(resizePicture(out, side, side), picture.width, picture.height);
  }
  if (uniform(random, 0, 1) < probability) {
    const strength = uniform(random, 0.005, 0.04);
    const noisy = out.data.map((value) => Math.min(1, Math.max(0, value + strength * normal(random))));
    out = createPicture(out.width, out.height, 3, noisy);
  }
  return out;
}
