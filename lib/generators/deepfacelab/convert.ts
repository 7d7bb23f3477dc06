/**
 * Conversion: a swapped face goes back into its photograph, at the photograph's own resolution (DeepFaceLab's "merge",
 * `merger/MergeMasked.py`, overlay mode).
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { labelPicture, type Picture } from "../../image/mod.ts";
import { alignFace, type FacePhoto, type FaceType } from "../../faces/mod.ts";
import { composeFace, type ComposeOptions } from "./compose_face.ts";
import type { MaskMode } from "./mask_modes.ts";
import { DEFAULT_MASK, newFaces } from "./new_faces.ts";
import type { FaceConverter, Side } from "./pair_model.ts";
import { mergePredictions, type PredictedFace, predictFaces } from "./predict_faces.ts";

/** A network that works on aligned faces: a segmentation network gives masks, super-resolution larger faces. */
export type FaceNetwork = (faces: readonly Picture[]) => Promise<Picture[]>;

/** How faces are put back. */
export interface ConvertOptions extends ComposeOptions {
  /** Whose face the photograph gets. Default "source". */
  readonly to?: Side;
  /** Where the new face goes. Default "learned-prd*learned-dst". */
  readonly mask?: MaskMode;
  /** How the model's faces were cut out; the same as in training. Default "full". */
  readonly faceType?: FaceType;
  /** The segmentation network, for masks with XSeg: from `[R, R, 3]` to `[R, R, 1]`. */
  readonly segment?: FaceNetwork;
  /** The super-resolution network: from `[R, R, 3]` to `[k R, k R, 3]`. Default none. */
  readonly enhance?: FaceNetwork;
  /** 0 to 100: how much of the enhanced face is mixed in. Default 100. */
  readonly enhancePower?: number;
  /** The visible label, or false for none. Default "SYNTHETIC". */
  readonly label?: string | false;
}

/** A converted photograph and what it was made of. */
export interface Conversion {
  /** The photograph with the new face, of the same size; outside the mask (and the label) bit for bit the same. */
  readonly picture: Picture;
  /** Where the photograph was changed, 1 channel, of the photograph's size. */
  readonly mask: Picture;
  /** The face as it was aligned, `[R, R, 3]`. */
  readonly aligned: Picture;
  /** What the model made of it, `[R, R, 3]`. */
  readonly face: Picture;
}

/**
 * Swaps the faces of photographs.
 *
 * @example Give a photograph the source person's face
 * ```ts
 * import { findOneFace } from "doppel/faces/mod.ts";
 * import { convertPhotos, type FacePairModel } from "doppel/generators/mod.ts";
 * import { readPicture, writePicture } from "doppel/image/mod.ts";
 *
 * export async function swap(model: FacePairModel, path: string): Promise<void> {
 *   const photo = await readPicture(path);
 *   const { landmarks } = await findOneFace(photo);
 *   const [result] = await convertPhotos(model, [{ photo, landmarks }]);
 *   await writePicture("swap.png", result!.picture, { provenance: { synthetic: "true", generator: "df" } });
 * }
 * ```
 *
 * @param model A trained model, or several of one resolution, whose predictions are merged pixel by pixel by how sure
 * each is.
 * @param photos The photographs.
 * @param options Whose face, mask, colour, blending, label.
 * @returns One conversion a photograph, in the same order.
 * @throws Problem when there is no mask to paste by.
 */
export async function convertPhotos(
  model: FaceConverter | readonly FaceConverter[],
  photos: readonly FacePhoto[],
  options: ConvertOptions = {},
): Promise<Conversion[]> {
  const models = Array.isArray(model) ? model as readonly FaceConverter[] : [model as FaceConverter];
  const { to = "source", mask = DEFAULT_MASK, faceType = "full", label = "SYNTHETIC" } = options;
  const size = models[0]!.sizes.resolution;
  const aligned = photos.map(({ photo, landmarks }) => alignFace(photo, landmarks, { size, faceType }));
  const made = await newFaces(aligned, (faces) => predictAll(models, faces, to), options);
  return photos.map(({ photo }, i) => {
    const { picture: cut, matrix } = aligned[i]!;
    const { predicted, face, mask: place } = made[i]!;
    if (!place) {
      throw cannot("convert photograph", `a face mask by ${mask}`, "an empty one", "train longer, or use the mask dst");
    }
    const composed = composeFace(photo, cut, face, place, matrix, options);
    return {
      picture: label === false ? composed.picture : labelPicture(composed.picture, label),
      mask: composed.mask,
      aligned: cut,
      face: predicted,
    };
  });
}

async function predictAll(
  models: readonly FaceConverter[],
  faces: readonly Picture[],
  to: Side,
): Promise<PredictedFace[]> {
  const each: PredictedFace[][] = [];
  for (const model of models) each.push(await predictFaces(model, faces, { to, mirrored: models.length > 1 }));
  return models.length === 1 ? each[0]! : faces.map((_, i) => mergePredictions(each.map((own) => own[i]!)));
}
