import { convolution, residualBlock, upscale, type Weights } from "../../nn/mod.ts";
import type { tf } from "../../runtime/mod.ts";

/** What a decoder predicts. */
export interface Prediction {
  /** The face, `[batch, R, R, 3]` in [0, 1]. */
  readonly face: tf.Tensor4D;
  /** Where the face is, `[batch, R, R, 1]` in [0, 1]. */
  readonly mask: tf.Tensor4D;
}

/** Sizes of a decoder. */
export interface DecoderOptions {
  /** Channels of its input. */
  readonly from: number;
  /** Channels of the last stage of the face branch (`d_dims`); the stages before it have twice and four times as many. */
  readonly channels: number;
  /** The same for the mask branch (`d_mask_dims`). */
  readonly maskChannels: number;
}

/**
 * DeepFaceLab's decoder (without the options `d` and `t`): three upscales with a residual block after each for the face,
 * three plain ones for the mask, each ending in a 1x1 convolution and a sigmoid.
 *
 * @param weights Where its weights are made.
 * @param options Sizes.
 * @returns From `[batch, R/8, R/8, from]` to a face and a mask of side R.
 */
export function decoder(
  weights: Weights,
  { from, channels, maskChannels }: DecoderOptions,
): (x: tf.Tensor4D) => Prediction {
  const up1 = upscale(weights.within("up1"), from, channels * 8);
  const block1 = residualBlock(weights.within("block1"), channels * 8);
  const up2 = upscale(weights.within("up2"), channels * 8, channels * 4);
  const block2 = residualBlock(weights.within("block2"), channels * 4);
  const up3 = upscale(weights.within("up3"), channels * 4, channels * 2);
  const block3 = residualBlock(weights.within("block3"), channels * 2);
  const face = convolution(weights.within("face"), { from: channels * 2, to: 3, kernel: 1 });

  const maskUp1 = upscale(weights.within("mask_up1"), from, maskChannels * 8);
  const maskUp2 = upscale(weights.within("mask_up2"), maskChannels * 8, maskChannels * 4);
  const maskUp3 = upscale(weights.within("mask_up3"), maskChannels * 4, maskChannels * 2);
  const mask = convolution(weights.within("mask"), { from: maskChannels * 2, to: 1, kernel: 1 });

  return (x) => ({
    face: face(block3(up3(block2(up2(block1(up1(x))))))).sigmoid(),
    mask: mask(maskUp3(maskUp2(maskUp1(x)))).sigmoid(),
  });
}
