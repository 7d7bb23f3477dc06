/**
 * Xception, the standard baseline of face forgery detection.
 *
 * Papers: Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", CVPR 2017, arXiv 1610.02357, figure 5;
 * on forgeries: Roessler et al., "FaceForensics++", ICCV 2019, arXiv 1901.08971.
 * Parameters: 20,811,050 (`paper`, two outputs), 0.19 M (`small`).
 * Published: frame AUC 0.964 within FaceForensics++ c23, 0.737 on Celeb-DF v2 (DeepfakeBench).
 *
 * @module
 */

import { batchNorm, convolution, dense, depthwiseConvolution, type Weights } from "../../nn/mod.ts";
import { cannot } from "../../problem.ts";
import { tf } from "../../runtime/mod.ts";
import { classifierNetwork } from "../cross_entropy.ts";
import type { DetectorEntry, TrainingMode } from "../detector.ts";
import { trainingDropout } from "../noise.ts";
import { normalisePictures } from "../normalise.ts";

/** Sizes of an Xception. */
export type XceptionSizes = {
  /** Side of the pictures in pixels. */
  readonly resolution: number;
  /** Factor on all channels; 1 in the paper. */
  readonly width: number;
  /** Blocks of the middle flow; 8 in the paper. */
  readonly middle: number;
  /** Stride of the first convolution: 2 in the paper; 1 keeps more of small pictures. */
  readonly stem: number;
  /** Dropout before the last layer; 0.5 in the paper. */
  readonly dropout: number;
};

/** The entry. */
export const xception: DetectorEntry<XceptionSizes> = {
  name: "xception",
  paper: "Xception, Chollet, CVPR 2017, arXiv 1610.02357; FaceForensics++, Roessler et al., ICCV 2019",
  published: "frame AUC 0.964 on FaceForensics++ c23, 0.737 on Celeb-DF v2 (DeepfakeBench)",
  losses: ["cross-entropy"],
  adaptation: ["fine-tuning", "L2-SP", "self-training", "head alone"],
  sizes: {
    paper: { resolution: 256, width: 1, middle: 8, stem: 2, dropout: 0.5 },
    small: { resolution: 64, width: 0.125, middle: 2, stem: 1, dropout: 0.5 },
    tiny: { resolution: 32, width: 0.02, middle: 1, stem: 1, dropout: 0 },
  },
  parameters: { paper: 20_811_050 },
  build(weights, { resolution, width, middle, stem, dropout }) {
    if (!(width > 0)) throw cannot("build Xception", "a width above 0", String(width));
    const wide = (channels: number) => Math.max(4, Math.round(channels * width));
    const first = normalised(weights.within("conv1"), { from: 3, to: wide(32), stride: stem });
    const second = normalised(weights.within("conv2"), { from: wide(32), to: wide(64) });
    const flow: Layer[] = [];
    const add = (widths: readonly number[], options: { readonly stride?: number; readonly activated?: boolean }) =>
      flow.push(residual(weights.within(`block${flow.length + 1}`), widths.map(wide), options));
    add([64, 128, 128], { stride: 2, activated: false });
    add([128, 256, 256], { stride: 2 });
    add([256, 728, 728], { stride: 2 });
    for (let i = 0; i < middle; i++) add([728, 728, 728, 728], {});
    add([728, 728, 1024], { stride: 2 });
    const third = separable(weights.within("conv3"), wide(1024), wide(1536));
    const fourth = separable(weights.within("conv4"), wide(1536), wide(2048));
    const head = dense(weights.within("head"), wide(2048), 2);
    const input = { kind: "pictures", resolution, view: "rgb", normalisation: "symmetric" } as const;
    return classifierNetwork(input, "head/", (pictures, mode) => {
      let x = normalisePictures(pictures as tf.Tensor4D, input.normalisation);
      x = tf.relu(second(tf.relu(first(x, mode)), mode));
      for (const block of flow) x = block(x, mode);
      x = tf.relu(fourth(tf.relu(third(x, mode)), mode));
      return head(trainingDropout(x.mean([1, 2]) as tf.Tensor2D, dropout, 1, mode));
    });
  },
};

type Layer = (x: tf.Tensor4D, mode?: TrainingMode) => tf.Tensor4D;

/** A convolution without zeros around it, as the first two are, and batch normalisation. */
function normalised(
  weights: Weights,
  options: { readonly from: number; readonly to: number; readonly kernel?: number; readonly stride?: number },
): Layer {
  const convolve = convolution(weights, { pad: 0, bias: false, ...options });
  return withNorm(weights, options.to, convolve);
}

/** A 3x3 convolution of each channel, a 1x1 convolution, and batch normalisation; nothing between the first two. */
function separable(weights: Weights, from: number, to: number): Layer {
  const depthwise = depthwiseConvolution(weights.within("depthwise"), { channels: from });
  const pointwise = convolution(weights.within("pointwise"), { from, to, kernel: 1, bias: false });
  return withNorm(weights, to, (x) => pointwise(depthwise(x)));
}

function withNorm(weights: Weights, channels: number, layer: (x: tf.Tensor4D) => tf.Tensor4D): Layer {
  const normalise = batchNorm(weights.within("norm"), channels, { epsilon: 1e-3 });
  return (x, mode) => normalise(layer(x), mode?.statistics ?? "moving");
}

/** Separable convolutions beside a shortcut, which is a 1x1 convolution where the block halves the resolution. */
function residual(
  weights: Weights,
  widths: readonly number[],
  { stride = 1, activated = true }: { readonly stride?: number; readonly activated?: boolean },
): Layer {
  const layers = widths.slice(1).map((to, i) => separable(weights.within(`conv${i + 1}`), widths[i]!, to));
  const shortcut = stride > 1
    ? normalised(weights.within("shortcut"), { from: widths[0]!, to: widths.at(-1)!, kernel: 1, stride })
    : undefined;
  return (x, mode) => {
    let y = x;
    layers.forEach((layer, i) => y = layer(i > 0 || activated ? tf.relu(y) : y, mode));
    if (!shortcut) return y.add(x);
    return tf.maxPool(y, 3, stride, "same").add(shortcut(x, mode));
  };
}
