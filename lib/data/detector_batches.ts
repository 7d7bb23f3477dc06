/**
 * Batches for detectors: as many real pictures as forged ones, mirrored, worsened and cut together at random. JPEG files are
 * written and read beside the event loop, so a batch is promised; the training loop waits for it while a step runs.
 *
 * @module
 */

import { mirrorPicture, type Picture, requirePicture, resizePicture, shiftPicture } from "../image/mod.ts";
import { cannot } from "../problem.ts";
import { index, type RandomSource, randomSource, uniform } from "../random.ts";
import { type Degradation, type DegradationOptions, degradePicture, drawDegradation } from "./degradation.ts";
import { cutMixWithinClass } from "./cut_mix.ts";
import { type BlendableFace, selfBlend, type SelfBlendOptions } from "./self_blended.ts";

/** A picture and whether it is forged. */
export interface LabelledPicture {
  /** 3 channels in [0, 1]. */
  readonly picture: Picture;
  /** True for a forged picture, false for a real one. */
  readonly forged: boolean;
}

/** How pictures for a detector are varied. */
export interface DetectorAugmentation {
  /** Probability of a mirror image. Default 0.5. */
  readonly flip?: number;
  /** Most pixels, whole ones, that a picture is moved to each side. Default 0. */
  readonly shift?: number;
  /** Blur, JPEG and loss of size; false for none. Default CNNDetection's recipe. */
  readonly degradation?: DegradationOptions | false;
  /** Probability that the batch's pictures are cut together with others of their class. Default 0; T-GD's is 0.5. */
  readonly cutMix?: number;
}

/** Which batch to make. */
export interface DetectorBatchOptions extends DetectorAugmentation {
  /** Pictures in a batch, even. */
  readonly size: number;
  /** Side of the detector's pictures; others are resized. */
  readonly resolution: number;
  /** The run's seed. */
  readonly seed: number;
  /** The step that it is for. */
  readonly step: number;
}

/** Inputs and labels as flat arrays. */
export interface DetectorArrays {
  /** `[batch, R, R, 3]` in [0, 1], or `[batch, length]`. */
  readonly input: Float32Array;
  /** `[batch]`: 1 for forged and 0 for real, by turns. */
  readonly forged: Float32Array;
}

/**
 * Draws real and forged pictures by turns, with replacement, and varies each.
 *
 * @param pictures What to draw from, of both classes.
 * @param options Size, resolution, seed and step, augmentation.
 * @returns The batch; equal options give equal batches.
 * @throws {Problem} When a class is missing, the size is odd, or a picture has not 3 channels.
 */
export async function detectorBatch(
  pictures: readonly LabelledPicture[],
  options: DetectorBatchOptions,
): Promise<DetectorArrays> {
  const classes = [pictures.filter(({ forged }) => !forged), pictures.filter(({ forged }) => forged)] as const;
  if (classes.some(({ length }) => length === 0)) {
    throw cannot(
      "make batch",
      "real and forged pictures",
      `${classes[0].length} real and ${classes[1].length} forged ones`,
    );
  }
  const random = randomSource(options.seed, "detector", options.step);
  const drawn = Array.from({ length: evenSize(options.size) }, (_, i) => {
    const own = classes[i % 2 as 0 | 1];
    return own[index(random, own.length)]!.picture;
  });
  return await variedBatch(drawn, random, options);
}

/**
 * Draws real faces with replacement and blends each onto itself (self-blended images, Shiohara and Yamasaki, CVPR 2022, arXiv
 * 2204.08376): a batch holds each face as it is and blended, so that nothing but the blending tells them apart.
 *
 * @param faces Real faces with landmarks.
 * @param options Size, resolution, seed and step, augmentation, and how faces are blended.
 * @returns The batch; equal options give equal batches.
 * @throws {Problem} When there are no faces, or the size is odd.
 */
