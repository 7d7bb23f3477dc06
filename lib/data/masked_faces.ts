import type { SetFace } from "./face_set.ts";
import { drawMask, type HandMask, hasFace } from "./hand_mask.ts";

/** Faces with hand-made masks, and those without. */
export interface MaskedFaces {
  /** The faces, each with its hand-made mask in place of the landmarks' hull. */
  readonly faces: readonly SetFace[];
  /** Faces without a mask, and why. */
  readonly missed: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Gives aligned faces their hand-made masks: what a segmentation network is trained on.
 *
 * @param faces Aligned faces.
 * @param masks Masks of their photographs.
 * @returns The faces that have a mask, in their order, and those that have none.
 */
export function withHandMasks(faces: readonly SetFace[], masks: readonly HandMask[]): MaskedFaces {
  const byPath = new Map(masks.map((mask) => [mask.photograph, mask]));
  const masked: SetFace[] = [];
  const missed: { path: string; reason: string }[] = [];
  for (const face of faces) {
    const hand = byPath.get(face.path);
    if (!hand) missed.push({ path: face.path, reason: "no mask was drawn for it" });
    else if (!hasFace(hand)) missed.push({ path: face.path, reason: `no face is drawn in ${hand.file}` });
    else {
      const { width, height } = face.picture;
      masked.push({ ...face, mask: drawMask(hand, { matrix: face.matrix, width, height }).mask });
    }
  }
  return { faces: masked, missed };
}
