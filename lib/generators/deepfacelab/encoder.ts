import { downscale, type Layer4D, residualBlock, type Weights } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";
import type { Plan } from "./sizes.ts";

/**
 * DeepFaceLab's encoder (`DeepFakeArchi.py`): four 5x5 convolutions with stride 2, each doubling the channels; with `t`
 * five, with a residual block after the first and the last; with `u` the code's mean square is brought to 1.
 *
 * @param weights Where its weights are made.
 * @param plan Sizes.
 * @returns From `[batch, R, R, 3]` to `[batch, R/16, R/16, 8 * encoder]`, with `t` of side R/32.
 */
export function encoder(weights: Weights, { encoder: e, deep, pixelNorm }: Plan): Layer4D {
  const channels = deep ? [e, e * 2, e * 4, e * 8, e * 8] : [e, e * 2, e * 4, e * 8];
  const layers: Layer4D[] = [];
  channels.forEach((to, i) => {
    layers.push(downscale(weights.within(`down${i + 1}`), channels[i - 1] ?? 3, to));
    if (deep && (i === 0 || i === channels.length - 1)) {
      layers.push(residualBlock(weights.within(`block${i + 1}`), to));
    }
  });
  return (x) => {
    const code = layers.reduce((y, layer) => layer(y), x);
    // The mean over the flat code, so over places and channels.
    return pixelNorm ? code.mul(code.square().mean([1, 2, 3], true).add(1e-6).rsqrt()) as tf.Tensor4D : code;
  };
}
