/**
 * Putting one face back into its photograph: colours, sharpness, blending (DeepFaceLab's `merger/MergeMasked.py`).
 *
 * @module
 */

import {
  type Affine,
  blendByMask,
  type ColourTransfer,
  composeAffine,
  createPicture,
  cropPicture,
  degradeColour,
  degradeDetail,
  denoise,
  dilate,
  erode,
  gaussianBlur,
  histogramMatch,
  invertAffine,
  motionBlur,
  pastePicture,
  type Picture,
  poissonBlend,
  regionOf,
  resizePicture,
  scaleOf,
  sharpen,
  transferColour,
} from "../../image/mod.ts";
import { unalign } from "../../faces/mod.ts";

/** How the face is put back, under DeepFaceLab's names. */
export const MERGE_MODES = [
  "original",
  "overlay",
  "hist-match",
  "seamless",
  "seamless-hist-match",
  "raw-rgb",
] as const;

/** One of {@linkcode MERGE_MODES}. */
export type MergeMode = typeof MERGE_MODES[number];

/** How one face is composed. Lengths are shares of the aligned square's side, amounts are DeepFaceLab's. */
export interface ComposeOptions {
  /**
   * "overlay": by the soft mask. "hist-match": overlay with matched histograms. "seamless": Poisson blending, then the
   * soft mask. "seamless-hist-match": both. "raw-rgb": the square as it is, without mask. "original": the photograph.
   * (DeepFaceLab's "raw-predict" is the `face` of every conversion.) Default "overlay".
   */
  readonly mode?: MergeMode;
  /** Whether the face takes on the photograph's colours, and how. Default "rct". */
  readonly colour?: ColourTransfer;
  /** By how much the mask shrinks; negative widens it. Default 0. */
  readonly erode?: number;
  /** Standard deviation of the mask's soft edge. Default 0.015. */
  readonly blur?: number;
  /** -100 to 100: sharpens, or blurs by a median. Default 0. */
  readonly sharpen?: number;
  /** Which unsharp mask sharpens. Default "box". */
  readonly sharpenWindow?: "box" | "gaussian";
  /** Motion blur of the face: length in pixels of the photograph, angle in degrees. Default none. */
  readonly motionBlur?: { readonly length: number; readonly angle: number };
  /** 0 to 500: takes noise out of the new face. (DeepFaceLab denoises the photograph.) Default 0. */
  readonly denoise?: number;
  /** 0 to 100: takes detail out of the new face, to match a poor photograph. (DeepFaceLab degrades the photograph.) Default 0. */
  readonly degrade?: number;
  /** 0 to 100: takes colours out of the new face. Default 0. */
  readonly degradeColour?: number;
  /** -50 to 50: makes the face so many percent larger. Default 0. */
  readonly faceScale?: number;
}

/** A photograph with a face in it, and where it was changed. */
export interface Composition {
  /** Of the photograph's size; where the mask is 0, bit for bit the photograph. */
  readonly picture: Picture;
  /** 1 channel, of the photograph's size. */
  readonly mask: Picture;
}

/**
 * Puts a face back into its photograph. Only the part of the photograph round the face is worked on.
 *
 * @param photo The photograph, 3 channels.
 * @param aligned The face as it was cut out, `[R, R, 3]`.
 * @param face The new face, `[S, S, 3]`, where S may be a multiple of R.
 * @param alignedMask Where it goes, `[R, R, 1]`.
 * @param matrix From the photograph to the aligned square of side R.
 * @param options Mode, colours, edge.
 * @returns The photograph with the face.
 */
