/**
 * EfficientNet-B0 as T-GD trains it: group normalisation (8 groups) in the place of batch normalisation, and every
 * convolution's kernel standardised, those of the squeeze and excitation among them.
 *
 * Papers: T-GD, Jeon, Bang, Kim, Woo, ICML 2020, arXiv 2008.04115; EfficientNet, Tan and Le, arXiv 1905.11946, table 1.
 * Parameters: 4,010,110 (`b0`, two outputs), 0.20 M (`small`).
 * Published: validation AUROC from PGGAN to StarGAN, target / source: 0.926 / 0.999 after T-GD, 0.874 / 1.000 after plain
 * fine-tuning (the authors' notebooks).
 * Padding is symmetric, as in torchvision; the authors' code pads as TensorFlow does, one pixel more on the right.
 *
 * @module
 */

import { dense, groupNorm, type Layer4D, type Weights } from "../../nn/mod.ts";
import { cannot } from "../../problem.ts";
import { tf } from "../../runtime/mod.ts";
import { classifierNetwork } from "../cross_entropy.ts";
import type { DetectorEntry, TrainingMode } from "../detector.ts";
import { stochasticDepth, trainingDropout } from "../noise.ts";
import { normalisePictures } from "../normalise.ts";
import { standardisedConvolution, standardisedDepthwise } from "./standardised_convolution.ts";

/** Sizes of an EfficientNet. */
export type EfficientNetSizes = {
  /** Side of the pictures in pixels. */
  readonly resolution: number;
  /** Factor on all channels; 1 in B0. */
  readonly width: number;
  /** Factor on the blocks of each stage, rounded up; 1 in B0. */
  readonly depth: number;
  /** Stride of the first convolution: 2 in B0; 1 keeps more of small pictures. */
  readonly stem: number;
  /** Dropout before the last layer. */
  readonly dropout: number;
  /** Stochastic depth of the last block; it grows from 0 along the network. */
  readonly drop_connect: number;
};

/** Expansion, kernel, stride, channels, blocks of each stage (arXiv 1905.11946, table 1). */
const STAGES = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
] as const;

/** The entry. */
export const efficientNet: DetectorEntry<EfficientNetSizes> = {
  name: "efficient_net",
  paper: "T-GD, Jeon et al., ICML 2020, arXiv 2008.04115; EfficientNet, Tan and Le, arXiv 1905.11946",
  published: "AUROC of PGGAN to StarGAN, target / source: 0.926 / 0.999 (validation, the authors' notebooks)",
  losses: ["cross-entropy"],
  adaptation: ["fine-tuning", "L2-SP", "self-training", "head alone"],
  sizes: {
    b0: { resolution: 128, width: 1, depth: 1, stem: 2, dropout: 0.2, drop_connect: 0.2 },
    small: { resolution: 64, width: 0.25, depth: 0.5, stem: 1, dropout: 0.2, drop_connect: 0.2 },
    tiny: { resolution: 32, width: 0.1, depth: 0.1, stem: 1, dropout: 0, drop_connect: 0 },
  },
  parameters: { b0: 4_010_110 },
  build(weights, { resolution, width, depth, stem, dropout, drop_connect }) {
    if (!(depth > 0 && width > 0)) throw cannot("build EfficientNet", "factors above 0", `${width} and ${depth}`);
    const round = (channels: number) => roundChannels(channels * width);
    const first = normalised(weights.within("stem"), 3, round(32), { stride: stem });
    const blocks: ((x: tf.Tensor4D, mode?: TrainingMode) => tf.Tensor4D)[] = [];
    const count = STAGES.reduce((sum, [, , , , repeats]) => sum + Math.ceil(repeats * depth), 0);
    let from = round(32);
    STAGES.forEach(([expansion, kernel, stride, channels, repeats], stage) => {
      for (let i = 0; i < Math.ceil(repeats * depth); i++) {
        const place = blocks.length;
        blocks.push(invertedBottleneck(weights.within(`stage${stage + 1}/block${i + 1}`), {
          ...{ from, to: round(channels), expansion, kernel, stride: i === 0 ? stride : 1 },
          ...{ drop: drop_connect * place / count, salt: place },
        }));
        from = round(channels);
      }
    });
    const last = normalised(weights.within("top"), from, round(1280), { kernel: 1 });
    const head = dense(weights.within("head"), round(1280), 2);
    const input = { kind: "pictures", resolution, view: "rgb", normalisation: "imagenet" } as const;
    return classifierNetwork(input, "head/", (pictures, mode) => {
      let x = swish(first(normalisePictures(pictures as tf.Tensor4D, input.normalisation)));
      for (const block of blocks) x = block(x, mode);
      return head(trainingDropout(swish(last(x)).mean([1, 2]) as tf.Tensor2D, dropout, 1000, mode));
    });
  },
};

/** Channels in multiples of 8, never under nine tenths of what is asked for (EfficientNet's rule). */
function roundChannels(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

const swish = (x: tf.Tensor4D): tf.Tensor4D => x.mul(tf.sigmoid(x));

function normalised(
  weights: Weights,
  from: number,
  to: number,
  options: { readonly kernel?: number; readonly stride?: number } = {},
): Layer4D {
  const convolve = standardisedConvolution(weights, { from, to, ...options });
  const normalise = groupNorm(weights.within("norm"), to);
  return (x) => normalise(convolve(x));
}

/** Widen, convolve each channel, weigh the channels, narrow; a shortcut where sizes agree. */
function invertedBottleneck(
  weights: Weights,
  { from, to, expansion, kernel, stride, drop, salt }: {
    readonly from: number;
    readonly to: number;
    readonly expansion: number;
    readonly kernel: number;
    readonly stride: number;
    readonly drop: number;
    readonly salt: number;
  },
): (x: tf.Tensor4D, mode?: TrainingMode) => tf.Tensor4D {
  const inner = from * expansion;
  const widen = expansion > 1 ? normalised(weights.within("widen"), from, inner, { kernel: 1 }) : undefined;
  const depthwise = standardisedDepthwise(weights.within("depthwise"), { channels: inner, kernel, stride });
  const normalise = groupNorm(weights.within("depthwise/norm"), inner);
  const weigh = squeezeExcitation(weights.within("squeeze"), inner, Math.max(4, Math.floor(from / 4)));
  const narrow = normalised(weights.within("narrow"), inner, to, { kernel: 1 });
  return (x, mode) => {
    const wide = widen ? swish(widen(x)) : x;
    const y = narrow(weigh(swish(normalise(depthwise(wide)))));
    return stride === 1 && from === to ? stochasticDepth(y, drop, salt, mode).add(x) : y;
  };
}

/** Squeeze and excitation (Hu et al., arXiv 1709.01507): each channel times a number that the whole picture decides. */
function squeezeExcitation(weights: Weights, channels: number, squeezed: number): Layer4D {
  const reduce = standardisedConvolution(weights.within("reduce"), {
    ...{ from: channels, to: squeezed, kernel: 1, bias: true },
  });
  const expand = standardisedConvolution(weights.within("expand"), {
    ...{ from: squeezed, to: channels, kernel: 1, bias: true },
  });
  return (x) => x.mul(tf.sigmoid(expand(swish(reduce(x.mean([1, 2], true) as tf.Tensor4D)))));
}
