/**
 * Batches of squares cut out of whole pictures.
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { cropPicture, mirrorPicture, type Picture } from "../../image/mod.ts";
import { index, randomSource, uniform } from "../../random.ts";

/** Which batch to cut. */
export interface CropOptions {
  /** Squares in a batch. */
  readonly size: number;
  /** Their side in pixels. */
  readonly crop: number;
  /** The run's seed. */
  readonly seed: number;
  /** The step that it is for. */
  readonly step: number;
}

/**
 * Draws pictures with replacement, cuts a square out of each at a random place and mirrors half of them. Nothing is turned
 * or scaled: the network is to learn what pixels of photographs look like.
 *
 * @param pictures 3 channels in [0, 1], of any sizes.
 * @param options Size of batch and squares, seed and step.
 * @returns `[size, crop, crop, 3]`, flat; equal options give equal batches.
 * @throws {Problem} When there are no pictures, or a square does not fit into one.
 */
export function cropBatch(pictures: readonly Picture[], { size, crop, seed, step }: CropOptions): Float32Array {
  if (pictures.length === 0) throw cannot("make batch", "at least one picture", "none");
  const random = randomSource(seed, "crops", step);
  const values = crop * crop * 3;
  const batch = new Float32Array(size * values);
  for (let i = 0; i < size; i++) {
    const picture = pictures[index(random, pictures.length)]!;
    const { width, height } = picture;
    if (!(Number.isInteger(crop) && crop >= 1 && crop <= Math.min(width, height))) {
      throw cannot("make batch", `a whole crop of 1 to ${Math.min(width, height)} pixels`, String(crop));
    }
    const [x, y] = [index(random, width - crop + 1), index(random, height - crop + 1)];
    const cut = cropPicture(picture, { x, y, width: crop, height: crop });
    batch.set((uniform(random, 0, 1) < 0.5 ? mirrorPicture(cut) : cut).data, i * values);
  }
  return batch;
}
