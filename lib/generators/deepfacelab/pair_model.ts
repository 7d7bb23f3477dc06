import type { Weights } from "../../nn/mod.ts";
import type { tf } from "../../runtime/mod.ts";
import type { Prediction } from "./decoder.ts";
import type { Sizes } from "./sizes.ts";

/** The person on whose photographs the face is put is the destination; the face that is put there is the source's. */
export type Side = "source" | "destination";

/** What a model makes of a batch of both persons. */
export type Reconstruction = Record<Side, Prediction> & {
  /** Each side's code, where both sides' codes come from one inter (DF): what the code discriminator looks at. */
  readonly codes?: Record<Side, tf.Tensor4D>;
};

/** What conversion needs of a model: faces of one person in, the same with the face of another out. */
export interface FaceConverter {
  /** `resolution`: side of its faces in pixels. */
  readonly sizes: Pick<Sizes, "resolution">;
  /**
   * Gives faces of one person the face of another.
   *
   * @param faces Aligned faces, `[batch, R, R, 3]` in [0, 1].
   * @param to Whose face they get. "source" for faces of the destination is the usual swap.
   * @returns The new face with its mask.
   */
  convert(faces: tf.Tensor4D, to: Side): Prediction;
}

/** An autoencoder of two persons. */
export interface FacePairModel extends FaceConverter {
  /** The model's name in the registry. */
  readonly name: "df" | "liae";
  readonly sizes: Sizes;
  readonly weights: Weights;
  /** Prefixes of the weights that get new first values after pretraining: the inters. */
  readonly inters: readonly string[];
  /**
   * Reconstructs faces of both persons, for training.
   *
   * @param source Faces of the source person, `[batch, R, R, 3]` in [0, 1].
   * @param destination Faces of the destination person, of the same shape.
   * @returns Each side's face and mask.
   */
  reconstruct(source: tf.Tensor4D, destination: tf.Tensor4D): Reconstruction;
}
