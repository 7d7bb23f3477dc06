/**
 * How differently two pictures look to a network.
 *
 * @module
 */

import { describePerceptually, type PerceptualFeatures } from "doppel/faces/mod.ts";
import { type Picture, requirePicture } from "doppel/image/mod.ts";

/**
 * A perceptual distance in the manner of LPIPS (Zhang et al., The Unreasonable Effectiveness of Deep Features as a
 * Perceptual Metric, arXiv 1801.03924, section 3): features of several layers, of unit length at each place, squared
 * differences summed over channels, averaged over places, summed over layers.
 *
 * It is not LPIPS itself. The network is face-api's recogniser, not AlexNet or VGG trained on ImageNet, and there are no
 * channel weights learned from people's judgements (the paper's variant without "lin"). Its values must not be set beside
 * published LPIPS; compare them among each other, at one size and alignment.
 *
 * @example How much detail does blur take?
 * ```ts
 * import { gaussianBlur, readPicture } from "doppel/image/mod.ts";
 * import { perceptualDistance } from "doppel/evaluation/mod.ts";
 *
 * const photo = await readPicture("datasets/caltech_faces/photos/person01/image_0001.jpg");
 * const [little, much] = [gaussianBlur(photo, 1), gaussianBlur(photo, 3)];
 * await perceptualDistance(photo, little) < await perceptualDistance(photo, much); // true
 * ```
 *
 * @param a A picture, 3 channels in [0, 1], at least 55 pixels a side.
 * @param b Another of the same size.
 * @returns At least 0, which equal pictures have; at most 10, two for each of five layers.
 * @throws {Problem} When sizes differ, or a picture is grey or too small.
 */
export async function perceptualDistance(a: Picture, b: Picture): Promise<number> {
  requirePicture(b, "compare pictures", "two pictures of one size", { width: a.width, height: a.height, channels: 3 });
  const [first, second] = await describePerceptually([a, b]);
  return perceptualMapDistance(first!, second!);
}

/**
 * {@linkcode perceptualDistance} of pictures that were described before, for comparing each with many.
 *
 * @param a From `describePerceptually`.
 * @param b Another, of a picture of the same size.
 * @returns The distance.
 * @throws {RangeError} When the pictures' sizes differ.
 */
export function perceptualMapDistance(a: PerceptualFeatures, b: PerceptualFeatures): number {
  return a.reduce((total, map, layer) => {
    const other = b[layer];
    if (other?.width !== map.width || other.height !== map.height) {
      const got = `${map.width}x${map.height} and ${other?.width}x${other?.height}`;
      throw new RangeError(`Cannot compare features: expected maps of one size, got ${got} places`);
    }
    let sum = 0;
    for (let i = 0; i < map.data.length; i++) sum += (map.data[i]! - other.data[i]!) ** 2;
    return total + sum / (map.width * map.height);
  }, 0);
}
