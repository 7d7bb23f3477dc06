import { dense, type Layer4D, upscale, type Weights } from "../../nn/mod.ts";
import type { tf } from "../../runtime/mod.ts";

/** Sizes of an inter. */
export interface InterOptions {
  /** Height and width of its input, R/16. */
  readonly side: number;
  /** Channels of its input. */
  readonly from: number;
  /** Length of the code (`ae_dims`). */
  readonly code: number;
  /** Channels out: the code's length in DF, twice that in LIAE. */
  readonly to: number;
}

/**
 * DeepFaceLab's inter: two fully connected layers with nothing between them, then one upscale. It squeezes a face into
 * a code of a few hundred numbers.
 *
 * @param weights Where its weights are made.
 * @param options Sizes.
 * @returns From `[batch, side, side, from]` to `[batch, 2 * side, 2 * side, to]`.
 */
export function inter(weights: Weights, { side, from, code, to }: InterOptions): Layer4D {
  const squeeze = dense(weights.within("dense1"), side * side * from, code);
  const spread = dense(weights.within("dense2"), code, side * side * to);
  const up = upscale(weights.within("up"), to, to);
  return (x) => {
    // Channels come first in the flat code, as in DeepFaceLab, whatever the layout of the convolutions.
    const flat = x.transpose([0, 3, 1, 2]).reshape([-1, side * side * from]) as tf.Tensor2D;
    const spatial = spread(squeeze(flat)).reshape([-1, to, side, side]).transpose([0, 2, 3, 1]) as tf.Tensor4D;
    return up(spatial);
  };
}
