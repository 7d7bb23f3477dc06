/**
 * What happens to pictures on their way: blur, JPEG compression, a smaller size.
 *
 * @module
 */

import { compressPicture, gaussianBlur, type Picture, resizePicture } from "../image/mod.ts";
import { index, type RandomSource, uniform } from "../random.ts";

/** How pictures are worsened at random; each kind is drawn by itself, in this order. */
export interface DegradationOptions {
  /** Probability of a smaller size, at which detail is lost. Default 0. */
  readonly shrink?: number;
  /** Smallest size, as a share of the picture's. Default 0.5. */
  readonly smallest?: number;
  /** Probability of a blur. Default 0.5. */
  readonly blur?: number;
  /** Largest standard deviation of the blur in pixels. Default 3. */
  readonly sigma?: number;
  /** Probability of JPEG compression. Default 0.5. */
  readonly jpeg?: number;
  /** Lowest and highest JPEG quality. Default [30, 100]. */
  readonly quality?: readonly [number, number];
}

/** What has been drawn for one picture. */
export interface Degradation {
  /** Size at which detail is lost, as a share; 1 for none. */
  readonly size: number;
  /** Standard deviation of the blur in pixels; 0 for none. */
  readonly sigma: number;
  /** JPEG quality, or none. */
  readonly quality: number | undefined;
}

/**
 * Draws how a picture is worsened. The defaults are CNNDetection's recipe (Wang et al., CVPR 2020, arXiv 1912.11035): blur
 * with a standard deviation up to 3 and JPEG of quality 30 to 100, each for half of the pictures.
 *
 * @param random Where numbers come from; it gives the same number of them whatever is drawn.
 * @param options Probabilities and ranges.
 * @returns What was drawn.
 */
export function drawDegradation(
  random: RandomSource,
  { shrink = 0, smallest = 0.5, blur = 0.5, sigma = 3, jpeg = 0.5, quality: [low, high] = [30, 100] }:
    DegradationOptions = {},
): Degradation {
  const draw = (probability: number) => uniform(random, 0, 1) < probability;
  const size = [draw(shrink), uniform(random, smallest, 1)] as const;
  const width = [draw(blur), uniform(random, 0, sigma)] as const;
  const quality = [draw(jpeg), low + index(random, high - low + 1)] as const;
  return {
    size: size[0] ? size[1] : 1,
    sigma: width[0] ? width[1] : 0,
    quality: quality[0] ? quality[1] : undefined,
  };
}

/**
 * Worsens a picture.
 *
 * @param picture 3 channels in [0, 1].
 * @param degradation What {@linkcode drawDegradation} drew.
 * @returns The picture, of the same size.
 */
export async function degradePicture(
  picture: Picture,
  { size, sigma, quality }: Degradation,
): Promise<Picture> {
  const { width, height } = picture;
  let out = picture;
  if (size < 1) {
    const small = resizePicture(out, Math.max(1, Math.round(width * size)), Math.max(1, Math.round(height * size)));
    out = resizePicture(small, width, height);
  }
  if (sigma > 0) out = gaussianBlur(out, sigma);
  return quality === undefined ? out : await compressPicture(out, quality);
}
