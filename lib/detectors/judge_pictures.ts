/**
 * One way to score pictures with any detector, whether it sees pictures or a recogniser's vectors of them.
 *
 * @module
 */

import { describeFaces, ENCODER_SHAPES, type IdentityEncoder } from "../faces/mod.ts";
import type { Picture } from "../image/mod.ts";
import { cannot } from "../problem.ts";
import type { Detector, DetectorInput } from "./detector.ts";
import { scoreFeatures, scorePictures } from "./score_pictures.ts";

/**
 * The side that pictures should have for a detector: its own, or that of the recogniser whose vectors it sees.
 *
 * @param input What goes into the detector.
 * @returns Pixels.
 * @throws {Problem} When no bundled recogniser gives vectors of its length.
 */
export function pictureSide(input: DetectorInput): number {
  return input.kind === "pictures" ? input.resolution : ENCODER_SHAPES[recogniserOf(input.length)].side;
}

/**
 * The vectors that a detector of features sees of pictures.
 *
 * @param input What goes into the detector.
 * @param pictures 3 channels in [0, 1], faces cut out.
 * @returns One vector a picture; none for detectors that see the pictures themselves.
 * @throws {Problem} When no bundled recogniser gives vectors of its length.
 */
export async function featuresOf(
  input: DetectorInput,
  pictures: readonly Picture[],
): Promise<Float32Array[] | undefined> {
  if (input.kind === "pictures") return undefined;
  return await describeFaces(pictures, { encoder: recogniserOf(input.length) });
}

/**
 * Scores pictures with any detector.
 *
 * @param model The detector.
 * @param pictures 3 channels in [0, 1]; other sizes than the detector's are resized.
 * @returns One score a picture, in [0, 1]; higher is more likely forged.
 * @throws {Problem} When no bundled recogniser gives the vectors that the detector sees.
 */
export async function judgePictures(model: Detector, pictures: readonly Picture[]): Promise<number[]> {
  const features = await featuresOf(model.input, pictures);
  return features ? await scoreFeatures(model, features) : await scorePictures(model, pictures);
}

function recogniserOf(length: number): IdentityEncoder {
  const found = Object.entries(ENCODER_SHAPES).find(([, shape]) => shape.length === length);
  if (found) return found[0] as IdentityEncoder;
  const lengths = Object.values(ENCODER_SHAPES).map((shape) => shape.length).join(" or ");
  throw cannot("describe pictures", `a detector of ${lengths} features`, String(length));
}
