/**
 * AEI-Net: an identity's embedding and a target's attributes become a face with that identity and those attributes.
 *
 * Paper: FaceShifter, Li et al., arXiv 1912.13457, section 3.1; layers as in its open re-implementations.
 * Parameters: 67.1 M attribute encoder + 117.3 M generator (256 px, `paper`), 4.35 M together (64 px, `small`).
 *
 * @module
 */

import { newWeights, type Weights } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";
import { type AttributeEncoder, attributeEncoder } from "./attribute_encoder.ts";
import { type Generated, generator } from "./generator.ts";
import { aeiPlanOf, type AeiSizes } from "./sizes.ts";

/** The two-part network. */
export interface AeiModel {
  /** The model's name in the registry. */
  readonly name: "aei";
  readonly sizes: AeiSizes;
  readonly weights: Weights;
  /**
   * Embeds the attributes of faces: everything but whose they are.
   *
   * @param faces `[batch, R, R, 3]` in [0, 1].
   * @param statistics What the encoder's batch normalisation goes by. Default "moving", for use.
   * @returns z_att from the lowest resolution to R.
   */
  readonly attributes: AttributeEncoder;
  /**
   * Makes faces.
   *
   * @param identity z_id, `[batch, identity]`, of unit length.
   * @param attributes z_att of as many faces.
   * @returns Faces `[batch, R, R, 3]` in [0, 1], and the masks of the AAD layers.
   */
  generate(identity: tf.Tensor2D, attributes: readonly tf.Tensor4D[]): Generated;
  /**
   * Gives faces another identity.
   *
   * @param target `[batch, R, R, 3]` in [0, 1].
   * @param identity z_id, `[batch, identity]`, of unit length.
   * @returns Faces `[batch, R, R, 3]` in [0, 1].
   */
  swap(target: tf.Tensor4D, identity: tf.Tensor2D): tf.Tensor4D;
}

/**
 * Builds AEI-Net.
 *
 * @example Give a batch of faces an identity
 * ```ts
 * import { aei, aeiSizes } from "doppel/generators/mod.ts";
 * import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
 *
 * await useTensorFlow();
 * const model = aei(aeiSizes.small, 1);
 * model.swap(tf.zeros([1, 64, 64, 3]), tf.zeros([1, 128])).shape; // [1, 64, 64, 3]
 * ```
 *
 * @param sizes Resolution, channels, and the arms of the ablations, see {@linkcode aeiSizes}.
 * @param seed Seed of the first weights.
 * @returns The model.
 * @throws Problem when the sizes do not fit together.
 */
export function aei(sizes: AeiSizes, seed: number): AeiModel {
  const plan = aeiPlanOf(sizes);
  const weights = newWeights(seed);
  const attributes = attributeEncoder(weights.within("attributes"), plan);
  const generate = generator(weights.within("generator"), plan);
  return {
    name: "aei",
    sizes,
    weights,
    attributes,
    generate,
    swap: (target, identity) => tf.tidy(() => generate(identity, attributes(target)).face),
  };
}
