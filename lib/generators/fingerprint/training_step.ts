/**
 * One training step of an autoencoder of whole pictures and its discriminator.
 *
 * @module
 */

import { adam, prefixed } from "../../nn/mod.ts";
import { compile, type CompiledStep, type CompileOptions, fence, tf } from "../../runtime/mod.ts";
import { fooledLoss, hingeLoss } from "../faceshifter/aei_loss.ts";
import type { MultiScaleDiscriminator } from "../faceshifter/multi_scale_discriminator.ts";
import type { FingerprintModel } from "./autoencoder.ts";

/** Losses of one step before they are weighted, scalars. */
export type FingerprintLosses = Record<"reconstruction" | "adversarial" | "discriminator", tf.Scalar>;

/** How an autoencoder is trained. */
export interface FingerprintTrainingOptions extends CompileOptions {
  /**
   * Weight of the mean absolute error beside the adversarial loss. Default 1000: with pix2pix's 100 (arXiv 1611.07004,
   * section 3.3) pictures are half as near after hundreds of steps.
   */
  readonly reconstruction?: number;
}

/** A compiled training step with everything beside the model that belongs into a checkpoint. */
export interface FingerprintTraining {
  /** Optimisers and the discriminator's weights, by name. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  /** Makes one step with pictures `[batch, height, width, 3]` in [0, 1] and a learning rate. */
  readonly step: CompiledStep<[tf.Tensor4D, tf.Scalar], FingerprintLosses>;
  /** Frees step and optimisers; what was given stays. */
  dispose(): void;
}

/**
 * Compiles the training step: Adam (0.9, 0.99) on the mean absolute error plus the adversarial loss, then Adam (0.5, 0.999) on
 * the discriminator's hinge loss with the pictures just made. With the discriminator's momentum the autoencoder's error jumps
 * to ten times its value now and then.
 *
 * @param model The model.
 * @param discriminator The discriminator of patches; see `fingerprintDiscriminatorSizes`.
 * @param options Weight of the reconstruction, mixed precision.
 * @returns The step and its state.
 */
export function fingerprintTraining(
  model: FingerprintModel,
  discriminator: MultiScaleDiscriminator,
  { reconstruction = 1000, ...options }: FingerprintTrainingOptions = {},
): FingerprintTraining {
  const optimiser = adam(model.weights.variables, { beta1: 0.9, beta2: 0.99 });
  const discriminatorOptimiser = adam(discriminator.weights.variables, { beta1: 0.5, beta2: 0.999 });
  const judge = (pictures: tf.Tensor4D) =>
    discriminator.judge(pictures).map((logits) => fence(logits, "the discriminator's logits") as tf.Tensor4D);
  const step = compile((pictures: tf.Tensor4D, rate: tf.Scalar): FingerprintLosses => {
    const losses: Partial<FingerprintLosses> = {};
    let made: tf.Tensor4D | undefined;
    optimiser.minimise(() => {
      made = tf.keep(fence(model.reconstruct(pictures), "the reconstructed picture") as tf.Tensor4D);
      losses.reconstruction = tf.keep(pictures.sub(made).abs().mean() as tf.Scalar);
      losses.adversarial = tf.keep(fooledLoss(judge(made)));
      return losses.reconstruction.mul(reconstruction).add(losses.adversarial) as tf.Scalar;
    }, rate);
    losses.discriminator = discriminatorOptimiser.minimise(() => hingeLoss(judge(pictures), judge(made!)), rate);
    made!.dispose();
    return losses as FingerprintLosses;
  }, options);
  return {
    state: {
      ...prefixed("optimiser", optimiser.state),
      ...prefixed("discriminator", discriminator.weights.named()),
      ...prefixed("discriminator_optimiser", discriminatorOptimiser.state),
    },
    step,
    dispose() {
      step.dispose();
      optimiser.dispose();
      discriminatorOptimiser.dispose();
    },
  };
}
