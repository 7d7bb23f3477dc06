/**
 * Conversion: a swapped face goes back into its photograph, at the photograph's own resolution (DeepFaceLab's "merge",
 * `merger/MergeMasked.py`, overlay mode).
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import {
  blendByMask,
  createPicture,
  erode,
  gaussianBlur,
  invertAffine,
  labelPicture,
  type Picture,
  reinhardColourTransfer,
  scaleOf,
} from "../../image/mod.ts";
import { alignFace, type FaceType, hullMask, unalign } from "../../faces/mod.ts";
import { tf } from "../../runtime/mod.ts";
import type { FacePairModel, Side } from "./pair_model.ts";

/** A photograph with the face that is to be replaced. */
export interface FacePhoto {
  /** The photograph, any size, 3 channels. */
  readonly photo: Picture;
  /** 68 `x, y` pairs in its pixels, flat. */
  readonly landmarks: Float32Array;
}

/** How a face is put back. */
export interface ConvertOptions {
  /** Whose face the photograph gets. Default "source". */
  readonly to?: Side;
  /**
   * Where the new face goes: the product of the masks that both decoders predict ("learned"), or the hull of the
   * photograph's landmarks. Default "learned".
   */
  readonly mask?: "learned" | "hull";
  /** How the model's faces were cut out; the same as in training. Default "full". */
  readonly faceType?: FaceType;
  /** Whether the new face takes the photograph's colours: Reinhard's transfer ("rct") or none. Default "rct". */
  readonly colour?: "rct" | "none";
  /** By how much the mask shrinks, as a share of the aligned square's side. Default 0. */
  readonly erode?: number;
  /** Standard deviation of the mask's soft edge, as a share of the aligned square's side. Default 0.015. */
  readonly blur?: number;
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
 * @param model A trained model.
 * @param photos The photographs.
 * @param options Whose face, mask, colour, label.
 * @returns One conversion a photograph, in the same order.
 */
export async function convertPhotos(
  model: FacePairModel,
  photos: readonly FacePhoto[],
  options: ConvertOptions = {},
): Promise<Conversion[]> {
  const { to = "source", mask = "learned", faceType = "full", colour = "rct", label = "SYNTHETIC" } = options;
  const resolution = model.sizes.resolution;
  const from: Side = to === "source" ? "destination" : "source";
  const conversions: Conversion[] = [];
  for (const { photo, landmarks } of photos) {
    const aligned = alignFace(photo, landmarks, { size: resolution, faceType });
    const swapped = await predict(model, aligned.picture, to);
    // The face stays where both decoders see one: what the own decoder leaves out (hair, a hand) stays in front.
    const learned = mask === "learned"
      ? multiply(swapped.mask, (await predict(model, aligned.picture, from)).mask)
      : undefined;
    const hull = hullMask(aligned.landmarks, resolution, resolution);
    const usable = learned && coverage(learned) > 0.02 ? learned : undefined;
    if (mask === "learned" && !usable) {
      throw cannot(
        "convert photograph",
        "a face mask from the decoders",
        "an empty one",
        "train longer, or use the hull",
      );
    }
    const alignedMask = usable ?? hull;
    const face = colour === "rct"
      ? reinhardColourTransfer(swapped.face, aligned.picture, { mask: alignedMask, referenceMask: alignedMask })
      : swapped.face;
    const size = { width: photo.width, height: photo.height };
    // Three deviations of the blur fit into the band, so nothing leaks out of what was aligned.
    const inside = clearBorder(alignedMask, Math.ceil(3 * (options.blur ?? 0.015) * resolution));
    const photoMask = softMask(unalign(inside, aligned.matrix, size), aligned.matrix, resolution, options);
    const blended = blendByMask(photo, unalign(face, aligned.matrix, size), photoMask);
    conversions.push({
      picture: label === false ? blended : labelPicture(blended, label),
      mask: photoMask,
      aligned: aligned.picture,
      face,
    });
  }
  return conversions;
}

async function predict(model: FacePairModel, face: Picture, to: Side): Promise<{ face: Picture; mask: Picture }> {
  const { width, height } = face;
  const prediction = tf.tidy(() => {
    const { face: picture, mask } = model.convert(tf.tensor4d(face.data, [1, height, width, 3]), to);
    return { picture, mask };
  });
  const [picture, mask] = await Promise.all([prediction.picture.data(), prediction.mask.data()]);
  tf.dispose(prediction);
  return {
    face: createPicture(width, height, 3, picture as Float32Array),
    mask: createPicture(width, height, 1, mask as Float32Array),
  };
}

function multiply(a: Picture, b: Picture): Picture {
  return createPicture(a.width, a.height, 1, a.data.map((value, i) => value * b.data[i]!));
}

const coverage = ({ data }: Picture) => data.reduce((sum, value) => sum + value, 0) / data.length;

/** Shrinks and softens a mask in the photograph, where a share of the aligned square is so many pixels. */
function softMask(
  mask: Picture,
  matrix: Parameters<typeof unalign>[1],
  resolution: number,
  { erode: shrink = 0, blur = 0.015 }: ConvertOptions,
): Picture {
  const side = resolution * scaleOf(invertAffine(matrix));
  const soft = gaussianBlur(erode(mask, Math.round(shrink * side), { outside: "black" }), Math.max(0.5, blur * side));
  // What cannot be seen must not touch the photograph.
  return createPicture(mask.width, mask.height, 1, soft.data.map((value) => value < 1 / 255 ? 0 : Math.min(1, value)));
}

/** Empties a band along the border of the aligned square, so that a mask that fills it still ends in a soft edge inside. */
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
