import { createPicture, type Picture, requirePicture, resizePicture } from "../image/mod.ts";
import { tf } from "../runtime/mod.ts";
import type { XSeg } from "./xseg.ts";

/** Predictions below this are taken for nothing, as DeepFaceLab does. */
const LEAST = 0.1;

/**
 * Predicts which pixels of aligned faces are face.
 *
 * @example A mask that leaves out what is before the face
 * ```ts
 * import { alignFace, findOneFace, segmentFaces, unalign, type XSeg } from "doppel/faces/mod.ts";
 * import { type Picture, readPicture } from "doppel/image/mod.ts";
 *
 * export async function faceMask(model: XSeg, path: string): Promise<Picture> {
 *   const photo = await readPicture(path);
 *   const { landmarks } = await findOneFace(photo);
 *   const { picture, matrix } = alignFace(photo, landmarks, { size: model.sizes.resolution });
 *   const [mask] = await segmentFaces(model, [picture]);
 *   return unalign(mask!, matrix, photo);
 * }
 * ```
 *
 * @param model A trained network.
 * @param faces Faces `[size, size, 3]`, aligned as those that it was trained on; of another size than the network's they
 * are resized to it, and the masks back.
 * @param options `batch`: how many are predicted at once. Default 16.
 * @returns One mask a face, `[size, size, 1]` in [0, 1]; values below 0.1 are 0.
 * @throws {Problem} When a face is not a square of three channels.
 */
export async function segmentFaces(
  model: XSeg,
  faces: readonly Picture[],
  { batch = 16 }: { readonly batch?: number } = {},
): Promise<Picture[]> {
  const side = model.sizes.resolution;
  faces.forEach((face) => requirePicture(face, "segment faces", "a square face", { channels: 3, height: face.width }));
  const masks: Picture[] = [];
  for (let at = 0; at < faces.length; at += batch) {
    const part = faces.slice(at, at + batch);
    const predicted = tf.tidy(() => {
      const pixels = part.map((face) => tf.tensor3d(resized(face, side).data, [side, side, 3]));
      return model.logits(tf.stack(pixels) as tf.Tensor4D).sigmoid();
    });
    const values = await predicted.data<"float32">();
    predicted.dispose();
    part.forEach((face, i) => {
      const mask = createPicture(side, side, 1, values.slice(i * side * side, (i + 1) * side * side));
      const out = resized(mask, face.width);
      masks.push(createPicture(face.width, face.width, 1, out.data.map((value) => value < LEAST ? 0 : value)));
    });
  }
  return masks;
}

const resized = (picture: Picture, side: number): Picture =>
  picture.width === side ? picture : resizePicture(picture, side, side);
