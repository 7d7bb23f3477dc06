/**
 * MesoInception-4: a very small network that looks at what lies between noise and meaning.
 *
 * Paper: Afchar, Nozick, Yamagishi, Echizen, "MesoNet: a Compact Facial Video Forgery Detection Network", WIFS 2018, arXiv
 * 1809.00888, figure 5.
 * Parameters: 28,615 at 256 pixels, as published.
 * Published: frame AUC 0.758 within FaceForensics++ c23, 0.697 on Celeb-DF v2 (DeepfakeBench).
 *
 * @module
 */

import { batchNorm, convolution, dense, type Weights } from "../../nn/mod.ts";
import { cannot } from "../../problem.ts";
import { addBias, convolve, leakyRelu, tf } from "../../runtime/mod.ts";
import { classifierNetwork } from "../cross_entropy.ts";
import type { DetectorEntry, TrainingMode } from "../detector.ts";
import { trainingDropout } from "../noise.ts";

/** Sizes of MesoInception-4. */
export type MesoInceptionSizes = {
  /** Side of the pictures in pixels, a multiple of 32; 256 in the paper. */
  readonly resolution: number;
  /** Dropout before each of the two last layers; 0.5 in the paper. */
  readonly dropout: number;
};

/** The entry. */
export const mesoInception: DetectorEntry<MesoInceptionSizes> = {
  name: "meso_inception",
  paper: "MesoNet, Afchar et al., WIFS 2018, arXiv 1809.00888",
  published: "frame AUC 0.758 on FaceForensics++ c23, 0.697 on Celeb-DF v2 (DeepfakeBench)",
  losses: ["cross-entropy"],
  adaptation: ["fine-tuning", "L2-SP", "self-training", "head alone"],
  sizes: {
    paper: { resolution: 256, dropout: 0.5 },
    small: { resolution: 64, dropout: 0.5 },
    tiny: { resolution: 32, dropout: 0 },
  },
  parameters: { paper: 28_615 },
  build(weights, { resolution, dropout }) {
    if (resolution % 32) throw cannot("build MesoInception-4", "a multiple of 32 pixels", String(resolution));
    const blocks = [
      inception(weights.within("inception1"), 3, [1, 4, 4, 2]),
      inception(weights.within("inception2"), 11, [2, 4, 4, 2]),
      activated(weights.within("conv3"), 12),
      activated(weights.within("conv4"), 16),
    ];
    const norms = [11, 12, 16, 16].map((channels, i) =>
      batchNorm(weights.within(`norm${i + 1}`), channels, { epsilon: 1e-3 })
    );
    const values = (resolution / 32) ** 2 * 16;
    const hidden = dense(weights.within("hidden"), values, 16);
    const head = dense(weights.within("head"), 16, 1);
    const input = { kind: "pictures", resolution, view: "rgb", normalisation: "unit" } as const;
    return classifierNetwork(input, "head/", (pictures, mode) => {
      let x = pictures as tf.Tensor4D;
      blocks.forEach((block, i) => {
        const pool = i === 3 ? 4 : 2;
        x = tf.maxPool(norms[i]!(block(x), mode?.statistics ?? "moving"), pool, pool, "same");
      });
      const flat = trainingDropout(x.reshape([-1, values]), dropout, 1, mode);
      return head(trainingDropout(leakyRelu(hidden(flat), 0.1), dropout, 2, mode));
    });
  },
};

type Block = (x: tf.Tensor4D, mode?: TrainingMode) => tf.Tensor4D;

/** A 5x5 convolution to 16 channels. */
function activated(weights: Weights, from: number): Block {
  const convolve = convolution(weights, { from, to: 16, kernel: 5 });
  return (x) => tf.relu(convolve(x));
}

/** Four branches beside each other: 1x1; 1x1 and 3x3; the same with the taps 2 and 3 pixels apart. */
function inception(weights: Weights, from: number, channels: readonly [number, number, number, number]): Block {
  const branches = channels.map((to, i) => {
    const within = weights.within(`branch${i + 1}`);
    const first = convolution(within.within("first"), { from, to, kernel: 1 });
    const second = i === 0 ? undefined : dilatedConvolution(within.within("second"), to, i);
    return (x: tf.Tensor4D) => {
      const y = tf.relu(first(x));
      return second ? tf.relu(second(y)) : y;
    };
  });
  return (x) => tf.concat(branches.map((branch) => branch(x)), 3);
}

/**
 * A 3x3 convolution with its taps apart. tfjs has no gradient for it, so the kernel is spread out with zeros between.
 *
 * @param weights Where its kernel and bias are made.
 * @param channels Channels in and out.
 * @param dilation Pixels from tap to tap, 1 to 3.
 * @returns The layer.
 */
export function dilatedConvolution(weights: Weights, channels: number, dilation: number): Block {
  const filter = weights.make("kernel", [3, 3, channels, channels], "glorot_uniform") as tf.Variable<tf.Rank.R4>;
  const offset = weights.make("bias", [channels], "zeros");
  return (x) => addBias(convolve(x, spread(spread(filter, 0, dilation), 1, dilation)), offset);
}

function spread(filter: tf.Tensor4D, axis: 0 | 1, dilation: number): tf.Tensor4D {
  if (dilation === 1) return filter;
  const [a, b, c] = tf.split(filter, 3, axis) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  const shape = a.shape.slice() as [number, number, number, number];
  shape[axis] = dilation - 1;
  const gap = tf.zeros(shape);
  return tf.concat([a, gap, b, gap, c], axis) as tf.Tensor4D;
}
