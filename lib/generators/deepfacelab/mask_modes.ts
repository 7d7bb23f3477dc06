/**
 * Where the new face goes: DeepFaceLab's mask modes (`merger/MergerConfig.py`), under its own names.
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { createPicture, type Picture } from "../../image/mod.ts";

/** DeepFaceLab's mask modes. `prd` is the predicted face, `dst` the photograph. */
export const MASK_MODES = [
  "full",
  "dst",
  "learned-prd",
  "learned-dst",
  "learned-prd*learned-dst",
  "learned-prd+learned-dst",
  "XSeg-prd",
  "XSeg-dst",
  "XSeg-prd*XSeg-dst",
  "learned-prd*learned-dst*XSeg-prd*XSeg-dst",
] as const;

/** One of {@linkcode MASK_MODES}. */
export type MaskMode = typeof MASK_MODES[number];

/** The masks that a mode combines, all `[R, R, 1]` in [0, 1]. */
export interface MaskParts {
  /** Hull of the photograph's landmarks. */
  readonly hull: Picture;
  /** Mask that comes with the predicted face. */
  readonly learnedPrd: Picture;
  /** Mask that the destination's own decoder (or code) predicts. */
  readonly learnedDst: Picture;
  /** Segmentation of the predicted face; only for the modes with XSeg-prd. */
  readonly xsegPrd?: Picture | undefined;
  /** Segmentation of the photograph; only for the modes with XSeg-dst. */
  readonly xsegDst?: Picture | undefined;
}

/**
 * Combines masks.
 *
 * @param mode Which, and how: `*` multiplies, `+` takes the larger value.
 * @param parts The masks.
 * @returns The mask, `[R, R, 1]` in [0, 1].
 * @throws Problem when the mode needs a segmentation that is not there.
 */
export function maskOfMode(mode: MaskMode, parts: MaskParts): Picture {
  const { width, height } = parts.hull;
  if (mode === "full") return createPicture(width, height, 1, 1);
  if (mode === "dst") return parts.hull;
  const join = mode.includes("+") ? Math.max : (a: number, b: number) => a * b;
  const known: Readonly<Record<string, Picture | undefined>> = {
    "learned-prd": parts.learnedPrd,
    "learned-dst": parts.learnedDst,
    "XSeg-prd": parts.xsegPrd,
    "XSeg-dst": parts.xsegDst,
  };
  const masks = mode.split(/[*+]/).map((name) => {
    const mask = known[name];
    if (!mask) throw cannot("combine masks", `a segmentation network for ${name}`, "none", mode);
    return mask.data;
  });
  const [first, ...others] = masks as [Float32Array, ...Float32Array[]];
  return createPicture(
    width,
    height,
    1,
    first.map((value, i) => others.reduce((so_far, other) => join(so_far, other[i]!), value)),
  );
}
