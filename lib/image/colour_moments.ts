import { eigen3, fromEigen3, type Matrix3 } from "./matrix3.ts";
import { createPicture, type Picture } from "./picture.ts";
import { type ColourTransferOptions, pixelWeights } from "./pixel_weights.ts";

/** Mean and covariance of a picture's colours. */
export interface ColourMoments {
  /** Red, green, blue. */
  readonly mean: readonly number[];
  /** Of red, green, blue. */
  readonly covariance: Matrix3;
}

// Variances of 8-bit colours that vary at all are above 1e-6 (rounding alone makes (1/255)^2 / 12).
const NO_VARIANCE = 1e-8;
const RIDGE = 1e-10;

/**
 * Mean and covariance of a picture's colours.
 *
 * @param picture 3 channels.
 * @param weights How much each pixel counts.
 * @returns The weighted moments; the covariance is that of the whole population (divided by the sum of weights).
 */
export function colourMoments({ data }: Picture, weights: Float32Array): ColourMoments {
  const mean = [0, 0, 0];
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    total += weight;
    for (let c = 0; c < 3; c++) mean[c]! += weight * data[i * 3 + c]!;
  }
  for (let c = 0; c < 3; c++) mean[c]! /= total;
  let [rr, rg, rb, gg, gb, bb] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]! / total;
    if (weight === 0) continue;
    const r = data[i * 3]! - mean[0]!;
    const g = data[i * 3 + 1]! - mean[1]!;
    const b = data[i * 3 + 2]! - mean[2]!;
    rr += weight * r * r;
    rg += weight * r * g;
    rb += weight * r * b;
    gg += weight * g * g;
    gb += weight * g * b;
    bb += weight * b * b;
  }
  return { mean, covariance: [rr, rg, rb, rg, gg, gb, rb, gb, bb] };
}

/**
 * Recolours a picture by one linear map about its mean colour: `map * (colour - mean) + mean of the reference`.
 *
 * @param picture The picture to be changed, 3 channels.
 * @param reference The picture whose colours are wanted, 3 channels, any size.
 * @param options Masks; statistics come from inside them alone.
 * @param mapFor The map for a covariance of the picture and one of the reference, both safe to invert.
 * @returns The recoloured picture, clipped to `[0, 1]`.
 * @throws {Problem} When a mask is empty or of another size than its picture.
 */
export function transferMoments(
  picture: Picture,
  reference: Picture,
  { mask, referenceMask }: ColourTransferOptions,
  mapFor: (from: Matrix3, to: Matrix3) => Matrix3,
): Picture {
  const from = colourMoments(picture, pixelWeights(picture, mask, "transfer colour", "the picture"));
  const to = colourMoments(reference, pixelWeights(reference, referenceMask, "transfer colour", "the reference"));
  const target = withRidge(to.covariance);
  const map = mapFor(filled(withRidge(from.covariance), target), target);
  const out = createPicture(picture.width, picture.height, 3);
  const { data } = picture;
  for (let i = 0; i < data.length; i += 3) {
    const r = data[i]! - from.mean[0]!;
    const g = data[i + 1]! - from.mean[1]!;
    const b = data[i + 2]! - from.mean[2]!;
    for (let c = 0; c < 3; c++) {
      const value = map[c * 3]! * r + map[c * 3 + 1]! * g + map[c * 3 + 2]! * b + to.mean[c]!;
      out.data[i + c] = Math.min(1, Math.max(0, value));
    }
  }
  return out;
}

const withRidge = (covariance: Matrix3): Matrix3 => covariance.map((value, at) => at % 4 === 0 ? value + RIDGE : value);

/** A direction of colour without variation has nothing to stretch: it is given the variance of the target there. */
function filled(covariance: Matrix3, target: Matrix3): Matrix3 {
  const eigen = eigen3(covariance);
  const values = eigen.values.map((value, k) => {
    if (value > NO_VARIANCE) return value;
    const along = [0, 1, 2].map((c) => eigen.vectors[c * 3 + k]!);
    return along.reduce((sum, a, i) => sum + along.reduce((part, b, j) => part + a * b * target[i * 3 + j]!, 0), 0);
  });
  return fromEigen3(eigen, values);
}
