import type { Layer4D, Weights } from "../../nn/mod.ts";
import { batchNormTraining, tf } from "../../runtime/mod.ts";

/** Share of the old moving average that is kept at each step. */
const momentum = 0.99;

/**
 * Batch normalisation that moves its averages at every call, as the layers of PyTorch and Keras do in training.
 *
 * @param weights Where scale, offset and the two averages are made.
 * @param channels Channels in and out.
 * @returns The layer.
 */
export function batchNorm(weights: Weights, channels: number): Layer4D {
  const scale = weights.make("scale", [channels], "ones") as tf.Variable<tf.Rank.R1>;
  const offset = weights.make("offset", [channels], "zeros") as tf.Variable<tf.Rank.R1>;
  const averages = [
    weights.make("mean", [channels], "zeros", false),
    weights.make("variance", [channels], "ones", false),
  ] as const;
  return (x) => {
    const { y, mean, variance } = batchNormTraining(x, scale, offset, 1e-3);
    tf.tidy(() =>
      [mean, variance].forEach((moment, i) => {
        const average = averages[i]!;
        average.assign(average.add(moment.sub(average).mul(1 - momentum)));
      })
    );
    return y;
  };
}
