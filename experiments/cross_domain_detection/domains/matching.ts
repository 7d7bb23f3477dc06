/**
 * How much softer the real pictures have to be made so that sharpness alone tells nothing.
 *
 * @module
 */

import { mean, sharpness } from "doppel/evaluation/mod.ts";
import { hullMask } from "doppel/faces/mod.ts";
import type { Picture } from "doppel/image/mod.ts";
import type { Domain, Made } from "./domain.ts";
import type { Target } from "./targets.ts";

/** Photographs of each person that the strength is found on. */
const PER_PERSON = 2;
/** Real pictures are to be as sharp as forged ones to this share. */
const ENOUGH = 0.01;
/** No real face is softened by more. */
const MOST = 4;

/**
 * Mean gradient magnitude of what a forgery changes.
 *
 * @param picture What detectors see.
 * @param landmarks The photograph's, in it.
 * @param changes The face alone, by the hull of the landmarks, or all of the picture.
 * @returns Change of grey value a pixel.
 */
export function changedSharpness(picture: Picture, landmarks: Float32Array, changes: Domain["changes"]): number {
  const { width, height } = picture;
  return changes === "picture" ? sharpness(picture) : sharpness(picture, hullMask(landmarks, width, height));
}

/**
 * The standard deviation of the Gaussian with which real pictures are as sharp as forged ones, on average over photographs
 * of the persons of `train`; one for the whole domain.
 *
 * @param targets The photographs.
 * @param made What became of them.
 * @param changes Where sharpness is compared.
 * @param signal Asks to stop.
 * @returns The deviation, 0 where resampling and blending alone make real pictures as soft; found to 1 % of the sharpness.
 */
export async function matchingSigma(
  targets: readonly Target[],
  made: readonly (Made | undefined)[],
  changes: Domain["changes"],
  signal?: AbortSignal,
): Promise<number> {
  const counts = new Map<string, number>();
  const chosen = [...targets.keys()].filter((i) => {
    const { person, split } = targets[i]!;
    const before = counts.get(person) ?? 0;
    if (split !== "train" || !made[i] || before === PER_PERSON) return false;
    counts.set(person, before + 1);
    return true;
  });
  if (chosen.length === 0) return 0;
  const meanOf = async (picture: (made: Made) => Picture | Promise<Picture>) => {
    const values: number[] = [];
    for (const i of chosen) {
      signal?.throwIfAborted();
      values.push(changedSharpness(await picture(made[i]!), targets[i]!.crop.landmarks, changes));
    }
    return mean(values);
  };
  const wanted = await meanOf(({ forged }) => forged);
  const excess = async (sigma: number) => await meanOf((own) => own.matched(sigma)) / wanted - 1;
  let [low, above] = [0, await excess(0)];
  if (above <= ENOUGH) return 0;
  let [high, below] = [MOST, await excess(MOST)];
  if (below >= 0) return MOST;
  for (let last = 0;;) {
    // Regula falsi; an end that stays twice counts half (the Illinois rule), so that both come nearer.
    const sigma = (low * below - high * above) / (below - above);
    const value = await excess(sigma);
    if (Math.abs(value) <= ENOUGH || high - low < 0.02) return sigma;
    if (value > 0) {
      if (last > 0) below /= 2;
      [low, above] = [sigma, value];
    } else {
      if (last < 0) above /= 2;
      [high, below] = [sigma, value];
    }
    last = Math.sign(value);
  }
}
