import type { Picture } from "../image/mod.ts";

/** A photograph and the face in it. */
export interface FacePhoto {
  /** The photograph, any size, 3 channels. */
  readonly photo: Picture;
  /** 68 `x, y` pairs in its pixels, flat. */
  readonly landmarks: Float32Array;
}
