/**
 * DeepFaceLab's code discriminator, for "true face" in DF: it tells codes of the source from codes of the destination,
 * and the encoder learns to make them alike (`core/leras/models/CodeDiscriminator.py`).
 *
 * @module
 */

import { convolution, type Layer4D, newWeights, type Weights } from "../../nn/mod.ts";
import { leakyRelu } from "../../runtime/mod.ts";

/** A network that gives a logit for each place: positive where it takes the input for real. */
export interface CodeDiscriminator {
  readonly weights: Weights;
  /** From codes `[batch, side, side, channels]` to logits `[batch, h, w, 1]`. */
  readonly judge: Layer4D;
}

/**
 * Builds the code discriminator: `1 + side / 8` convolutions with stride 2, the first 4x4 and the others 3x3, of 256
 * channels that double up to 2,048, leaky ReLU 0.1, and a 1x1 convolution.
 *
 * @param side Height and width of the codes.
 * @param channels Channels of the codes.
 * @param seed Seed of the first weights.
 * @param base Channels after the first convolution. Default 256.
 * @returns The discriminator.
 */
export function codeDiscriminator(side: number, channels: number, seed: number, base = 256): CodeDiscriminator {
  const weights = newWeights(seed);
  const count = 1 + Math.floor(side / 8);
  const widths = Array.from({ length: count }, (_, i) => base * Math.min(2 ** i, 8));
  const convolutions = widths.map((to, i) =>
    convolution(weights.within(`conv${i + 1}`), {
      from: widths[i - 1] ?? channels,
      to,
      kernel: i === 0 ? 4 : 3,
      stride: 2,
    })
  );
  const logits = convolution(weights.within("logits"), { from: widths.at(-1)!, to: 1, kernel: 1 });
  return {
    weights,
    judge: (x) => logits(convolutions.reduce((y, conv) => leakyRelu(conv(y), 0.1), x)),
  };
}
