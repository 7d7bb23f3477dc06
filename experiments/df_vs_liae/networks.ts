/**
 * The two networks that conversion can use: segmentation, learned from the bundled hand-made masks, and super-resolution.
 * Each is trained once in a run, on persons of the identity split `train` and on photographs that are not held out.
 *
 * @module
 */

import { join } from "node:path";
import {
  BUNDLED_FACES,
  occluderTextures,
  photosOfEach,
  readFaceSet,
  readMasks,
  type SetFace,
  withHandMasks,
} from "doppel/data/mod.ts";
import { alone, type ExperimentContext, openMetricsLog } from "doppel/experiment/mod.ts";
import { segmentFaces, xseg, xsegSizes } from "doppel/faces/mod.ts";
import { enhanceFaces, type FaceNetwork, upscaler, upscalerSizes } from "doppel/generators/mod.ts";
import { type Callback, every, trainSuperResolution, trainXSeg } from "doppel/training/mod.ts";
import type { Config } from "./presets.ts";

type Context = ExperimentContext<Config>;

/** What conversion may call for. */
export interface Networks {
  /** From `[R, R, 3]` to the part of the face that is seen, `[R, R, 1]`. */
  readonly segment: FaceNetwork;
  /** From `[R, R, 3]` to `[2 R, 2 R, 3]`. */
  readonly enhance: FaceNetwork;
  /** Frees both. */
  dispose(): void;
}

/** Side of the faces that super-resolution learns from; it works on any size. */
const SHARP = 128;
/** One seed for both: they are tools of the conversion, and the same for all arms. */
const SEED = 1;

/**
 * Trains the networks, or opens them where an earlier part of the run has.
 *
 * @param context The experiment's.
 * @returns The networks; the caller's to dispose of.
 */
export async function openNetworks(context: Context): Promise<Networks> {
  const { run, config, data, signal, say } = context;
  const segmentation = xseg(xsegSizes.small, SEED);
  const superResolution = upscaler(upscalerSizes.small, SEED);
  const dispose = () => [segmentation, superResolution].forEach(({ weights }) => weights.dispose());
  const log = await openMetricsLog(run.metrics);
  const how = (name: string, steps: number) => ({
    ...{ steps, seed: SEED, signal, mixedPrecision: config.mixed_precision },
    checkpoints: join(run.checkpoints, name),
    callbacks: [
      every(20, ({ step, losses }) => log.append({ arm: name, seed: SEED, step, ...losses })),
      (({ step, steps }) => context.progress(`training ${name}`, step, steps)) satisfies Callback,
    ],
  });
  const train = async () => {
    const masked = await maskedFaces(config, xsegSizes.small.resolution);
    say(`Segmentation from ${masked.length} hand-made masks, super-resolution from the training photographs`);
    const { complete } = await trainXSeg(segmentation, masked, {
      ...how("xseg", config.segmentation_steps),
      augmentation: { textures: await occluderTextures(photosOfEach(BUNDLED_FACES, masked, Infinity), { seed: SEED }) },
    });
    if (!complete) throw signal?.reason;
    const sharp = await readFaceSet(data, { size: SHARP, identitySplit: "train", photoSplit: "train" });
    const enhanced = await trainSuperResolution(superResolution, sharp.faces.map(({ picture }) => picture), {
      ...how("super_resolution", config.super_resolution_steps),
    });
    if (!enhanced.complete) throw signal?.reason;
  };
  try {
    await alone(run, "networks", signal, train);
  } catch (error) {
    dispose();
    throw error;
  } finally {
    log.close();
  }
  return {
    segment: (faces) => segmentFaces(segmentation, faces),
    enhance: (faces) => enhanceFaces(superResolution, faces),
    dispose,
  };
}

/** Bundled faces with hand-made masks that may be learned from; a user's own photographs have none. */
async function maskedFaces({ face_type: faceType }: Config, size: number): Promise<readonly SetFace[]> {
  const { faces } = await readFaceSet(BUNDLED_FACES, {
    ...{ size, faceType, identitySplit: "train", photoSplit: "train" },
  });
  const { masks } = await readMasks(join(BUNDLED_FACES, "masks"), {
    photographs: faces.map(({ path }) => path),
    photoFolder: BUNDLED_FACES,
  });
  return withHandMasks(faces, masks).faces;
}