export function composeFace(
  photo: Picture,
  aligned: Picture,
  face: Picture,
  alignedMask: Picture,
  matrix: Affine,
  options: ComposeOptions = {},
): Composition {
  const { mode = "overlay", colour = "rct", blur = 0.015, faceScale = 0 } = options;
  const side = aligned.width;
  if (mode === "original") return { picture: photo, mask: createPicture(photo.width, photo.height, 1) };
  const raw = mode === "raw-rgb";
  const recoloured = raw || mode.startsWith("seamless")
    ? face
    : transferColour(face, aligned, { method: colour, mask: fit(alignedMask, face.width), referenceMask: alignedMask });
  const matched = mode.endsWith("hist-match")
    ? histogramMatch(recoloured, aligned, {
      mask: fit(alignedMask, face.width),
      referenceMask: alignedMask,
      threshold: 238,
    })
    : recoloured;

  const placed = composeAffine(scaleAbout(side, 1 / (1 + faceScale / 100)), matrix);
  const region = regionOf(photo, placed, side);
  const local = cropPicture(photo, region);
  const localMatrix = composeAffine(placed, [1, 0, region.x, 0, 1, region.y]);
  const size = { width: region.width, height: region.height };
  const inPhoto = (picture: Picture) =>
    unalign(picture, composeAffine(scaleAbout(0, picture.width / side), localMatrix), size);
  const widening = Math.round(-(options.erode ?? 0) * side);
  const wide = widening > 0 ? dilate(alignedMask, widening) : alignedMask;
  // Three deviations of the blur fit into the band, so nothing leaks out of what was aligned.
  const inside = raw ? createPicture(side, side, 1, 1) : clearBorder(wide, Math.ceil(3 * blur * side));
  const mask = raw
    ? hard(inPhoto(inside))
    : softMask(inPhoto(inside), side * scaleOf(invertAffine(localMatrix)), options);
  let layer = finish(inPhoto(matched), options);
  if (mode.startsWith("seamless")) {
    layer = poissonBlend(local, layer, withoutBorder(mask), { threshold: poissonThreshold(mask) });
    layer = transferColour(layer, local, { method: colour, mask, referenceMask: mask });
  }
  const blended = blendByMask(local, layer, mask);
  return { picture: pastePicture(photo, blended, region), mask: pastePicture(emptyMask(photo), mask, region) };
}

/** Sharpness, motion and quality of the new face. */
function finish(face: Picture, options: ComposeOptions): Picture {
  let out = face;
  const { sharpen: amount = 0, sharpenWindow = "box", denoise: noise = 0, degrade = 0, degradeColour: colours = 0 } =
    options;
  if (amount !== 0) out = sharpen(out, amount, { window: sharpenWindow });
  if (options.motionBlur) out = motionBlur(out, options.motionBlur);
  if (noise > 0) out = denoise(out, noise);
  if (degrade > 0) out = degradeDetail(out, degrade);
  if (colours > 0) out = degradeColour(out, colours);
  return out;
}

/** Shrinks and softens a mask in the photograph, where the aligned square has a side of so many pixels. */
function softMask(mask: Picture, side: number, { erode: shrink = 0, blur = 0.015 }: ComposeOptions): Picture {
  const radius = Math.max(0, Math.round(shrink * side));
  const shrunk = radius === 0 ? mask : erode(mask, radius, { outside: "black" });
  const soft = gaussianBlur(shrunk, Math.max(0.5, blur * side));
  // What cannot be seen must not touch the photograph.
  return createPicture(mask.width, mask.height, 1, soft.data.map((value) => value < 1 / 255 ? 0 : Math.min(1, value)));
}

/** The first tenth, from above, at which the mask is not empty, as in DeepFaceLab: its soft edge has no say. */
function poissonThreshold({ data }: Picture): number {
  const largest = data.reduce((most, value) => Math.max(most, value), 0);
  return Math.max(0.05, Math.floor(largest * 10 - 1e-6) / 10);
}

const hard = ({ width, height, data }: Picture) =>
  createPicture(width, height, 1, data.map((value) => value > 0.5 ? 1 : 0));
const emptyMask = ({ width, height }: Picture) => createPicture(width, height, 1);
const withoutBorder = (mask: Picture) => clearBorder(mask, 1);

/** Empties a band along the border, so that a mask that fills its square still ends in a soft edge inside. */
function clearBorder(mask: Picture, band: number): Picture {
  const { width, height, data } = mask;
  return createPicture(
    width,
    height,
    1,
    data.map((value, i) => {
      const x = i % width;
      const y = Math.floor(i / width);
      return Math.min(x, y, width - 1 - x, height - 1 - y) < band ? 0 : value;
    }),
  );
}

/** A mask at another size, for a face that was enlarged. */
function fit(mask: Picture, side: number): Picture {
  return mask.width === side ? mask : resizePicture(mask, side, side, { interpolation: "bilinear" });
}

/**
 * Scales about the centre of a square of the given side, or about the corner for side 0.
 *
 * @param side The side.
 * @param factor By how much.
 * @returns The map.
 */
export function scaleAbout(side: number, factor: number): Affine {
  const shift = side / 2 * (1 - factor);
  return [factor, 0, shift, 0, factor, shift];
}
