import { dense, type Layer4D, upscale, type Weights } from "../../nn/mod.ts";
import type { tf } from "../../runtime/mod.ts";
import type { Plan } from "./sizes.ts";

/**
 * DeepFaceLab's inter: two fully connected layers with nothing between them, then one upscale (none with `t`). It
 * squeezes a face into a code of a few hundred numbers.
 *
 * @param weights Where its weights are made.
 * @param plan Sizes.
 * @param to Channels out: the code's length in DF, twice that in LIAE.
 * @returns From the encoder's output to `[batch, side, side, to]`, where side is an eighth of R (a sixteenth with `d`).
 */
export function inter(weights: Weights, { encoded, encodedChannels, code, lowest, deep }: Plan, to: number): Layer4D {
  const length = encoded * encoded * encodedChannels;
  const squeeze = dense(weights.within("dense1"), length, code);
  const spread = dense(weights.within("dense2"), code, lowest * lowest * to);
  const up = deep ? undefined : upscale(weights.within("up"), to, to);
  return (x) => {
    // Channels come first in the flat code, as in DeepFaceLab, whatever the layout of the convolutions.
    const flat = x.transpose([0, 3, 1, 2]).reshape([-1, length]) as tf.Tensor2D;
    const spatial = spread(squeeze(flat)).reshape([-1, to, lowest, lowest]).transpose([0, 2, 3, 1]) as tf.Tensor4D;
    return up ? up(spatial) : spatial;
  };
}
