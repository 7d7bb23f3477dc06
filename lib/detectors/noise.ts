import { dropout, randomUniform, saltSeed, tf } from "../runtime/mod.ts";
import type { TrainingMode } from "./detector.ts";

/**
 * Stochastic depth (Huang et al., arXiv 1603.09382; EfficientNet calls it drop connect): a residual branch is left out for
 * some pictures of a training batch, and scaled up for the others by as much.
 *
 * @param branch `[batch, height, width, channels]`, before the shortcut is added.
 * @param rate Share of pictures without it, in [0, 1).
 * @param salt A number of the branch's own.
 * @param mode Training, or none: then the branch stays as it is.
 * @returns Of the same shape.
 */
export function stochasticDepth(branch: tf.Tensor4D, rate: number, salt: number, mode?: TrainingMode): tf.Tensor4D {
  if (!mode || rate === 0) return branch;
  const kept = randomUniform([branch.shape[0], 1, 1, 1], saltSeed(mode.seed, salt)).greaterEqual(rate).toFloat();
  return branch.mul(kept.div(1 - rate));
}

/**
 * Dropout in training.
 *
 * @param x `[batch, values]`.
 * @param rate Share of values to zero, in [0, 1).
 * @param salt A number of the layer's own.
 * @param mode Training, or none: then x stays as it is.
 * @returns Of the same shape.
 */
export function trainingDropout(x: tf.Tensor2D, rate: number, salt: number, mode?: TrainingMode): tf.Tensor2D {
  return mode && rate > 0 ? dropout(x, rate, saltSeed(mode.seed, salt)) : x;
}
