import { cannot } from "doppel/problem.ts";
import { createPicture, type Picture } from "./picture.ts";
import { type ColourTransferOptions, pixelWeights } from "./pixel_weights.ts";

// Values are told apart by 1/65535; those of 8-bit pictures fall on whole levels (257 = 65535 / 255).
const LEVELS = 65536;

/**
 * Gives each channel of a picture the histogram of another's, by matching the shares of pixels below each value
 * (DeepFaceLab's hist-match, on red, green and blue).
 *
 * Histograms are those of the pixels inside the masks alone, weighted by them; the curves they give are laid over the
 * whole picture. DeepFaceLab stops at a `threshold` of 238: the picture's shares are scaled by 238/255, so that its
 * brightest pixel gets only the value that 238/255 of the reference stay below, which spares highlights.
 *
 * @param picture The picture to be changed, 3 channels in `[0, 1]`.
 * @param reference The picture whose histograms are wanted, 3 channels, any size.
 * @param options Masks, and the `threshold`, above 0 and up to 255. Default 255, which matches all of the histogram.
 * @returns The recoloured picture, in `[0, 1]`.
 * @throws {Problem} When a mask is empty or of another size than its picture, or the threshold out of range.
 */
export function histogramMatch(
  picture: Picture,
  reference: Picture,
  { mask, referenceMask, threshold = 255 }: Omit<ColourTransferOptions, "seed"> & { readonly threshold?: number } = {},
): Picture {
  if (!(threshold > 0 && threshold <= 255)) {
    throw cannot("match histograms", "a threshold above 0 and up to 255", String(threshold));
  }
  const weights = pixelWeights(picture, mask, "match histograms", "the picture");
  const referenceWeights = pixelWeights(reference, referenceMask, "match histograms", "the reference");
  const out = createPicture(picture.width, picture.height, 3);
  for (let c = 0; c < 3; c++) {
    const from = quantiles(picture, weights, c);
    const to = quantiles(reference, referenceWeights, c);
    const wanted = interpolate(to.shares, to.levels, from.shares.map((share) => share * threshold / 255));
    const curve = interpolate(from.levels, wanted, Float64Array.from({ length: LEVELS }, (_, level) => level));
    for (let i = c; i < out.data.length; i += 3) out.data[i] = curve[levelOf(picture.data[i]!)]! / (LEVELS - 1);
  }
  return out;
}

const levelOf = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * (LEVELS - 1));

/** The levels that occur, rising, and the share of pixels up to each. */
function quantiles(
  { data }: Picture,
  weights: Float32Array,
  channel: number,
): { levels: Float64Array; shares: Float64Array } {
  const counts = new Float64Array(LEVELS);
  for (let i = 0; i < weights.length; i++) counts[levelOf(data[i * 3 + channel]!)]! += weights[i]!;
  const levels: number[] = [];
  const sums: number[] = [];
  let sum = 0;
  for (let level = 0; level < LEVELS; level++) {
    if (counts[level] === 0) continue;
    sum += counts[level]!;
    levels.push(level);
    sums.push(sum);
  }
  return { levels: Float64Array.from(levels), shares: Float64Array.from(sums, (value) => value / sum) };
}

/** Straight lines through rising `x` and their `y`, read at rising places; level beyond both ends. */
function interpolate(x: Float64Array, y: Float64Array, places: Float64Array): Float64Array {
  const last = x.length - 1;
  let k = 0;
  return places.map((place) => {
    if (place <= x[0]!) return y[0]!;
    while (k < last && x[k + 1]! < place) k++;
    if (k === last) return y[last]!;
    return y[k]! + (y[k + 1]! - y[k]!) * (place - x[k]!) / (x[k + 1]! - x[k]!);
  });
}
