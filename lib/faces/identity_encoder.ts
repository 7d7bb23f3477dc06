/**
 * The identity encoder that generators are trained with: face-api's descriptor as a function of tensors through which
 * gradients reach the picture.
 *
 * @module
 */

import { cannot } from "doppel/problem.ts";
import { resizeMatrix } from "doppel/image/mod.ts";
import { tf } from "doppel/runtime/mod.ts";
import { ENCODER_SHAPES, loadIdentityEncoder } from "./identity_encoders.ts";

/** A frozen identity encoder. */
export interface DifferentiableEncoder {
  /**
   * Embeds faces; differentiable, and can be part of a compiled step.
   *
   * @param faces `[batch, R, R, 3]` in [0, 1], aligned as `alignFace` does with face type `full`.
   * @returns `[batch, 128]`: the descriptor; with a centre, its direction from there, of length 1.
   */
  embed(faces: tf.Tensor4D): tf.Tensor2D;
  /** Frees what it holds of its own; the network stays loaded for the process. */
  dispose(): void;
}

/**
 * Opens face-api's descriptor network for training, as `face_api_grey`: it sees no colours. Its weights are constants: they are in no optimiser.
 *
 * Faces are enlarged as `describeFaces` does, so that both say the same of one crop. The judge of what was trained with it
 * has to be another encoder (`human`).
 *
 * @example How alike a face and its mirror image are
 * ```ts
 * import { alignFace, findOneFace, identityEncoder } from "doppel/faces/mod.ts";
 * import { readPicture } from "doppel/image/mod.ts";
 * import { tf } from "doppel/runtime/mod.ts";
 *
 * const photo = await readPicture("datasets/caltech_faces/photos/person01/image_0001.jpg");
 * const { landmarks } = await findOneFace(photo);
 * const { picture } = alignFace(photo, landmarks, { size: 64 });
 * const { embed } = await identityEncoder();
 * const face = tf.tensor4d(picture.data, [1, 64, 64, 3]);
 * embed(face).sub(embed(face.reverse(2))).norm(); // about 0.1 of the descriptor's length
 * ```
 *
 * @param options `centre`: 128 numbers, see `centreOf`: raw descriptors all lie in one direction from the origin, so only
 * those seen from a centre tell persons apart. Default none: descriptors as the network gives them.
 * @returns The encoder.
 * @throws {Problem} When the centre has another length.
 */
export async function identityEncoder(
  { centre }: { readonly centre?: Float32Array } = {},
): Promise<DifferentiableEncoder> {
  const { side, length } = ENCODER_SHAPES.face_api_grey;
  if (centre && centre.length !== length) {
    throw cannot("open identity encoder", `a centre of ${length} numbers`, String(centre.length));
  }
  const encode = await loadIdentityEncoder("face_api_grey");
  const origin = centre && tf.keep(tf.tensor2d(centre, [1, length]));
  // As numbers, and made a tensor in each call: one made while a step is recorded would belong to that step.
  const matrices = new Map<number, Float32Array>();
  const enlarging = (from: number): tf.Tensor2D => {
    const matrix = matrices.get(from) ?? resizeMatrix(from, side);
    matrices.set(from, matrix);
    return tf.tensor2d(matrix, [side, from]);
  };
  return {
    embed: (faces) =>
      tf.tidy(() => {
        const [, height, width] = faces.shape;
        const fitting = height === side && width === side
          ? faces
          : enlarged(faces, enlarging(height), enlarging(width), side);
        const descriptor = encode(fitting);
        return origin ? directionOf(descriptor.sub(origin) as tf.Tensor2D) : descriptor;
      }),
    dispose: () => origin?.dispose(),
  };
}

/**
 * Directions of descriptors from a centre: what z_id is, as plain numbers.
 *
 * @param descriptors Descriptors as the network gives them, all of one length.
 * @param centre Where they are seen from.
 * @returns One vector of length 1 a descriptor.
 * @throws {Problem} When the lengths differ, or a descriptor is the centre itself.
 */
export function identityDirections(descriptors: readonly Float32Array[], centre: Float32Array): Float32Array[] {
  return descriptors.map((descriptor) => {
    if (descriptor.length !== centre.length) {
      throw cannot("centre descriptor", `${centre.length} numbers`, String(descriptor.length));
    }
    const offset = descriptor.map((value, i) => value - centre[i]!);
    const distance = Math.hypot(...offset);
    if (distance === 0) throw cannot("centre descriptor", "one other than the centre", "the centre itself");
    return offset.map((value) => value / distance);
  });
}

function directionOf(vectors: tf.Tensor2D): tf.Tensor2D {
  return vectors.mul(vectors.square().sum(1, true).add(1e-12).rsqrt());
}

/** Two products with a matrix from either side, as `resizePicture` computes it. */
function enlarged(x: tf.Tensor4D, rows: tf.Tensor2D, columns: tf.Tensor2D, side: number): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const planes = x.transpose([0, 3, 1, 2]).reshape([batch * channels * height, width]);
  const wide = planes.matMul(columns, false, true).reshape([batch * channels, height, side]);
  return tf.matMul(rows.expandDims(0) as tf.Tensor3D, wide)
    .reshape([batch, channels, side, side]).transpose([0, 2, 3, 1]) as tf.Tensor4D;
}
