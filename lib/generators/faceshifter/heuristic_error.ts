/**
 * The heuristic error: what FaceShifter's first stage cannot make of a target photograph even when it is asked for the
 * target itself (Li et al., arXiv 1912.13457, section 3.2).
 *
 * @module
 */

import type { Picture } from "../../image/mod.ts";
import { cannot } from "../../problem.ts";
import { tf } from "../../runtime/mod.ts";
import type { AeiModel } from "./aei.ts";

/** What the second stage needs of the first: to put identities into target photographs. */
export type SwapStage = Pick<AeiModel, "swap">;

/** What the second stage needs of the encoder that trains. */
export interface IdentityStage {
  /**
   * Embeds faces as the first stage takes identities.
   *
   * @param faces `[batch, R, R, 3]` in [0, 1], aligned.
   * @returns `[batch, length]`.
   */
  embed(faces: tf.Tensor4D): tf.Tensor2D;
}

/**
 * The heuristic error of target photographs.
 *
 * @param stage The first stage.
 * @param target `[batch, R, R, 3]` in [0, 1].
 * @param own The targets' own identities, `[batch, length]`.
 * @returns The target minus what the first stage makes of it, `[batch, R, R, 3]` in [-1, 1].
 */
export function heuristicError(stage: SwapStage, target: tf.Tensor4D, own: tf.Tensor2D): tf.Tensor4D {
  return target.sub(stage.swap(target, own));
}

/**
 * Measures the heuristic error of photographs, to find those with something before the face (see `partByError`).
 *
 * @param stage The first stage.
 * @param encoder The encoder that trained it.
 * @param faces Aligned faces, `[R, R, 3]` in [0, 1], of the first stage's resolution.
 * @param options `batch`: how many at a time. Default 8.
 * @returns Of each face the mean absolute error in [0, 1].
 * @throws {Problem} When a face is not of the first one's size.
 */
export async function heuristicErrors(
  stage: SwapStage,
  encoder: IdentityStage,
  faces: readonly Picture[],
  { batch = 8 }: { readonly batch?: number } = {},
): Promise<number[]> {
  const errors: number[] = [];
  for (let from = 0; from < faces.length; from += batch) {
    const means = tf.tidy(() => {
      const target = faceTensor(faces.slice(from, from + batch), "measure heuristic errors");
      return heuristicError(stage, target, encoder.embed(target)).abs().mean([1, 2, 3]);
    });
    errors.push(...await means.data<"float32">());
    means.dispose();
  }
  return errors;
}

/**
 * Faces as one tensor.
 *
 * @param faces Square pictures of one size, at least one.
 * @param action What is being attempted, for the message.
 * @returns `[batch, R, R, 3]` in [0, 1].
 * @throws {Problem} When they differ in size, or are not square colour pictures.
 */
export function faceTensor(faces: readonly Picture[], action: string): tf.Tensor4D {
  const side = faces[0]?.width ?? 0;
  const values = new Float32Array(faces.length * side * side * 3);
  faces.forEach(({ width, height, channels, data }, i) => {
    if (width !== side || height !== side || channels !== 3) {
      throw cannot(action, `colour faces of ${side}x${side} pixels`, `${width}x${height} with ${channels} channels`);
    }
    values.set(data, i * data.length);
  });
  return tf.tensor4d(values, [faces.length, side, side, 3]);
}
