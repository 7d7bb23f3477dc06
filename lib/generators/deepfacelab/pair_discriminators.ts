/**
 * The discriminators of a pair's training with their optimisers: the U-Net patch discriminators of both sides (or of the
 * source side alone), and the code discriminator of "true face".
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import type { Optimiser } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";
import { crossEntropy, type GanSides, outsideLoss, patchCrossEntropy, seenByDiscriminator } from "./adversarial.ts";
import { type CodeDiscriminator, codeDiscriminator } from "./code_discriminator.ts";
import type { ReconstructionOptions } from "./loss.ts";
import type { FacePairModel, Reconstruction, Side } from "./pair_model.ts";
import { type PatchDiscriminator, patchDiscriminator } from "./patch_discriminator.ts";
import { planOf } from "./sizes.ts";
import type { PairBatch, PairLosses } from "./training_step.ts";

/** Which discriminators take part. */
export interface PairDiscriminatorsOptions {
  /** Parts of the reconstruction loss; whether it is masked decides what the discriminators see. */
  readonly loss?: ReconstructionOptions;
  /** U-Net patch discriminators: `gan_power` (typically 0.1), `gan_patch_size` (default R/8), `gan_dims` (default 16). */
  readonly gan?: { readonly power: number; readonly patch?: number; readonly dims?: number; readonly sides?: GanSides };
  /** True face, DF alone: `true_face_power` (typically 0.01), channels of the code discriminator (default 256). */
  readonly trueFace?: { readonly power: number; readonly dims?: number };
  /** Seed of the discriminators' first weights. Default 1. */
  readonly discriminatorSeed?: number;
}

/** The discriminators as the training step sees them. */
export interface PairDiscriminators {
  readonly state: Readonly<Record<string, tf.Variable>>;
  /** What they add to the autoencoder's loss; none without discriminators. Keeps what {@linkcode update} needs. */
  generatorLoss(batch: PairBatch, predicted: Reconstruction, losses: PairLosses): tf.Scalar | undefined;
  /** Trains them on what the autoencoder made in this step. */
  update(batch: PairBatch, rate: tf.Scalar, seed: tf.Tensor1D, losses: PairLosses): void;
  dispose(): void;
}

/**
 * Builds the discriminators that are asked for.
 *
 * @param model The autoencoder.
 * @param options Which take part.
 * @param optimise Makes an optimiser for given weights.
 * @returns The discriminators.
 * @throws Problem when true face is asked of a model whose sides do not share an inter.
 */
export function pairDiscriminators(
  model: FacePairModel,
  { loss, gan, trueFace, discriminatorSeed = 1 }: PairDiscriminatorsOptions,
  optimise: (weights: readonly tf.Variable[]) => Optimiser,
): PairDiscriminators {
  if (trueFace && model.name !== "df") throw cannot("train with true face", "DF", model.name.toUpperCase());
  const plan = planOf(model.name, model.sizes);
  const masked = loss?.masked ?? true;
  const ganSides = gan?.sides ?? "both";
  const sides: readonly Side[] = ganSides === "both" ? ["source", "destination"] : ["source"];
  const networks: Record<
    string,
    { weights: { named(): Record<string, tf.Variable>; dispose(): void }; own: Optimiser }
  > = {};
  const add = <T extends PatchDiscriminator | CodeDiscriminator>(name: string, network: T): T => {
    networks[name] = { weights: network.weights, own: optimise(network.weights.variables) };
    return network;
  };
  const patches = gan && Object.fromEntries(
    sides.map((side, i) => [
      side,
      add(
        `discriminator_${side}`,
        patchDiscriminator(
          ganSides === "both" ? 4 : 3,
          gan.patch ?? plan.resolution / 8,
          discriminatorSeed * 2 + i,
          gan.dims,
        ),
      ),
    ]),
  ) as Record<Side, PatchDiscriminator> | undefined;
  const codes = trueFace && add(
    "code_discriminator",
    codeDiscriminator(plan.lowest * (plan.deep ? 1 : 2), plan.code, discriminatorSeed, trueFace.dims),
  );
  /** What the autoencoder made, kept from its loss for the discriminators' own step. */
  let made: Reconstruction | undefined;

  return {
    state: Object.fromEntries(
      Object.entries(networks).flatMap(([name, { weights, own }]) => [
        ...Object.entries(weights.named()).map(([key, variable]) => [`${name}/${key}`, variable] as const),
        ...Object.entries(own.state).map(([key, variable]) => [`${name}_optimiser/${key}`, variable] as const),
      ]),
    ),
    generatorLoss(batch, predicted, losses) {
      made = predicted;
      for (const tensor of tensorsOf(predicted)) tf.keep(tensor);
      const parts: tf.Scalar[] = [];
      if (gan && patches) {
        const fooled = tf.addN(sides.map((side) => {
          const seen = seenByDiscriminator(predicted[side], batch[side], ganSides, masked);
          return patchCrossEntropy(patches[side].judge(seen), true);
        })) as tf.Scalar;
        losses["gan"] = tf.keep(fooled);
        parts.push(fooled.mul(gan.power));
        if (masked) parts.push(...sides.map((side) => outsideLoss(predicted[side], batch[side])));
      }
      if (trueFace && codes) {
        const fooled = crossEntropy(codes.judge(predicted.codes!.source), true);
        losses["true_face"] = tf.keep(fooled);
        parts.push(fooled.mul(trueFace.power));
      }
      return parts.length > 0 ? tf.addN(parts) as tf.Scalar : undefined;
    },
    update(batch, rate, seed, losses) {
      const predicted = made!;
      if (patches) {
        for (const side of sides) {
          losses[`discriminator_${side}`] = networks[`discriminator_${side}`]!.own.minimise(
            () => {
              const seen = (prediction: Reconstruction[Side]) =>
                patches[side].judge(seenByDiscriminator(prediction, batch[side], ganSides, masked));
              const real = patchCrossEntropy(seen(batch[side]), true);
              return real.add(patchCrossEntropy(seen(predicted[side]), false)).div(2);
            },
            rate,
            seed,
          );
        }
      }
      if (codes) {
        losses["code_discriminator"] = networks["code_discriminator"]!.own.minimise(
          () => {
            const { source, destination } = predicted.codes!;
            return crossEntropy(codes.judge(destination), true).add(crossEntropy(codes.judge(source), false)).div(2);
          },
          rate,
          seed,
        );
      }
      tf.dispose(tensorsOf(predicted));
      made = undefined;
    },
    dispose() {
      for (const { weights, own } of Object.values(networks)) {
        weights.dispose();
        own.dispose();
      }
    },
  };
}

function tensorsOf({ source, destination, codes }: Reconstruction): tf.Tensor[] {
  return [...Object.values(source), ...Object.values(destination), ...Object.values(codes ?? {})];
}
