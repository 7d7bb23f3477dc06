/**
 * From aligned faces to what is laid over them: prediction, mask, enhancement. Photographs and videos share it.
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { type Picture, resizePicture } from "../../image/mod.ts";
import { type AlignedFace, hullMask } from "../../faces/mod.ts";
import type { ConvertOptions, FaceNetwork } from "./convert.ts";
import { type MaskMode, maskOfMode } from "./mask_modes.ts";
import type { PredictedFace } from "./predict_faces.ts";

/** What goes over an aligned face. */
export interface NewFace {
  /** What the model predicted, `[R, R, 3]`. */
  readonly predicted: Picture;
  /** The same, enhanced where that was asked for, `[k R, k R, 3]`. */
  readonly face: Picture;
  /** Where it goes, `[R, R, 1]`; nothing when the mask is empty. */
  readonly mask: Picture | undefined;
}

/** The mask of a conversion that says nothing of it. */
export const DEFAULT_MASK: MaskMode = "learned-prd*learned-dst";

/**
 * Makes new faces.
 *
 * @param aligned The faces as they were cut out.
 * @param predict The model.
 * @param options Mask, segmentation, enhancement.
 * @returns One a face.
 * @throws Problem when the mask needs a segmentation network that is not there.
 */
export async function newFaces(
  aligned: readonly AlignedFace[],
  predict: (faces: readonly Picture[]) => Promise<PredictedFace[]>,
  options: Pick<ConvertOptions, "mask" | "segment" | "enhance" | "enhancePower">,
): Promise<NewFace[]> {
  const mode = options.mask ?? DEFAULT_MASK;
  requireSegmentation(mode, options.segment);
  const predictions = await predict(aligned.map(({ picture }) => picture));
  const masks = await alignedMasks(mode, aligned, predictions, options.segment);
  const faces = await enhanced(predictions.map(({ face }) => face), options);
  return predictions.map(({ face }, i) => ({ predicted: face, face: faces[i]!, mask: masks[i] }));
}

/**
 * Refuses a mask that needs a segmentation network where there is none.
 *
 * @param mode The mask.
 * @param segment The network.
 * @throws Problem when it is missing.
 */
export function requireSegmentation(mode: MaskMode, segment: FaceNetwork | undefined): void {
  const part = /XSeg-(prd|dst)/.exec(mode)?.[0];
  if (part && !segment) throw cannot("combine masks", `a segmentation network for ${part}`, "none", mode);
}

async function alignedMasks(
  mode: MaskMode,
  aligned: readonly AlignedFace[],
  predictions: readonly PredictedFace[],
  segment: FaceNetwork | undefined,
): Promise<(Picture | undefined)[]> {
  const xsegPrd = mode.includes("XSeg-prd") ? await segment?.(predictions.map(({ face }) => face)) : undefined;
  const xsegDst = mode.includes("XSeg-dst") ? await segment?.(aligned.map(({ picture }) => picture)) : undefined;
  return aligned.map(({ picture, landmarks }, i) => {
    const mask = maskOfMode(mode, {
      hull: hullMask(landmarks, picture.width, picture.height),
      learnedPrd: predictions[i]!.mask,
      learnedDst: predictions[i]!.ownMask,
      xsegPrd: xsegPrd?.[i],
      xsegDst: xsegDst?.[i],
    });
    return coverage(mask) > 0.02 ? mask : undefined;
  });
}

async function enhanced(
  faces: readonly Picture[],
  { enhance, enhancePower = 100 }: Pick<ConvertOptions, "enhance" | "enhancePower">,
): Promise<readonly Picture[]> {
  if (!enhance || enhancePower === 0) return faces;
  const large = await enhance(faces);
  const share = enhancePower / 100;
  return large.map((picture, i) => {
    const plain = resizePicture(faces[i]!, picture.width, picture.height, { interpolation: "bicubic" });
    return { ...picture, data: picture.data.map((value, k) => value * share + plain.data[k]! * (1 - share)) };
  });
}

const coverage = ({ data }: Picture) => data.reduce((sum, value) => sum + value, 0) / data.length;
