import { downscale, type Layer4D, type Weights } from "../../nn/mod.ts";

/**
 * DeepFaceLab's encoder (`DeepFakeArchi.py`, without the option `t`): four 5x5 convolutions with stride 2.
 *
 * @param weights Where its weights are made.
 * @param channels Channels after the first convolution (`e_dims`); they double at each of the next three.
 * @returns From `[batch, R, R, 3]` to `[batch, R/16, R/16, 8 * channels]`.
 */
export function encoder(weights: Weights, channels: number): Layer4D {
  const down1 = downscale(weights.within("down1"), 3, channels);
  const down2 = downscale(weights.within("down2"), channels, channels * 2);
  const down3 = downscale(weights.within("down3"), channels * 2, channels * 4);
  const down4 = downscale(weights.within("down4"), channels * 4, channels * 8);
  return (x) => down4(down3(down2(down1(x))));
}
