import { addBias, tf } from "../runtime/mod.ts";
import type { Layer4D } from "./layers.ts";
import type { Weights } from "./weights.ts";

/**
 * A transposed convolution with stride 2 (Zeiler et al. 2010): the adjoint of TensorFlow's "same" convolution, which is the
 * padding whose gradients are fast. Pixel i of the input is spread over pixels 2i to 2i + kernel - 1 of the output for a
 * kernel of 3, and what falls off the end is cut.
 *
 * @param weights Where its kernel `[kernel, kernel, to, from]` and bias `[to]` are made.
 * @param options `from` and `to`: channels in and out; `kernel`: height and width, default 3.
 * @returns From `[batch, H, W, from]` to `[batch, 2H, 2W, to]`.
 */
export function transposedConvolution(
  weights: Weights,
  { from, to, kernel = 3 }: { readonly from: number; readonly to: number; readonly kernel?: number },
): Layer4D {
  const filter = weights.make("kernel", [kernel, kernel, to, from], "glorot_uniform") as tf.Variable<tf.Rank.R4>;
  const offset = weights.make("bias", [to], "zeros");
  return (x) => {
    const [batch, height, width] = x.shape;
    return addBias(tf.conv2dTranspose(x, filter, [batch, height * 2, width * 2, to], 2, "same"), offset);
  };
}
