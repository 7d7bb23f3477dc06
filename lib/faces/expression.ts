import { type Picture, requirePicture, resizePicture } from "doppel/image/mod.ts";
import { tf } from "doppel/runtime/mod.ts";
import { loadFaceApi, loadHumanModel } from "./face_api.ts";

/** Sides of the squares that the two networks work on. */
const SIDES = { faceApi: 112, human: 64 };
/** Rec. 601, as the grey picture that the second network was trained on. */
const LUMA = [0.299, 0.587, 0.114];

/**
 * Describes the expressions of faces: the square roots of the probabilities that two networks give to seven expressions
 * each (anger, disgust, fear, joy, sadness, surprise, none). The first is face-api's expression network, which sees 112
 * pixels in colour, the second that of the `human` package (a small Xception by O. Arriaga, trained on FER-2013), which
 * sees 64 grey ones. Between two such descriptions the Euclidean distance is Hellinger's over both, from 0 to 2.
 *
 * Chosen among these networks' probabilities, their square roots, logits and last features, of one network or both, on
 * `half`, `mid_full`, `full` and `whole` crops: on eight bundled persons of the splits `train` and `validation`, sorted by
 * eye into smiles that show teeth and closed mouths, how often is a pair of unlike expression farther apart than one of
 * like expression? Of two persons in 85 % (face-api alone 84, human alone 75, logits and last features 65 to 69), of one
 * person in 91 % (88, 84, 76 to 83). With the two such persons of `test` added it is 80 % and 87 %: whose face it is still
 * has a part in it, less than in logits and features. `whole` crops serve nearly as well, narrower ones less.
 *
 * @example A photograph's expression
 * ```ts
 * import { alignFace, describeExpressions, findOneFace } from "doppel/faces/mod.ts";
 * import { readPicture } from "doppel/image/mod.ts";
 *
 * const photo = await readPicture("datasets/caltech_faces/photos/person05/image_0070.jpg");
 * const { landmarks } = await findOneFace(photo);
 * const [features] = await describeExpressions([alignFace(photo, landmarks, { size: 128 }).picture]);
 * features![1]! ** 2; // joy, by the first network: near 1
 * ```
 *
 * @param faces Aligned as `alignFace` does with face type `full`, 3 channels, sRGB in `[0, 1]`, any size; they are
 * resized, so a size of 112 or more loses nothing.
 * @param options `batch`: how many at a time, default 16.
 * @returns 14 numbers in `[0, 1]` a face: seven by each network, each seven of unit length.
 * @throws {Problem} When a picture has not 3 channels.
 */
export async function describeExpressions(
  faces: readonly Picture[],
  { batch = 16 }: { readonly batch?: number } = {},
): Promise<Float32Array[]> {
  for (const face of faces) requirePicture(face, "describe expression", "a colour picture", { channels: 3 });
  const { nets: { faceExpressionNet } } = await loadFaceApi("faceExpressionNet");
  const human = await loadHumanModel("emotion");
  const described: Float32Array[] = [];
  for (let start = 0; start < faces.length; start += batch) {
    const part = faces.slice(start, start + batch);
    const features = tf.tidy(() => {
      const colour = stacked(part, SIDES.faceApi).mul(255) as tf.Tensor4D;
      const extracted = faceExpressionNet.faceFeatureExtractor.forwardInput({ toBatchTensor: () => colour });
      const grey = stacked(part, SIDES.human).mul(tf.tensor1d(LUMA)).sum(3, true).sub(0.5).mul(2);
      return tf.concat([faceExpressionNet.forwardInput(extracted), human.execute(grey) as tf.Tensor2D], 1).sqrt();
    });
    const flat = await features.data<"float32">();
    const [, length] = features.shape as [number, number];
    features.dispose();
    for (let i = 0; i < part.length; i++) described.push(flat.slice(i * length, (i + 1) * length));
  }
  return described;
}

function stacked(pictures: readonly Picture[], side: number): tf.Tensor4D {
  const values = new Float32Array(pictures.length * side * side * 3);
  pictures.forEach((picture, i) => {
    const { data } = picture.width === side && picture.height === side ? picture : resizePicture(picture, side, side);
    values.set(data, i * side * side * 3);
  });
  return tf.tensor4d(values, [pictures.length, side, side, 3]);
}
