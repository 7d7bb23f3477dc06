import { addBias, tf } from "../runtime/mod.ts";
import type { Layer4D } from "./layers.ts";
import type { Weights } from "./weights.ts";

/**
 * Filter response normalisation (Singh and Krishnan, "Filter Response Normalization Layer", CVPR 2020, equations 1-4): each
 * channel of each picture is divided by the root of its mean square, then scaled and shifted. It knows no batch, so it is
 * the same in training and use, and no mean is taken off; {@linkcode thresholdedLinear} is made to follow it.
 *
 * @param weights Where `scale` and `offset`, each `[channels]`, are made.
 * @param channels Channels in and out.
 * @param options `epsilon`: added to the mean square. Default 1e-6, as in the paper.
 * @returns The layer.
 */
export function filterResponseNorm(
  weights: Weights,
  channels: number,
  { epsilon = 1e-6 }: { readonly epsilon?: number } = {},
): Layer4D {
  const scale = weights.make("scale", [channels], "ones");
  const offset = weights.make("offset", [channels], "zeros");
  return (x) => {
    const meanSquare = x.square().mean([1, 2], true);
    // The scale joins the small factor first, so that x is passed over once.
    return addBias(x.mul(tf.rsqrt(meanSquare.add(epsilon)).mul(scale)) as tf.Tensor4D, offset);
  };
}

/**
 * Thresholded linear unit (Singh and Krishnan 2020, equation 5): the larger of x and a learned threshold, one a channel.
 *
 * @param weights Where `threshold`, `[channels]`, is made; it starts at 0, as a ReLU.
 * @param channels Channels in and out.
 * @returns The layer.
 */
export function thresholdedLinear(weights: Weights, channels: number): Layer4D {
  const threshold = weights.make("threshold", [channels], "zeros");
  // Not tf.maximum: its gradient does not sum over what a threshold is shared by. A bias's gradient is one fast op.
  return (x) => addBias(tf.relu(addBias(x, threshold.neg())), threshold);
}
