import { normal, type RandomSource, randomSource } from "doppel/random.ts";
import { bilateralFilter } from "./bilateral_filter.ts";
import { matchDistribution, project } from "./distribution_match.ts";
import { createPicture, type Picture } from "./picture.ts";
import { type ColourTransferOptions, pixelWeights } from "./pixel_weights.ts";

const STEPS = 10;
const DIRECTIONS = 30;
// Sorted order is read from histograms this fine: a bin is less than half a step of 8-bit colour.
const BINS = 1024;
const SIGMA_SPACE = 16;
const SIGMA_VALUE = 5 / 255;

/**
 * Gives a picture the distribution of another's colours by sliced optimal transport: in 10 steps, each colour moves by the
 * mean of the moves that would match the distributions along 30 random directions (Rabin, Peyré, Delon and Bernot,
 * "Wasserstein barycenter and its application to texture mixing", 2011; Bonneel, Rabin, Peyré and Pfister, "Sliced and
 * Radon Wasserstein barycenters of measures", 2015; DeepFaceLab's sot). What was added to the picture is then smoothed by a
 * bilateral filter (16 pixels, 5 of 255), so that noise is not amplified where colours were pulled apart.
 *
 * Distributions are those of the pixels inside the masks alone, weighted by them; DeepFaceLab blackens the others and lets
 * them count. The colours of the whole picture are changed.
 *
 * @param picture The picture to be changed, 3 channels in `[0, 1]`.
 * @param reference The picture whose colours are wanted, 3 channels, any size.
 * @param options Masks, and the seed of the directions.
 * @returns The recoloured picture, clipped to `[0, 1]`.
 * @throws {Problem} When a mask is empty or of another size than its picture.
 */
export function slicedOptimalTransport(
  picture: Picture,
  reference: Picture,
  { mask, referenceMask, seed = 0 }: ColourTransferOptions = {},
): Picture {
  const { width, height } = picture;
  const weights = pixelWeights(picture, mask, "transfer colour", "the picture");
  const referenceWeights = pixelWeights(reference, referenceMask, "transfer colour", "the reference");
  const random = randomSource(seed, "sliced optimal transport");
  const colours = picture.data.slice();
  const step = new Float32Array(colours.length);
  const values = new Float32Array(weights.length);
  const moves = new Float32Array(weights.length);
  const wanted = new Float32Array(referenceWeights.length);
  for (let s = 0; s < STEPS; s++) {
    step.fill(0);
    for (let k = 0; k < DIRECTIONS; k++) {
      const [r, g, b] = randomDirection(random);
      project(colours, [r, g, b], values);
      project(reference.data, [r, g, b], wanted);
      matchDistribution({ values, weights }, { values: wanted, weights: referenceWeights }, BINS, moves);
      for (let i = 0; i < moves.length; i++) {
        step[i * 3]! += r * moves[i]!;
        step[i * 3 + 1]! += g * moves[i]!;
        step[i * 3 + 2]! += b * moves[i]!;
      }
    }
    for (let i = 0; i < colours.length; i++) colours[i]! += step[i]! / DIRECTIONS;
  }
  const added = createPicture(width, height, 3, colours.map((value, i) => value - picture.data[i]!));
  const smooth = bilateralFilter(added, { sigmaSpace: SIGMA_SPACE, sigmaValue: SIGMA_VALUE });
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return createPicture(width, height, 3, picture.data.map((value, i) => clip(value + smooth.data[i]!)));
}

/** A direction from the uniform distribution on the sphere. */
function randomDirection(random: RandomSource): [number, number, number] {
  const [x, y, z] = [normal(random), normal(random), normal(random)];
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}
