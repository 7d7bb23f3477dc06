import { cannot } from "doppel/problem.ts";
import { normal, type RandomSource, randomSource } from "doppel/random.ts";
import { matchDistribution, project } from "./distribution_match.ts";
import type { Matrix3 } from "./matrix3.ts";
import { createPicture, type Picture } from "./picture.ts";
import { type ColourTransferOptions, pixelWeights } from "./pixel_weights.ts";

const ROTATIONS = 20;
const BINS = 256;

/**
 * Gives a picture the distribution of another's colours: red, green and blue are turned at random 20 times, and along
 * each turned axis the histogram of 256 bins is matched (Pitié, Kokaram and Dahyot, "Automated colour grading using
 * colour distribution transfer", 2007; DeepFaceLab's idt).
 *
 * DeepFaceLab goes only a twentieth of the way at each turn, which brings the colours about two thirds of the way
 * (`1 - 0.95^20`) to the reference's; `relaxation: 1` goes the whole way, as in the paper.
 *
 * Histograms use the pixels inside the masks alone, weighted by them. The colours of the whole picture are changed.
 *
 * @param picture The picture to be changed, 3 channels in `[0, 1]`.
 * @param reference The picture whose colours are wanted, 3 channels, any size.
 * @param options Masks, the seed of the turns, and `relaxation` in `(0, 1]`, default 1/20.
 * @returns The recoloured picture, clipped to `[0, 1]`.
 * @throws {Problem} When a mask is empty or of another size than its picture, or the relaxation out of range.
 */
export function iterativeDistributionTransfer(
  picture: Picture,
  reference: Picture,
  options: ColourTransferOptions & { readonly relaxation?: number } = {},
): Picture {
  const { mask, referenceMask, seed = 0, relaxation = 1 / ROTATIONS } = options;
  if (!(relaxation > 0 && relaxation <= 1)) {
    throw cannot("transfer colour", "a relaxation above 0 and up to 1", String(relaxation));
  }
  const weights = pixelWeights(picture, mask, "transfer colour", "the picture");
  const referenceWeights = pixelWeights(reference, referenceMask, "transfer colour", "the reference");
  const random = randomSource(seed, "iterative distribution transfer");
  const colours = picture.data.slice();
  const values = new Float32Array(weights.length);
  const wanted = new Float32Array(referenceWeights.length);
  const moves = [0, 1, 2].map(() => new Float32Array(weights.length));
  for (let turn = 0; turn < ROTATIONS; turn++) {
    const axes = randomRotation(random);
    for (let k = 0; k < 3; k++) {
      const axis = axes.slice(k * 3, k * 3 + 3);
      project(colours, axis, values);
      project(reference.data, axis, wanted);
      matchDistribution({ values, weights }, { values: wanted, weights: referenceWeights }, BINS, moves[k]!);
    }
    for (let i = 0; i < weights.length; i++) {
      for (let c = 0; c < 3; c++) {
        const move = moves[0]![i]! * axes[c]! + moves[1]![i]! * axes[3 + c]! + moves[2]![i]! * axes[6 + c]!;
        colours[i * 3 + c]! += relaxation * move;
      }
    }
  }
  return createPicture(picture.width, picture.height, 3, colours.map((value) => Math.min(1, Math.max(0, value))));
}

/** A rotation from the uniform distribution: that of a unit quaternion with a direction from the normal distribution. */
function randomRotation(random: RandomSource): Matrix3 {
  const raw = [normal(random), normal(random), normal(random), normal(random)];
  const length = Math.hypot(...raw);
  const [w, x, y, z] = raw.map((value) => value / length) as [number, number, number, number];
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  ];
}
