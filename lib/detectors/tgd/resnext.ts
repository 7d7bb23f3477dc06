/**
 * ResNeXt-50 (32x4d) as T-GD trains it: group normalisation (8 groups) in the place of batch normalisation, every
 * convolution's kernel standardised.
 *
 * Papers: T-GD, Jeon, Bang, Kim, Woo, ICML 2020, arXiv 2008.04115; ResNeXt, Xie et al., arXiv 1611.05431, table 1.
 * Parameters: 22,984,002 (`resnext50`, two outputs), 0.16 M (`small`).
 * Published: validation AUROC from StarGAN to PGGAN, target / source: 1.000 / 0.963 after T-GD (the authors' notebooks).
 *
 * @module
 */

import { dense, groupNorm, type Layer4D, type Weights } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";
import { classifierNetwork } from "../cross_entropy.ts";
import type { DetectorEntry, TrainingMode } from "../detector.ts";
import { stochasticDepth, trainingDropout } from "../noise.ts";
import { normalisePictures } from "../normalise.ts";
import { standardisedConvolution } from "./standardised_convolution.ts";

/** Sizes of a ResNeXt. */
export type ResNeXtSizes = {
  /** Side of the pictures in pixels. */
  readonly resolution: number;
  /** Groups of each 3x3 convolution; 32 in ResNeXt-50. */
  readonly cardinality: number;
  /** Channels of a group in the first stage; 4 in ResNeXt-50. They double from stage to stage. */
  readonly group_width: number;
  /** Channels that the first stage gives; 256 in ResNeXt-50. They double from stage to stage. */
  readonly channels: number;
  /** Blocks of each stage. */
  readonly blocks: readonly number[];
  /** 2: the first convolution is 7x7 with stride 2, and a pool follows, as published. 1: it is 3x3, and none. */
  readonly stem: number;
  /** Dropout before the last layer. */
  readonly dropout: number;
  /** Stochastic depth of the last block; it grows from 0 along the network. */
  readonly drop_connect: number;
};

/** The entry. */
export const resNeXt: DetectorEntry<ResNeXtSizes> = {
  name: "resnext",
  paper: "T-GD, Jeon et al., ICML 2020, arXiv 2008.04115; ResNeXt, Xie et al., arXiv 1611.05431",
  published: "AUROC of StarGAN to PGGAN, target / source: 1.000 / 0.963 (validation, the authors' notebooks)",
  losses: ["cross-entropy"],
  adaptation: ["fine-tuning", "L2-SP", "self-training", "head alone"],
  sizes: {
    resnext50: {
      ...{ resolution: 128, cardinality: 32, group_width: 4, channels: 256, blocks: [3, 4, 6, 3], stem: 2 },
      ...{ dropout: 0.2, drop_connect: 0.2 },
    },
    small: {
      ...{ resolution: 64, cardinality: 4, group_width: 4, channels: 32, blocks: [1, 1, 1, 1], stem: 1 },
      ...{ dropout: 0.2, drop_connect: 0.2 },
    },
    tiny: {
      ...{ resolution: 16, cardinality: 2, group_width: 4, channels: 32, blocks: [1, 1], stem: 1 },
      ...{ dropout: 0, drop_connect: 0 },
    },
  },
  parameters: { resnext50: 22_984_002 },
  build(weights, { resolution, cardinality, group_width, channels, blocks, stem, dropout, drop_connect }) {
    const base = channels / 4;
    const first = normalised(weights.within("stem"), {
      ...{ from: 3, to: base, kernel: stem === 2 ? 7 : 3, stride: stem },
    });
    const layers: ((x: tf.Tensor4D, mode?: TrainingMode) => tf.Tensor4D)[] = [];
    const count = blocks.reduce((sum, repeats) => sum + repeats, 0);
    let from = base;
    blocks.forEach((repeats, stage) => {
      const to = channels * 2 ** stage;
      for (let i = 0; i < repeats; i++) {
        layers.push(bottleneck(weights.within(`stage${stage + 1}/block${i + 1}`), {
          ...{ from, inner: cardinality * group_width * 2 ** stage, to, groups: cardinality },
          ...{ stride: i === 0 && stage > 0 ? 2 : 1, drop: drop_connect * layers.length / count, salt: layers.length },
        }));
        from = to;
      }
    });
    const head = dense(weights.within("head"), from, 2);
    const input = { kind: "pictures", resolution, view: "rgb", normalisation: "imagenet" } as const;
    return classifierNetwork(input, "head/", (pictures, mode) => {
      let x = first(normalisePictures(pictures as tf.Tensor4D, input.normalisation)).relu() as tf.Tensor4D;
      if (stem === 2) x = tf.maxPool(x, 3, 2, "same");
      for (const layer of layers) x = layer(x, mode);
      return head(trainingDropout(x.mean([1, 2]) as tf.Tensor2D, dropout, 1000, mode));
    });
  },
};

function normalised(weights: Weights, options: Parameters<typeof standardisedConvolution>[1]): Layer4D {
  const convolve = standardisedConvolution(weights, options);
  const normalise = groupNorm(weights.within("norm"), options.to);
  return (x) => normalise(convolve(x));
}

/** Narrow, convolve in groups, widen, beside a shortcut. */
function bottleneck(
  weights: Weights,
  { from, inner, to, groups, stride, drop, salt }: {
    readonly from: number;
    readonly inner: number;
    readonly to: number;
    readonly groups: number;
    readonly stride: number;
    readonly drop: number;
    readonly salt: number;
  },
): (x: tf.Tensor4D, mode?: TrainingMode) => tf.Tensor4D {
  const narrow = normalised(weights.within("narrow"), { from, to: inner, kernel: 1 });
  const grouped = normalised(weights.within("grouped"), { from: inner, to: inner, stride, groups });
  const widen = normalised(weights.within("widen"), { from: inner, to, kernel: 1 });
  const shortcut = from === to && stride === 1
    ? undefined
    : normalised(weights.within("shortcut"), { from, to, kernel: 1, stride });
  return (x, mode) => {
    const branch = widen(tf.relu(grouped(tf.relu(narrow(x)))));
    // Without a shortcut of its own weights only: a stage's first block cannot be left out.
    const kept = shortcut ? branch : stochasticDepth(branch, drop, salt, mode);
    return kept.add(shortcut ? shortcut(x) : x).relu() as tf.Tensor4D;
  };
}
