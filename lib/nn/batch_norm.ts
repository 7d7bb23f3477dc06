import { batchNormTraining, tf } from "../runtime/mod.ts";
import type { Weights } from "./weights.ts";

/**
 * What batch normalisation goes by. "moving": the moving averages, for use. "batch": the batch at hand. "learn": the batch
 * at hand, and the moving averages move towards it, for training.
 */
export type BatchStatistics = "moving" | "batch" | "learn";

/**
 * Batch normalisation (Ioffe and Szegedy, arXiv 1502.03167).
 *
 * @param weights Where `scale` and `offset`, and `mean` and `variance` that are not trained, each `[channels]`, are made.
 * @param channels Channels in and out.
 * @param options `momentum`: by how much the averages stay in a step, default 0.9; `epsilon`, added to the variance,
 * default 1e-5.
 * @returns The layer, from `[batch, height, width, channels]` to the same shape.
 */
export function batchNorm(
  weights: Weights,
  channels: number,
  { momentum = 0.9, epsilon = 1e-5 }: { readonly momentum?: number; readonly epsilon?: number } = {},
): (x: tf.Tensor4D, statistics: BatchStatistics) => tf.Tensor4D {
  const make = (name: string, initialiser: "ones" | "zeros", trainable = true) =>
    weights.make(name, [channels], initialiser, trainable) as tf.Variable<tf.Rank.R1>;
  const scale = make("scale", "ones");
  const offset = make("offset", "zeros");
  const mean = make("mean", "zeros", false);
  const variance = make("variance", "ones", false);
  const approach = (average: tf.Variable, value: tf.Tensor) =>
    average.assign(average.add(value.sub(average).mul(1 - momentum)));
  return (x, statistics) => {
    if (statistics === "moving") return tf.batchNorm4d(x, mean, variance, offset, scale, epsilon);
    const normalised = batchNormTraining(x, scale, offset, epsilon);
    if (statistics === "learn") {
      approach(mean, normalised.mean);
      approach(variance, normalised.variance);
    }
    return normalised.y;
  };
}
