/**
 * Batches of augmented faces for generators that are trained on pairs of persons.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import { type ColourTransfer, type Picture, transferColour } from "../image/mod.ts";
import { index, type RandomSource, randomSource } from "../random.ts";
import { type AugmentationOptions, drawAugmentation, sampleAlong } from "./warp_augmentation.ts";

/** An aligned face with its mask, both square and of one size; every `SetFace` is one. */
export interface FaceSample {
  /** `[R, R, 3]` in [0, 1]. */
  readonly picture: Picture;
  /** `[R, R, 1]` in [0, 1]. */
  readonly mask: Picture;
  /** Where eyes and mouth are, `[R, R, 1]` in [0, 1]; only where their priority is wanted. */
  readonly eyesMouth?: Picture;
}

/** Augmented faces as flat arrays. */
export interface FaceBatch {
  /** Faces under a random warp, `[batch, R, R, 3]`. */
  readonly warped: Float32Array;
  /** The same faces without the warp, `[batch, R, R, 3]`. */
  readonly face: Float32Array;
  /** Their masks, `[batch, R, R, 1]`. */
  readonly mask: Float32Array;
  /** Eyes and mouth, `[batch, R, R, 1]`, where all faces have them. */
  readonly eyesMouth?: Float32Array;
}

/** How faces are recoloured. */
export interface BatchColour {
  /** The transfer. */
  readonly method: ColourTransfer;
  /** Faces whose colours are taken, one at random each time. */
  readonly references?: readonly FaceSample[];
}

/** Which batch to make. */
export interface FaceBatchOptions extends AugmentationOptions {
  /** Faces in a batch. */
  readonly size: number;
  /** The run's seed. */
  readonly seed: number;
  /** The step that it is for. */
  readonly step: number;
  /** What tells this person's draws from another's in the same step. */
  readonly stream: string;
  /** Colours of other faces. Default none. */
  readonly colour?: BatchColour | undefined;
}

/**
 * Draws faces with replacement and augments each.
 *
 * @param samples The faces to draw from.
 * @param options Size of the batch, seed and step, augmentation.
 * @returns The batch; equal options give equal batches.
 * @throws Problem when there are no faces, or not all of one size.
 */
export function faceBatch(
  samples: readonly FaceSample[],
  { size, seed, step, stream, colour, ...augmentation }: FaceBatchOptions,
): FaceBatch {
  const side = samples[0]?.picture.width;
  if (side === undefined) throw cannot("make batch", "at least one face", "none", stream);
  const random = randomSource(seed, "faces", stream, step);
  const pixels = side * side;
  const batch = {
    warped: new Float32Array(size * pixels * 3),
    face: new Float32Array(size * pixels * 3),
    mask: new Float32Array(size * pixels),
    ...(samples.every(({ eyesMouth }) => eyesMouth) && { eyesMouth: new Float32Array(size * pixels) }),
  };
  for (let i = 0; i < size; i++) {
    const sample = samples[index(random, samples.length)]!;
    const { mask, eyesMouth } = sample;
    const picture = colour ? recoloured(sample, colour, randomSource(seed, "colour", stream, step, i)) : sample.picture;
    if (picture.width !== side || picture.height !== side || mask.width !== side || mask.height !== side) {
      throw cannot(
        "make batch",
        `faces and masks of ${side}x${side} pixels`,
        `${picture.width}x${picture.height}`,
        stream,
      );
    }
    const { target, warped } = drawAugmentation(side, random, augmentation);
    const at = i * pixels * 3;
    sampleAlong(picture.data, side, 3, target, batch.face, at);
    if (warped === target) batch.warped.set(batch.face.subarray(at, at + pixels * 3), at);
    else sampleAlong(picture.data, side, 3, warped, batch.warped, at);
    sampleAlong(mask.data, side, 1, target, batch.mask, i * pixels);
    if (batch.eyesMouth) sampleAlong(eyesMouth!.data, side, 1, target, batch.eyesMouth, i * pixels);
  }
  return batch;
}

function recoloured({ picture, mask }: FaceSample, { method, references = [] }: BatchColour, random: RandomSource) {
  const reference = references[index(random, references.length)];
  if (!reference) return picture;
  const seed = index(random, 2 ** 31);
  return transferColour(picture, reference.picture, { method, mask, referenceMask: reference.mask, seed });
}
