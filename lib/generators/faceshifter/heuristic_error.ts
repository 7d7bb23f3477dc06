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
import type { AeiEncoder } from "./aei_training_step.ts";

/** What the second stage needs of the first. */
export type SwapStage = Pick<AeiModel, "attributes" | "generate">;

/** What the second stage is given, each `[batch, R, R, 3]`. */
export interface SwapWithError {
  /** The first stage's swap, in [0, 1]. */
  readonly swap: tf.Tensor4D;
  /** The heuristic error: the target minus what the first stage makes of it with its own identity, in [-1, 1]. */
  readonly error: tf.Tensor4D;
}

/**
 * Runs the first stage for the second: the target's attributes are the same for the swap and for the error.
 *
 * @param stage The first stage.
 * @param target `[batch, R, R, 3]` in [0, 1].
 * @param source Identities to be put in, `[batch, identity]`.
 * @param own The targets' own identities, of the same shape; undefined where nobody looks at the error.
 * @returns Swap and error; zeros for an error that nobody looks at.
 */
export function swapWithError(
  stage: SwapStage,
  target: tf.Tensor4D,
  source: tf.Tensor2D,
  own: tf.Tensor2D | undefined,
): SwapWithError {
  const attributes = stage.attributes(target);
  const swap = stage.generate(source, attributes).face;
  return { swap, error: own ? target.sub(stage.generate(own, attributes).face) : tf.zerosLike(target) };
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
  encoder: AeiEncoder,
  faces: readonly Picture[],
  { batch = 8 }: { readonly batch?: number } = {},
): Promise<number[]> {
  const errors: number[] = [];
  for (let from = 0; from < faces.length; from += batch) {
    const means = tf.tidy(() => {
      const target = faceTensor(faces.slice(from, from + batch), faces[0]!.width, "measure heuristic errors");
      const again = stage.generate(encoder.embed(target), stage.attributes(target)).face;
      return target.sub(again).abs().mean([1, 2, 3]);
    });
    errors.push(...await means.data<"float32">());
    means.dispose();
  }
  return errors;
}

/**
 * Faces as one tensor.
 *
 * @param faces Pictures, at least one.
 * @param side Height and width that they are to have.
 * @param action What is being attempted, for the message.
 * @returns `[batch, side, side, 3]` in [0, 1].
 * @throws {Problem} When one is of another size, or has no colours.
 */
export function faceTensor(faces: readonly Picture[], side: number, action: string): tf.Tensor4D {
  const values = new Float32Array(faces.length * side * side * 3);
  faces.forEach(({ width, height, channels, data }, i) => {
    if (width !== side || height !== side || channels !== 3) {
      throw cannot(action, `colour faces of ${side}x${side} pixels`, `${width}x${height} with ${channels} channels`);
    }
    values.set(data, i * data.length);
  });
  return tf.tensor4d(values, [faces.length, side, side, 3]);
}
