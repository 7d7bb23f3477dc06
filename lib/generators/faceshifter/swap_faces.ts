import { createPicture, type Picture, requirePicture } from "../../image/mod.ts";
import { cannot } from "../../problem.ts";
import { tf } from "../../runtime/mod.ts";
import type { AeiModel } from "./aei.ts";

/**
 * Gives aligned faces another identity.
 *
 * @param model A trained model; the running average of a training, not its last weights.
 * @param faces Aligned faces, all `[R, R, 3]` of the model's resolution.
 * @param identity z_id of the source, of length 1 (see `identityDirections`): one for all faces, or one for each.
 * @param options `batch`: how many at a time. Default 16.
 * @returns One face each, `[R, R, 3]` in [0, 1].
 * @throws Problem when a face is of another size, or an embedding of another length or missing.
 */
export async function swapFaces(
  model: AeiModel,
  faces: readonly Picture[],
  identity: Float32Array | readonly Float32Array[],
  { batch = 16 }: { readonly batch?: number } = {},
): Promise<Picture[]> {
  const { resolution: side, identity: length } = model.sizes;
  const identities = identity instanceof Float32Array ? faces.map(() => identity) : identity;
  if (identities.length !== faces.length) {
    throw cannot("swap faces", `${faces.length} embeddings, one a face`, String(identities.length));
  }
  const strange = identities.find((own) => own.length !== length);
  if (strange) throw cannot("swap faces", `embeddings of ${length} numbers`, String(strange.length));
  const size = { width: side, height: side, channels: 3 } as const;
  faces.forEach((face) => requirePicture(face, "swap faces", `faces of ${side}x${side} pixels`, size));

  const swapped: Picture[] = [];
  for (let at = 0; at < faces.length; at += batch) {
    const part = faces.slice(at, at + batch);
    const made = tf.tidy(() => {
      const targets = tf.stack(part.map(({ data }) => tf.tensor3d(data, [side, side, 3]))) as tf.Tensor4D;
      return model.swap(
        targets,
        tf.stack(identities.slice(at, at + batch).map((own) => tf.tensor1d(own))) as tf.Tensor2D,
      );
    });
    const values = await made.data<"float32">();
    made.dispose();
    const pixels = side * side * 3;
    part.forEach((_, i) => swapped.push(createPicture(side, side, 3, values.slice(i * pixels, (i + 1) * pixels))));
  }
  return swapped;
}
