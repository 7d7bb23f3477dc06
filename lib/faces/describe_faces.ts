import { type Picture, requirePicture, resizePicture } from "doppel/image/mod.ts";
import { tf } from "doppel/runtime/mod.ts";
import { alignFace } from "./align_face.ts";
import { findOneFace } from "./find_faces.ts";
import { ENCODER_SHAPES, type IdentityEncoder, loadIdentityEncoder } from "./identity_encoders.ts";

/**
 * Describes whose faces pictures show: one vector a picture, to be compared with `centredCosine`.
 *
 * @example Who is nearer?
 * ```ts
 * import { readPicture } from "doppel/image/mod.ts";
 * import { centredCosine, centreOf, describeFaces } from "doppel/faces/mod.ts";
 *
 * const folder = "datasets/caltech_faces/photos";
 * const photos = ["person01/image_0001.jpg", "person01/image_0005.jpg", "person02/image_0022.jpg"];
 * const pictures = await Promise.all(photos.map((path) => readPicture(`${folder}/${path}`)));
 * const [a, b, other] = await describeFaces(pictures, { encoder: "human", content: "photographs" });
 * const centre = centreOf([a!, other!]);
 * centredCosine(a!, b!, centre) > centredCosine(a!, other!, centre); // true
 * ```
 *
 * @param pictures 3 channels.
 * @param options `encoder`: `face_api` (128) or `human` (1,024). `content`: `crops`, the default, when each picture is a
 * face aligned as `alignFace` does with face type `full`; `photographs` when faces are to be found (the largest of each)
 * and aligned first. `batch`: how many at a time, default 16.
 * @returns One vector a picture, as the network gives it.
 * @throws {Problem} When a photograph shows no face.
 */
export async function describeFaces(
  pictures: readonly Picture[],
  { encoder, content = "crops", batch = 16 }: {
    readonly encoder: IdentityEncoder;
    readonly content?: "crops" | "photographs";
    readonly batch?: number;
  },
): Promise<Float32Array[]> {
  const encode = await loadIdentityEncoder(encoder);
  const { side, length } = ENCODER_SHAPES[encoder];
  const vectors: Float32Array[] = [];
  for (let start = 0; start < pictures.length; start += batch) {
    const crops: Picture[] = [];
    for (const [i, picture] of pictures.slice(start, start + batch).entries()) {
      crops.push(content === "crops" ? toSide(picture, side) : await cutFace(picture, side, `photograph ${start + i}`));
    }
    const values = new Float32Array(crops.length * side * side * 3);
    crops.forEach(({ data }, i) => values.set(data, i * side * side * 3));
    const output = tf.tidy(() => encode(tf.tensor4d(values, [crops.length, side, side, 3])));
    const flat = await output.data() as Float32Array;
    output.dispose();
    for (let i = 0; i < crops.length; i++) vectors.push(flat.slice(i * length, (i + 1) * length));
  }
  return vectors;
}

function toSide(crop: Picture, side: number): Picture {
  requirePicture(crop, "describe face", "a colour picture", { channels: 3 });
  return crop.width === side && crop.height === side ? crop : resizePicture(crop, side, side);
}

async function cutFace(photo: Picture, side: number, where: string): Promise<Picture> {
  const { landmarks } = await findOneFace(photo, { where });
  return alignFace(photo, landmarks, { size: side, faceType: "full" }).picture;
}
