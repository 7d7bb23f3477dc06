/**
 * One training step of a pair of persons: the autoencoder, and the discriminators where they are asked for.
 *
 * @module
 */

import { adaBelief, adam, type Optimiser, type OptimiserOptions, rmsProp } from "../../nn/mod.ts";
import { compile, type CompiledStep, type CompileOptions, tf } from "../../runtime/mod.ts";
import { reconstructionLoss, type ReconstructionOptions, type Target } from "./loss.ts";
import { pairDiscriminators, type PairDiscriminatorsOptions } from "./pair_discriminators.ts";
import type { FacePairModel, Side } from "./pair_model.ts";

/** A batch of one person: warped faces go in, the unwarped ones are to come out. */
export type SideBatch = Target & {
  /** The face under a random warp, `[batch, R, R, 3]` in [0, 1]. */
  readonly warped: tf.Tensor4D;
};

/** A batch of both persons. */
export type PairBatch = Record<Side, SideBatch>;

/** Losses of one step, scalars: "source", "destination", and those of the discriminators by name. */
export type PairLosses = Record<Side, tf.Scalar> & Record<string, tf.Scalar>;

/** An optimiser's name: Adam (0.5, 0.999), or DeepFaceLab's two. */
export type OptimiserName = "adam" | "adabelief" | "rmsprop";

/** How a pair is trained. */
export interface PairTrainingOptions extends CompileOptions, OptimiserOptions, PairDiscriminatorsOptions {
  /** Parts of the reconstruction loss. */
  readonly loss?: ReconstructionOptions;
  /** Default "adam". */
  readonly optimiser?: OptimiserName;
  /** Weights whose names begin with one of these stay as they are, as LIAE's `inter_AB` does when the warp is off. */
  readonly frozen?: readonly string[];
}

/** A compiled training step with everything beside the model that belongs into a checkpoint. */
export interface PairTraining {
  /** States of the optimisers and weights of the discriminators, by name. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  /** Makes one step with a batch, a learning rate and a seed, int32 `[2]`. */
  readonly step: CompiledStep<[PairBatch, tf.Scalar, tf.Tensor1D], PairLosses>;
  /** Frees the step, the states and the discriminators; the model stays. */
  dispose(): void;
}

/**
 * Makes an optimiser by name.
 *
 * @param name Which.
 * @param weights The trainable variables.
 * @param options Dropout, clipping.
 * @returns The optimiser.
 */
export function optimiserNamed(
  name: OptimiserName,
  weights: readonly tf.Variable[],
  options: OptimiserOptions = {},
): Optimiser {
  if (name === "adabelief") return adaBelief(weights, options);
  if (name === "rmsprop") return rmsProp(weights, options);
  return adam(weights, { beta1: 0.5, beta2: 0.999, ...options });
}

/**
 * Compiles the training step of a model: one step of the optimiser on the sum of both sides' losses, each averaged over
 * its batch, then one of each discriminator.
 *
 * @param model The model.
 * @param options Losses, optimiser, discriminators, mixed precision.
 * @returns The step and its state.
 */
export function pairTraining(model: FacePairModel, options: PairTrainingOptions = {}): PairTraining {
  const { loss, optimiser: name = "adam", frozen = [], keep, clipNorm, mixedPrecision, eager } = options;
  const common = { ...(keep !== undefined && { keep }), ...(clipNorm !== undefined && { clipNorm }) };
  const names = new Map(Object.entries(model.weights.named()).map(([key, variable]) => [variable, key]));
  // Without its loss, and without a discriminator that looks at it, nothing reaches the mask branch.
  const maskless = loss?.mask === 0 && (!options.gan || options.gan.sides === "source");
  const trained = model.weights.variables.filter((variable) => {
    const key = names.get(variable)!;
    return variable.trainable && !frozen.some((prefix) => key.startsWith(prefix)) && !(maskless && /\/mask/.test(key));
  });
  const optimiser = optimiserNamed(name, trained, common);
  const discriminators = pairDiscriminators(model, options, (weights) => optimiserNamed(name, weights, common));

  const compileOptions = {
    ...(mixedPrecision !== undefined && { mixedPrecision }),
    ...(eager !== undefined && { eager }),
  };
  const step = compile((batch: PairBatch, rate: tf.Scalar, seed: tf.Tensor1D): PairLosses => {
    const losses = {} as PairLosses;
    optimiser.minimise(
      () => {
        const predicted = model.reconstruct(batch.source.warped, batch.destination.warped);
        const mean = (side: Side) => reconstructionLoss(batch[side], predicted[side], loss).mean() as tf.Scalar;
        const source = mean("source");
        const destination = mean("destination");
        losses.source = tf.keep(source);
        losses.destination = tf.keep(destination);
        const own = source.add(destination) as tf.Scalar;
        const adversarial = discriminators.generatorLoss(batch, predicted, losses);
        return adversarial ? own.add(adversarial) : own;
      },
      rate,
      seed,
    );
    discriminators.update(batch, rate, seed, losses);
    return losses;
  }, compileOptions);
  return {
    state: { ...Object.fromEntries(prefix("optimiser", optimiser.state)), ...discriminators.state },
    step,
    dispose() {
      step.dispose();
      optimiser.dispose();
      discriminators.dispose();
    },
  };
}

function prefix(name: string, variables: Readonly<Record<string, tf.Variable>>): [string, tf.Variable][] {
  return Object.entries(variables).map(([key, variable]) => [`${name}/${key}`, variable]);
}