export async function selfBlendedBatch(
  faces: readonly BlendableFace[],
  options: DetectorBatchOptions & { readonly blending?: SelfBlendOptions },
): Promise<DetectorArrays> {
  if (faces.length === 0) throw cannot("make batch", "at least one face", "none");
  const random = randomSource(options.seed, "self-blended", options.step);
  const drawn = Array.from({ length: evenSize(options.size) / 2 }, () => {
    const face = faces[index(random, faces.length)]!;
    const { real, forged } = selfBlend(face, random, options.blending);
    return [real, forged];
  });
  return await variedBatch(drawn.flat(), random, options, 2);
}

/**
 * Draws feature vectors of real and forged pictures by turns, with replacement.
 *
 * @param features Vectors of one length with their labels.
 * @param options Size, seed and step.
 * @param options.size Vectors in a batch, even.
 * @param options.seed The run's seed.
 * @param options.step The step that it is for.
 * @returns The batch; equal options give equal batches.
 * @throws {Problem} When a class is missing, the size is odd, or lengths differ.
 */
export function featureBatch(
  features: readonly { readonly features: Float32Array; readonly forged: boolean }[],
  { size, seed, step }: { readonly size: number; readonly seed: number; readonly step: number },
): DetectorArrays {
  const classes = [features.filter(({ forged }) => !forged), features.filter(({ forged }) => forged)] as const;
  if (classes.some(({ length }) => length === 0)) {
    throw cannot("make batch", "features of both classes", `${classes[0].length} real, ${classes[1].length} forged`);
  }
  const random = randomSource(seed, "features", step);
  const length = features[0]!.features.length;
  const batch = { input: new Float32Array(evenSize(size) * length), forged: labels(size) };
  for (let i = 0; i < size; i++) {
    const own = classes[i % 2 as 0 | 1];
    const vector = own[index(random, own.length)]!.features;
    if (vector.length !== length) throw cannot("make batch", `vectors of ${length} values`, String(vector.length));
    batch.input.set(vector, i * length);
  }
  return batch;
}

function evenSize(size: number): number {
  if (!(Number.isInteger(size) && size > 0 && size % 2 === 0)) throw cannot("make batch", "an even size", String(size));
  return size;
}

const labels = (size: number) => Float32Array.from({ length: size }, (_, i) => i % 2);

/** Varies pictures, `alike` neighbours by the same draws, and puts them into a batch. */
async function variedBatch(
  pictures: readonly Picture[],
  random: RandomSource,
  { resolution, flip = 0.5, shift = 0, degradation, cutMix = 0 }: DetectorBatchOptions,
  alike = 1,
): Promise<DetectorArrays> {
  // All numbers are drawn before anything is waited for: the order in which files come back must not matter.
  const draws: { mirrored: boolean; moved: [number, number]; worsened: Degradation | undefined }[] = [];
  const move = () => shift === 0 ? 0 : index(random, 2 * shift + 1) - shift;
  for (let i = 0; i < pictures.length; i++) {
    draws.push(
      i % alike > 0 ? draws[i - 1]! : {
        mirrored: uniform(random, 0, 1) < flip,
        moved: [move(), move()],
        worsened: degradation === false ? undefined : drawDegradation(random, degradation),
      },
    );
  }
  const values = resolution * resolution * 3;
  const batch = { input: new Float32Array(pictures.length * values), forged: labels(pictures.length) };
  await Promise.all(pictures.map(async (given, i) => {
    requirePicture(given, "make batch", "colour pictures", { channels: 3 });
    const fits = given.width === resolution && given.height === resolution;
    const { mirrored, moved, worsened } = draws[i]!;
    let picture = fits ? given : resizePicture(given, resolution, resolution);
    if (mirrored) picture = mirrorPicture(picture);
    if (moved[0] || moved[1]) picture = shiftPicture(picture, ...moved);
    if (worsened) picture = await degradePicture(picture, worsened);
    batch.input.set(picture.data, i * values);
  }));
  if (uniform(random, 0, 1) < cutMix) {
    cutMixWithinClass(batch.input, [pictures.length, resolution, resolution, 3], batch.forged, random);
  }
  return batch;
}
