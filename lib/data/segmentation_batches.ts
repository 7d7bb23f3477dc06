/**
 * Batches for a segmentation network: faces with their masks, moved, warped, covered and lit at random.
 *
 * @module
 */

import { createPicture, type Picture } from "doppel/image/mod.ts";
import { cannot } from "../problem.ts";
import { index, type RandomSource, randomSource, uniform } from "../random.ts";
import type { FaceSample } from "./face_batches.ts";
import { type LightOptions, varyLight } from "./light_augmentation.ts";
import { cutFromMask, drawOccluder, type OccluderKind, pasteOccluder } from "./synthetic_occluders.ts";
import { paintTexture } from "./textures.ts";
import { type AugmentationOptions, drawAugmentation, sampleAlong } from "./warp_augmentation.ts";

/** How faces for a segmentation network are varied. */
export interface SegmentationAugmentation extends AugmentationOptions, LightOptions {
  /** Share of faces with something before them. Default 0.8. */
  readonly occluded?: number;
  /** Most occluders on one face. Default 2. */
  readonly occluders?: number;
  /** Kinds of occluders. Default all but glasses, which belong to the face. */
  readonly kinds?: readonly OccluderKind[];
  /** Share of faces whose surroundings are mixed with a texture (DeepFaceLab mixes backgrounds). Default 0.3. */
  readonly surroundings?: number;
  /** What occluders and surroundings are painted with, see `cutTextures`. Default none: plain colours. */
  readonly textures?: readonly Picture[];
}

/** Which batch to make. */
export interface SegmentationBatchOptions extends SegmentationAugmentation {
  /** Faces in a batch. */
  readonly size: number;
  /** The run's seed. */
  readonly seed: number;
  /** The step that it is for. */
  readonly step: number;
}

/** Faces and masks as flat arrays. */
export interface SegmentationBatch {
  /** `[batch, R, R, 3]` in [0, 1]. */
  readonly face: Float32Array;
  /** `[batch, R, R, 1]` in [0, 1]: face that is seen. */
  readonly mask: Float32Array;
}

const KINDS: readonly OccluderKind[] = ["blob", "ellipse", "bar", "fingers", "cloth", "strands"];

/**
 * Draws faces with replacement and varies each: an affine map and a warp of face and mask alike, surroundings, occluders,
 * light.
 *
 * @param samples The faces to draw from, with their masks.
 * @param options Size of the batch, seed and step, augmentation.
 * @returns The batch; equal options give equal batches.
 * @throws {Problem} When there are no faces, or not all of one size.
 */
export function segmentationBatch(
  samples: readonly FaceSample[],
  { size, seed, step, ...augmentation }: SegmentationBatchOptions,
): SegmentationBatch {
  const side = samples[0]?.picture.width;
  if (side === undefined) throw cannot("make batch", "at least one face with a mask", "none");
  const random = randomSource(seed, "segmentation", step);
  const pixels = side * side;
  const batch = { face: new Float32Array(size * pixels * 3), mask: new Float32Array(size * pixels) };
  for (let i = 0; i < size; i++) {
    const sample = samples[index(random, samples.length)]!;
    for (const { width, height } of [sample.picture, sample.mask]) {
      if (width === side && height === side) continue;
      throw cannot("make batch", `faces and masks of ${side}x${side} pixels`, `${width}x${height}`);
    }
    const { picture, mask } = varySample(sample, random, augmentation);
    batch.face.set(picture.data, i * pixels * 3);
    batch.mask.set(mask.data, i * pixels);
  }
  return batch;
}

/**
 * Varies one face and its mask.
 *
 * @param sample The face.
 * @param random Where numbers come from.
 * @param options How it is varied.
 * @returns The varied face and mask, of the same size.
 */
export function varySample(
  sample: FaceSample,
  random: RandomSource,
  {
    occluded = 0.8,
    occluders = 2,
    kinds = KINDS,
    surroundings = 0.3,
    textures = [],
    ...augmentation
  }: SegmentationAugmentation = {},
): FaceSample {
  const side = sample.picture.width;
  const { warped } = drawAugmentation(side, random, augmentation);
  let picture = createPicture(side, side, 3);
  let mask = createPicture(side, side, 1);
  sampleAlong(sample.picture.data, side, 3, warped, picture.data);
  sampleAlong(sample.mask.data, side, 1, warped, mask.data);
  if (uniform(random, 0, 1) < surroundings) {
    // In some measure only: a face cut out sharply would be told by its edge.
    const share = uniform(random, 0.15, 1);
    const outside = createPicture(side, side, 1, mask.data.map((value) => (1 - value) * share));
    picture = pasteOccluder(picture, { picture: paintTexture(side, random, textures), alpha: outside });
  }
  if (uniform(random, 0, 1) < occluded) {
    for (let count = 1 + index(random, occluders); count > 0; count--) {
      const occluder = drawOccluder(side, random, textures, { kinds });
      picture = pasteOccluder(picture, occluder);
      mask = cutFromMask(mask, occluder);
    }
  }
  return { picture: varyLight(picture, random, augmentation), mask };
}
