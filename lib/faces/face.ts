/** A found face. All coordinates are continuous pixels: `[0, width] x [0, height]`, pixel centres at halves. */
export interface Face {
  /** The detector's box; it may reach beyond the picture where the face does. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** The detector's score in `[0, 1]`. */
  readonly score: number;
  /** 68 landmarks in the order of the iBUG 300-W scheme, `x, y` pairs, flat: length 136. */
  readonly landmarks: Float32Array;
}

/** How much of the head an aligned picture shows, from brows to mouth up to the whole head. */
export type FaceType = "half" | "mid_full" | "full" | "whole" | "head";
