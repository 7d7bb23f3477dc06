import { batchNorm, convolution, type Weights } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";
import type { TrainingMode } from "../detector.ts";

/**
 * ForensicTransfer's encoder (arXiv 1812.02510): five 3x3 convolutions with ReLU, all but the first with stride 2 and batch
 * normalisation, each with twice the channels of the one before.
 *
 * @param weights Where `conv1` to `conv5` are made.
 * @param from Channels in.
 * @param base Channels of the first convolution; 8 in the paper.
 * @returns From `[batch, H, W, from]` to `[batch, H / 16, W / 16, 16 base]`, without negative values.
 */
export function forensicEncoder(
  weights: Weights,
  from: number,
  base: number,
): (x: tf.Tensor4D, mode?: TrainingMode) => tf.Tensor4D {
  const layers = [0, 1, 2, 3, 4].map((i) => {
    const within = weights.within(`conv${i + 1}`);
    const [into, to] = [i === 0 ? from : base * 2 ** (i - 1), base * 2 ** i];
    const convolve = convolution(within, { from: into, to, stride: i === 0 ? 1 : 2 });
    const normalise = i === 0 ? undefined : batchNorm(within.within("norm"), to);
    return (x: tf.Tensor4D, mode?: TrainingMode) => {
      const y = convolve(x);
      return tf.relu(normalise ? normalise(y, mode?.statistics ?? "moving") : y);
    };
  });
  return (x, mode) => layers.reduce((y, layer) => layer(y, mode), x);
}
