import { batchNorm, convolution, type Weights } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";
import type { TrainingMode } from "../detector.ts";

/**
 * ForensicTransfer's decoder (arXiv 1812.02510): four times nearest-neighbour enlargement, a 3x3 convolution with half the
 * channels, batch normalisation, ReLU; at the end a 3x3 convolution and tanh.
 *
 * @param weights Where `conv1` to `conv5` are made.
 * @param to Channels out.
 * @param base Channels before the last convolution; 8 in the paper.
 * @returns From `[batch, h, w, 16 base]` to `[batch, 16 h, 16 w, to]` in [-1, 1].
 */
export function forensicDecoder(
  weights: Weights,
  to: number,
  base: number,
): (x: tf.Tensor4D, mode?: TrainingMode) => tf.Tensor4D {
  const layers = [0, 1, 2, 3].map((i) => {
    const within = weights.within(`conv${i + 1}`);
    const channels = base * 2 ** (3 - i);
    const convolve = convolution(within, { from: channels * 2, to: channels });
    const normalise = batchNorm(within.within("norm"), channels);
    return (x: tf.Tensor4D, mode?: TrainingMode) => {
      const y = convolve(enlarge(x));
      return tf.relu(normalise(y, mode?.statistics ?? "moving"));
    };
  });
  const last = convolution(weights.within("conv5"), { from: base, to });
  return (x, mode) => tf.tanh(last(layers.reduce((y, layer) => layer(y, mode), x)));
}

/** Each pixel four times: joined to itself, once along the row and once along the column. */
function enlarge(x: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const wide = tf.concat([x, x], 3).reshape([batch, height, 2 * width * channels]);
  return tf.concat([wide, wide], 2).reshape([batch, 2 * height, 2 * width, channels]);
}
