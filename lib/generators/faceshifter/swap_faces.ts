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
  const side = model.sizes.resolution;
  const identities = requireFaces(model, faces, identity);

  const swapped: Picture[] = [];
  for (let at = 0; at < faces.length; at += batch) {
    const part = faces.slice(at, at + batch);
    const made = tf.tidy(() => {
      const { targets, sources } = stacked(model, part, identities.slice(at, at + batch));
      return model.swap(targets, sources);
    });
    const values = await made.data<"float32">();
    made.dispose();
    const pixels = side * side * 3;
    part.forEach((_, i) => swapped.push(createPicture(side, side, 3, values.slice(i * pixels, (i + 1) * pixels))));
  }
  return swapped;
}

/**
 * How much of what is made comes from the identity, level by level: the mean of the masks M. All
 * faces are worked on at once.
 *
 * @param model A trained model with fusion "aad".
 * @param faces Aligned faces, all `[R, R, 3]` of the model's resolution.
 * @param identity z_id of the source: one for all faces, or one for each.
 * @returns One mean in [0, 1] a level, from the lowest resolution to R.
 * @throws Problem when a face or an embedding does not fit, or the model has no masks.
 */
export async function maskMeans(
  model: AeiModel,
  faces: readonly Picture[],
  identity: Float32Array | readonly Float32Array[],
): Promise<number[]> {
  const identities = requireFaces(model, faces, identity);
  const { fusion = "aad" } = model.sizes;
  if (fusion !== "aad") throw cannot("average masks", 'a model with fusion "aad"', `one with "${fusion}"`);
  const means = tf.tidy(() => {
    const { targets, sources } = stacked(model, faces, identities);
    const { masks } = model.generate(sources, model.attributes(targets));
    return tf.stack(masks.map((own) => tf.stack(own.map((mask) => mask.mean())).mean()));
  });
  const values = await means.data<"float32">();
  means.dispose();
  return [...values];
}

/** Checks faces and embeddings and gives one embedding a face. */
function requireFaces(
  { sizes: { resolution: side, identity: length } }: AeiModel,
  faces: readonly Picture[],
  identity: Float32Array | readonly Float32Array[],
): readonly Float32Array[] {
  const identities = identity instanceof Float32Array ? faces.map(() => identity) : identity;
  if (identities.length !== faces.length) {
    throw cannot("swap faces", `${faces.length} embeddings, one a face`, String(identities.length));
  }
  const strange = identities.find((own) => own.length !== length);
  if (strange) throw cannot("swap faces", `embeddings of ${length} numbers`, String(strange.length));
  const size = { width: side, height: side, channels: 3 } as const;
  faces.forEach((face) => requirePicture(face, "swap faces", `faces of ${side}x${side} pixels`, size));
  return identities;
}

function stacked(
  { sizes: { resolution: side } }: AeiModel,
  faces: readonly Picture[],
  identities: readonly Float32Array[],
) {
  return {
    targets: tf.stack(faces.map(({ data }) => tf.tensor3d(data, [side, side, 3]))) as tf.Tensor4D,
    sources: tf.stack(identities.map((own) => tf.tensor1d(own))) as tf.Tensor2D,
  };
}
