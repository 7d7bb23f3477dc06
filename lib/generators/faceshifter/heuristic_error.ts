/**
 * The heuristic error: what FaceShifter's first stage cannot make of a target photograph even when it is asked for the
 * target itself (Li et al., arXiv 1912.13457, section 3.2).
 *
 * @module
 */

import { type Picture, requirePicture } from "../../image/mod.ts";
import { cannot } from "../../problem.ts";
import { tf } from "../../runtime/mod.ts";
import type { AeiModel } from "./aei.ts";
import type { AeiEncoder } from "./aei_training_step.ts";
import type { HearModel } from "./hear.ts";

/** What the second stage needs of the first. */
export type SwapStage = Pick<AeiModel, "sizes" | "attributes" | "generate">;

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
 * @throws {Problem} When a face is of another size.
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
      const target = faceTensor(faces.slice(from, from + batch), stage.sizes.resolution, "measure heuristic errors");
      const again = stage.generate(encoder.embed(target), stage.attributes(target)).face;
      return target.sub(again).abs().mean([1, 2, 3]);
    });
    errors.push(...await means.data<"float32">());
    means.dispose();
  }
  return errors;
}

/**
 * Checks that both stages and the identities fit together.
 *
 * @param action What is being attempted, for the message.
 * @param stage The first stage.
 * @param model The second.
 * @param identities Embeddings that are to be put in. Default none.
 * @throws {Problem} When the stages are of two resolutions, or an embedding has a length that the first one does not take.
 */
export function requireFit(
  action: string,
  { sizes: { resolution, identity } }: Pick<SwapStage, "sizes">,
  { sizes }: HearModel,
  identities: readonly Float32Array[] = [],
): void {
  if (sizes.resolution !== resolution) {
    throw cannot(action, `a second stage of ${resolution} pixels, as the first`, String(sizes.resolution));
  }
  const strange = identities.find(({ length }) => length !== identity);
  if (strange) throw cannot(action, `embeddings of ${identity} numbers`, String(strange.length));
}

function faceTensor(faces: readonly Picture[], side: number, action: string): tf.Tensor4D {
  const size = { width: side, height: side, channels: 3 } as const;
  return tf.stack(faces.map((face) => {
    requirePicture(face, action, `faces of ${side}x${side} pixels`, size);
    return tf.tensor3d(face.data, [side, side, 3]);
  })) as tf.Tensor4D;
}
