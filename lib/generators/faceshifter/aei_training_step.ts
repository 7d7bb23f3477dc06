/**
 * One training step of AEI-Net and its discriminator.
 *
 * @module
 */

import { adam, type OptimiserOptions, prefixed } from "../../nn/mod.ts";
import { cannot } from "../../problem.ts";
import { compile, type CompiledStep, type CompileOptions, fence, saltSeed, tf } from "../../runtime/mod.ts";
import { aei, type AeiModel } from "./aei.ts";
import {
  type AeiLossWeights,
  aeiLossWeights,
  attributeLoss,
  fooledLoss,
  hingeLoss,
  identityLoss,
  samePairLoss,
} from "./aei_loss.ts";
import type { MultiScaleDiscriminator } from "./multi_scale_discriminator.ts";
import { runningAverage } from "./running_average.ts";
import { type RandomSoftness, softenRandomly } from "./soften_randomly.ts";

/** A batch. A source is an embedding alone: no picture of it is needed. */
export type AeiBatch = {
  /** Faces that give attributes, `[batch, R, R, 3]` in [0, 1]. */
  readonly target: tf.Tensor4D;
  /** z_id of the sources, `[batch, identity]`, of length 1. */
  readonly source_id: tf.Tensor2D;
  /** `[batch]`: 1 where the source is the target's person, so that the result is to be the reference; else 0. */
  readonly same: tf.Tensor1D;
  /** What reconstruction is measured against, `[batch, R, R, 3]` in [0, 1]. Default the targets. */
  readonly reference?: tf.Tensor4D;
};

/** Losses of one step before they are weighted, scalars. */
export type AeiLosses = Record<"identity" | "attributes" | "reconstruction", tf.Scalar> & Record<string, tf.Scalar>;

/** What embeds made faces: `identityEncoder` of faces, or anything differentiable. */
export interface AeiEncoder {
  embed(faces: tf.Tensor4D): tf.Tensor2D;
}

/** How AEI-Net is trained. */
export interface AeiTrainingOptions extends CompileOptions, OptimiserOptions {
  /** Weights of the losses; default the paper's, 1 adversarial, 5 identity, 10 attributes, 10 reconstruction. */
  readonly loss?: Partial<AeiLossWeights>;
  /** Moves and blurs faces at random before the identity encoder; false for not. Default false. */
  readonly soften?: RandomSoftness | false;
  /** Decay of the running average of the weights. Default 0.999. */
  readonly ema?: number;
  /** A second model of the same sizes, whose weights become the running average. Default one of the training's own. */
  readonly averaged?: AeiModel;
}

/** A compiled training step with everything beside the model that belongs into a checkpoint. */
export interface AeiTraining {
  /** The running average of the model's weights as a model: what predicts. */
  readonly averaged: AeiModel;
  /** Optimisers, the discriminator's weights, the running average, by name. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  /** Makes one step with a batch, a learning rate and a seed, int32 `[2]`: the generator's, then the discriminator's. */
  readonly step: CompiledStep<[AeiBatch, tf.Scalar, tf.Tensor1D], AeiLosses>;
  /** Frees step, optimisers, and the averaged model unless it was given; what was given stays. */
  dispose(): void;
}

/**
 * Compiles the training step: Adam (0, 0.999) on the weighted sum of the four losses, then Adam (0, 0.999) on
 * the discriminator's hinge loss with the faces just made, then the running average.
 *
 * @param model The model.
 * @param discriminator The discriminator; undefined for none, where the adversarial loss has weight 0.
 * @param encoder The frozen identity encoder.
 * @param options Weights of the losses, running average, mixed precision.
 * @returns The step and its state.
 * @throws Problem when the adversarial loss has a weight but no discriminator.
 */
export function aeiTraining(
  model: AeiModel,
  discriminator: MultiScaleDiscriminator | undefined,
  encoder: AeiEncoder,
  options: AeiTrainingOptions = {},
): AeiTraining {
  const { loss, soften = false, ema = 0.999, keep, clipNorm, mixedPrecision = false, eager = false } = options;
  const weigh = { ...aeiLossWeights, ...loss };
  if (!discriminator && weigh.adversarial !== 0) {
    throw cannot("train AEI-Net", "a discriminator for the adversarial loss", "none", "or a weight of 0");
  }
  const judge = weigh.adversarial === 0 ? undefined : discriminator;
  const common = { ...(keep !== undefined && { keep }), ...(clipNorm !== undefined && { clipNorm }) };
  const adamOf = (variables: readonly tf.Variable[]) => adam(variables, { beta1: 0, beta2: 0.999, ...common });
  const optimiser = adamOf(model.weights.variables.filter(({ trainable }) => trainable));
  const discriminatorOptimiser = judge && adamOf(judge.weights.variables);
  const averaged = options.averaged ?? aei(model.sizes, 1);
  const average = runningAverage(model.weights.variables, averaged.weights.variables, ema);

  const step = compile((batch: AeiBatch, rate: tf.Scalar, seed: tf.Tensor1D): AeiLosses => {
    const losses = {} as AeiLosses;
    let made: tf.Tensor4D | undefined;
    optimiser.minimise(
      () => {
        const attributes = model.attributes(batch.target, "learn");
        const face = fence(model.generate(batch.source_id, attributes).face, "the made face") as tf.Tensor4D;
        made = tf.keep(face);
        const seen = soften ? softenRandomly(face, saltSeed(seed, 1), soften) : face;
        const embedding = fence(encoder.embed(seen), "the made face's embedding") as tf.Tensor2D;
        const parts: Record<keyof AeiLossWeights, tf.Scalar | undefined> = {
          identity: identityLoss(embedding, batch.source_id),
          attributes: attributeLoss(fenced(model.attributes(face, "batch")), fenced(attributes)),
          reconstruction: samePairLoss(face, batch.reference ?? batch.target, batch.same),
          adversarial: judge && fooledLoss(fenced(judge.judge(face))),
        };
        const weighted: tf.Scalar[] = [];
        for (const [name, part] of Object.entries(parts)) {
          if (!part) continue;
          losses[name] = tf.keep(part);
          weighted.push(part.mul(weigh[name as keyof AeiLossWeights]));
        }
        return tf.addN(weighted);
      },
      rate,
      seed,
    );
    if (judge && discriminatorOptimiser) {
      losses["discriminator"] = discriminatorOptimiser.minimise(
        () => hingeLoss(fenced(judge.judge(batch.target)), fenced(judge.judge(made!))),
        rate,
        saltSeed(seed, 2),
      );
    }
    made!.dispose();
    average.follow();
    return losses;
  }, { mixedPrecision, eager });

  return {
    averaged,
    state: {
      ...prefixed("optimiser", optimiser.state),
      ...(judge && discriminatorOptimiser && {
        ...prefixed("discriminator", judge.weights.named()),
        ...prefixed("discriminator_optimiser", discriminatorOptimiser.state),
      }),
      ...prefixed("averaged", averaged.weights.named()),
      averaged_count: average.count,
    },
    step,
    dispose() {
      step.dispose();
      optimiser.dispose();
      discriminatorOptimiser?.dispose();
      average.dispose();
      if (!options.averaged) averaged.weights.dispose();
    },
  };
}

/** What mixed precision must not reach: everything from here on is float32. */
function fenced(tensors: readonly tf.Tensor4D[]): tf.Tensor4D[] {
  return tensors.map((tensor, i) => fence(tensor, `output ${i + 1} before the loss`) as tf.Tensor4D);
}
