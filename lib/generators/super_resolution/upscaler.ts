/**
 * A network that doubles the resolution of faces: bicubic enlargement plus the detail that it adds.
 *
 * Papers: EDSR, Lim et al., arXiv 1707.02921 (residual blocks without normalisation, a long skip over all of them); ESPCN,
 * Shi et al., arXiv 1609.05158 (everything at the low resolution, pixel shuffle at the end); VDSR, Kim et al., arXiv
 * 1511.04587 (the network learns only what bicubic enlargement lacks). Leaky ReLU 0.2 in place of ReLU.
 *
 * Layers, C channels, B blocks: conv3 3->C; B times (conv3 C->C, leaky ReLU, conv3 C->C, plus the block's input); conv3
 * C->C, plus the first layer's output; conv3 C->12; pixel shuffle 2; plus bicubic. The last convolution begins at 0, so
 * that an untrained network is bicubic enlargement.
 * Parameters: 0.125 M (C32 B6).
 *
 * DeepFaceLab sharpens its swaps with a x4 FaceEnhancer in the same place; this network is not that one.
 *
 * @module
 */

import { resizeMatrix } from "../../image/mod.ts";
import { convolution, type Layer4D, newWeights, type Weights } from "../../nn/mod.ts";
import { addBias, convolve, depthToSpace, leakyRelu, tf } from "../../runtime/mod.ts";

/** Sizes of the network. */
export interface UpscalerSizes {
  /** Channels of every layer but the last. */
  readonly channels: number;
  /** Residual blocks. */
  readonly blocks: number;
}

/** Sizes that have a name. */
export const upscalerSizes = {
  /** 0.125 M parameters. */
  small: { channels: 32, blocks: 6 },
} as const satisfies Record<string, UpscalerSizes>;

/** A network that doubles the resolution. */
export interface UpscalerModel {
  /** The model's name in the registry. */
  readonly name: "super_resolution";
  readonly sizes: UpscalerSizes;
  readonly weights: Weights;
  /**
   * Doubles the resolution.
   *
   * @param faces `[batch, height, width, 3]` in [0, 1].
   * @returns `[batch, 2 height, 2 width, 3]`; values may lie a little outside of [0, 1].
   */
  upscale(faces: tf.Tensor4D): tf.Tensor4D;
}

/**
 * Builds the network.
 *
 * @example A face of 64 pixels becomes one of 128
 * ```ts
 * import { upscaler, upscalerSizes } from "doppel/generators/mod.ts";
 * import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
 *
 * await useTensorFlow();
 * const model = upscaler(upscalerSizes.small, 1);
 * model.upscale(tf.zeros([1, 64, 64, 3])).shape; // [1, 128, 128, 3]
 * ```
 *
 * @param sizes Channels and blocks, see {@linkcode upscalerSizes}.
 * @param seed Seed of the first weights.
 * @returns The model.
 */
export function upscaler(sizes: UpscalerSizes, seed: number): UpscalerModel {
  const { channels, blocks } = sizes;
  const weights = newWeights(seed);
  const head = convolution(weights.within("head"), { from: 3, to: channels });
  const body = Array.from({ length: blocks }, (_, i) => block(weights.within(`block${i + 1}`), channels));
  const last = convolution(weights.within("body_end"), { from: channels, to: channels });
  const detail = zeroConvolution(weights.within("detail"), channels, 12);

  return {
    name: "super_resolution",
    sizes,
    weights,
    upscale(faces) {
      const first = head(faces.sub(0.5) as tf.Tensor4D);
      const deep = body.reduce((x, layer) => layer(x), first);
      return bicubic(faces).add(depthToSpace(detail(last(deep).add(first) as tf.Tensor4D), 2)) as tf.Tensor4D;
    },
  };
}

function block(weights: Weights, channels: number): Layer4D {
  const conv1 = convolution(weights.within("conv1"), { from: channels, to: channels });
  const conv2 = convolution(weights.within("conv2"), { from: channels, to: channels });
  return (x) => x.add(conv2(leakyRelu(conv1(x), 0.2)));
}

function zeroConvolution(weights: Weights, from: number, to: number): Layer4D {
  const kernel = weights.make("kernel", [3, 3, from, to], "zeros") as tf.Variable<tf.Rank.R4>;
  const bias = weights.make("bias", [to], "zeros");
  return (x) => addBias(convolve(x, kernel, 1, 1), bias);
}

/** What `resizePicture` with `bicubic` gives before it clips: a product with a matrix from either side. */
function bicubic(x: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const rows = tf.tensor2d(resizeMatrix(height, 2 * height, "bicubic"), [2 * height, height]);
  const columns = tf.tensor2d(resizeMatrix(width, 2 * width, "bicubic"), [2 * width, width]);
  const planes = x.transpose([0, 3, 1, 2]).reshape([batch * channels * height, width]);
  const wide = planes.matMul(columns, false, true).reshape([batch * channels, height, 2 * width]);
  return tf.matMul(rows.expandDims(0).tile([batch * channels, 1, 1]), wide)
    .reshape([batch, channels, 2 * height, 2 * width]).transpose([0, 2, 3, 1]) as tf.Tensor4D;
}
