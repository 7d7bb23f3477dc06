import { tf } from "doppel/runtime/mod.ts";
import { loadFaceApi, loadHumanModel } from "./face_api.ts";

/**
 * The identity encoders. `face_api` (a ResNet of 128 numbers) is for training, `human` (HSE-FaceRes, a MobileNet of
 * 1,024 numbers) is for judging: an encoder that a generator was trained with must never grade it. `face_api_grey` is
 * `face_api` shown the luminance alone: light and the tint of a photograph are in its descriptors otherwise, and a generator
 * that is trained on them paints the source's colours into the target's photograph.
 */
export type IdentityEncoder = "face_api" | "face_api_grey" | "human";

/** Side of the square that each encoder works on, and the length of what it returns. */
export const ENCODER_SHAPES: Readonly<Record<IdentityEncoder, { readonly side: number; readonly length: number }>> = {
  face_api: { side: 150, length: 128 },
  face_api_grey: { side: 150, length: 128 },
  human: { side: 224, length: 1024 },
};

/**
 * An encoder as a function of tensors, differentiable for `face_api` and `face_api_grey`: for use inside of a training step.
 *
 * @param encoder Which one; its weights are loaded once a process.
 * @returns A function from `[batch, height, width, 3]`, sRGB in `[0, 1]`, any size (resized bilinearly), to
 * `[batch, 128 or 1024]`, as the network gives it: neither centred nor of unit length.
 */
export async function loadIdentityEncoder(
  encoder: IdentityEncoder,
): Promise<(faces: tf.Tensor4D) => tf.Tensor2D> {
  const { side } = ENCODER_SHAPES[encoder];
  const prepare = (faces: tf.Tensor4D): tf.Tensor4D => {
    const [, height, width] = faces.shape;
    return tf.mul(height === side && width === side ? faces : tf.image.resizeBilinear(faces, [side, side]), 255);
  };
  if (encoder !== "human") {
    const { nets } = await loadFaceApi("faceRecognitionNet");
    const seen = encoder === "face_api_grey" ? (faces: tf.Tensor4D) => greyOf(prepare(faces)) : prepare;
    return (faces) => tf.tidy(() => nets.faceRecognitionNet.forwardInput({ toBatchTensor: () => seen(faces) }));
  }
  const model = await loadHumanModel("faceres");
  return (faces) => tf.tidy(() => model.execute(prepare(faces), "global_pooling/Mean") as tf.Tensor2D);
}

/** Luminance (Rec. 601) in all three channels. */
function greyOf(faces: tf.Tensor4D): tf.Tensor4D {
  const luminance = faces.mul(tf.tensor1d([0.299, 0.587, 0.114])).sum(3, true) as tf.Tensor4D;
  return tf.concat([luminance, luminance, luminance], 3);
}
