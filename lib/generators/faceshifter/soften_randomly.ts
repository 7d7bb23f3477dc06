import { randomUniform, saltSeed, tf } from "../../runtime/mod.ts";

/** How strongly pictures are moved and blurred. */
export interface RandomSoftness {
  /** Largest shift along each axis in pixels. Default 1. */
  readonly shift?: number;
  /** Standard deviation of the blur is drawn between 0.3 and this many pixels. Default 1. */
  readonly blur?: number;
}

/**
 * Moves each picture of a batch by a part of a pixel and blurs it, by other amounts each time: an identity encoder that
 * sees every face so cannot be pleased by patterns of single pixels. The Gaussian's weight lies within two pixels or so
 * of its centre.
 *
 * @param x `[batch, height, width, channels]`.
 * @param seed Seed, int32 `[2]`.
 * @param softness How strongly.
 * @returns Of the same shape; differentiable.
 */
export function softenRandomly(
  x: tf.Tensor4D,
  seed: tf.Tensor1D,
  { shift = 1, blur = 1 }: RandomSoftness = {},
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const deviation = randomUniform([batch, 1, 1], saltSeed(seed, 1), 0.3, Math.max(0.3, blur));
  const matrix = (size: number, salt: number) => {
    const places = tf.range(0, size);
    const offset = randomUniform([batch, 1, 1], saltSeed(seed, salt), -shift, shift);
    // Rows of a softmax add up to 1, at the border as well.
    const distance = places.reshape([1, 1, size]).sub(places.reshape([1, size, 1])).sub(offset);
    return distance.div(deviation).square().mul(-0.5).softmax();
  };
  const rows = matrix(height, 2);
  const columns = matrix(width, 3);
  const beside = x.reshape([batch, height, width * channels]);
  const upright = tf.matMul(rows, beside).reshape([batch, height, width, channels]).transpose([0, 2, 1, 3]);
  const across = tf.matMul(columns, upright.reshape([batch, width, height * channels]));
  return across.reshape([batch, width, height, channels]).transpose([0, 2, 1, 3]) as tf.Tensor4D;
}
