/**
 * Masks drawn by hand: polygons of three classes, or a black and white picture, in the pixels of their photograph.
 *
 * @module
 */

import {
  type Affine,
  createPicture,
  fillPolygons,
  type Picture,
  transformPoints,
  warpPicture,
} from "doppel/image/mod.ts";

/**
 * What a polygon surrounds: the `face` (glasses and beard with it), or what lies before it and is taken off: an
 * `occluder` such as a hand, or `hair`.
 */
export type MaskClass = "face" | "occluder" | "hair";

/** All classes, `face` first. */
export const MASK_CLASSES: readonly MaskClass[] = ["face", "occluder", "hair"];

/** A drawn polygon. */
export interface MaskPolygon {
  /** What it surrounds. */
  readonly class: MaskClass;
  /** Corners as `x, y` pairs, flat, in continuous pixels of the photograph. */
  readonly points: Float32Array;
}

/** The mask of one photograph. */
export interface HandMask {
  /** Path of the photograph, from its folder. */
  readonly photograph: string;
  /** The file that the mask was read from. */
  readonly file: string;
  /** Columns of the photograph. */
  readonly width: number;
  /** Rows of the photograph. */
  readonly height: number;
  /** Polygons, or the mask itself, `[height, width, 1]`. */
  readonly drawing: readonly MaskPolygon[] | Picture;
}

/** A mask as pictures, each `[height, width, 1]` in [0, 1]. */
export interface MaskLayers {
  /** The face without what lies before it: what a network is to predict. */
  readonly mask: Picture;
  /** The face as if nothing lay before it. */
  readonly face: Picture;
  /** What lies before it, but for hair. */
  readonly occluder: Picture;
  /** Hair drawn as a class of its own. */
  readonly hair: Picture;
}

/** Where a mask is wanted. */
export interface MaskFrame {
  /** From points of the photograph to points of the result, such as `alignFace` gives. */
  readonly matrix: Affine;
  /** Columns of the result. */
  readonly width: number;
  /** Rows of the result. */
  readonly height: number;
}

/**
 * Draws a mask, anti-aliased, in the photograph's own pixels or in those of an aligned face. Polygons are carried over
 * before they are filled, so an aligned mask is as sharp as its size allows; a mask picture is warped.
 *
 * @example The mask of an aligned face
 * ```ts
 * import { BUNDLED_FACES, drawMask, readFaceSet, readMasks } from "doppel/data/mod.ts";
 *
 * const { faces } = await readFaceSet(BUNDLED_FACES, { size: 128, persons: ["person05"] });
 * const { masks } = await readMasks(`${BUNDLED_FACES}/masks`, { photographs: faces.map(({ path }) => path) });
 * const face = faces.find(({ path }) => path === masks[0]!.photograph)!;
 * const { mask } = drawMask(masks[0]!, { matrix: face.matrix, width: 128, height: 128 });
 * ```
 *
 * @param hand The mask.
 * @param frame Where it is wanted; default the photograph itself.
 * @returns The mask and its layers. A mask picture has no layers but `face`.
 */
export function drawMask({ drawing, width, height }: HandMask, frame?: MaskFrame): MaskLayers {
  const [columns, rows] = [frame?.width ?? width, frame?.height ?? height];
  if ("data" in drawing) {
    const face = frame
      ? warpPicture(drawing, frame.matrix, {
        width: columns,
        height: rows,
        interpolation: "bilinear",
        outside: "black",
      })
      : drawing;
    const nothing = createPicture(columns, rows, 1);
    return { mask: face, face, occluder: nothing, hair: nothing };
  }
  const layer = (wanted: MaskClass) => {
    const own = drawing.filter((polygon) => polygon.class === wanted).map(({ points }) => points);
    return fillPolygons(frame ? own.map((points) => transformPoints(frame.matrix, points)) : own, columns, rows);
  };
  const [face, occluder, hair] = [layer("face"), layer("occluder"), layer("hair")];
  const mask = face.data.map((value, i) => value * (1 - occluder.data[i]!) * (1 - hair.data[i]!));
  return { mask: createPicture(columns, rows, 1, mask), face, occluder, hair };
}

/**
 * Whether a mask says where the face is; a file in which only occluders are drawn does not.
 *
 * @param hand The mask.
 * @returns True when there is a polygon of class `face`, or a mask picture.
 */
export function hasFace({ drawing }: HandMask): boolean {
  return "data" in drawing || drawing.some((polygon) => polygon.class === "face");
}
