/**
 * XSeg: a U-Net that tells which pixels of an aligned face are face, learned from hand-made masks.
 *
 * Paper: DeepFaceLab, Perov et al., arXiv 2005.05535; sizes as in its `core/leras/models/XSeg.py`: blocks of a 3x3
 * convolution, filter response normalisation and a thresholded linear unit; blur pools (Zhang 2019) between the levels; at
 * the bottom everything goes through one code; transposed convolutions back up, each beside what the same level gave on the
 * way down.
 * Parameters: 0.58 M (small), 17.6 M (paper).
 *
 * @module
 */

import {
  blurPool,
  convolution,
  dense,
  filterResponseNorm,
  type Layer4D,
  newWeights,
  thresholdedLinear,
  transposedConvolution,
  type Weights,
} from "../nn/mod.ts";
import { cannot } from "../problem.ts";
import type { tf } from "../runtime/mod.ts";

/** Sizes of the network. */
export interface XSegSizes {
  /** Side of the aligned faces in pixels, a multiple of two to the power of the levels. */
  readonly resolution: number;
  /** Channels at full resolution; they double at each level, up to eight times as many. */
  readonly base: number;
  /** How often the resolution is halved, 1 to 6. */
  readonly levels: number;
  /** Values of the code at the bottom. */
  readonly code: number;
}

/** Named sizes: `paper` as published, `small` to be trained in a minute or two on two processor cores. */
export const xsegSizes = {
  small: { resolution: 64, base: 8, levels: 4, code: 128 },
  paper: { resolution: 256, base: 32, levels: 6, code: 512 },
} as const satisfies Record<string, XSegSizes>;

/** A segmentation network. */
export interface XSeg {
  readonly name: "xseg";
  readonly sizes: XSegSizes;
  readonly weights: Weights;
  /**
   * Predicts masks before the sigmoid.
   *
   * @param faces `[batch, R, R, 3]` in [0, 1].
   * @returns `[batch, R, R, 1]`; above 0 is face.
   */
  logits(faces: tf.Tensor4D): tf.Tensor4D;
}

/** Convolutions and taps of the blur pool at each level, from full resolution on. */
const LEVELS = [
  { convolutions: 2, blur: 4 },
  { convolutions: 2, blur: 3 },
  { convolutions: 2, blur: 2 },
  { convolutions: 3, blur: 2 },
  { convolutions: 3, blur: 2 },
  { convolutions: 3, blur: 2 },
] as const;

/**
 * Builds an XSeg.
 *
 * @example The small size, with fresh weights
 * ```ts
 * import { xseg, xsegSizes } from "doppel/faces/mod.ts";
 *
 * const model = xseg(xsegSizes.small, 1);
 * ```
 *
 * @param sizes Sizes of the network.
 * @param seed Seed of the first weights.
 * @returns The network.
 * @throws {Problem} When the resolution cannot be halved so often, or there are no such levels.
 */
export function xseg(sizes: XSegSizes, seed: number): XSeg {
  const { resolution, base, levels, code } = sizes;
  if (!(Number.isInteger(levels) && levels >= 1 && levels <= LEVELS.length)) {
    throw cannot("build XSeg", `1 to ${LEVELS.length} levels`, String(levels));
  }
  if (!(resolution > 0 && resolution % 2 ** levels === 0)) {
    throw cannot("build XSeg", `a resolution that is a multiple of ${2 ** levels}`, String(resolution));
  }
  const weights = newWeights(seed);
  const widths = LEVELS.slice(0, levels).map((_, level) => base * Math.min(8, 2 ** level));
  const down = widths.map((width, level) =>
    convolutions(weights.within(`down${level}`), level === 0 ? 3 : widths[level - 1]!, width, level)
  );
  const pools = widths.map((_, level) => blurPool(LEVELS[level]!.blur));

  const side = resolution / 2 ** levels;
  const deepest = widths.at(-1)!;
  const toCode = dense(weights.within("code"), side * side * deepest, code);
  const fromCode = dense(weights.within("decode"), code, side * side * deepest);

  const up = widths.map((width, level) => {
    const within = weights.within(`up${level}`);
    const raised = base * Math.min(4, 2 ** level);
    const raise = transposedConvolution(within.within("raise"), { from: widths[level + 1] ?? deepest, to: raised });
    const activate = normalised(within.within("raise"), raised);
    return {
      raise: (x: tf.Tensor4D) => activate(raise(x)),
      refine: convolutions(within, raised + width, width, level),
    };
  });
  const out = convolution(weights.within("mask"), { from: base, to: 1 });

  return {
    name: "xseg",
    sizes,
    weights,
    logits(faces) {
      const skips: tf.Tensor4D[] = [];
      let x = faces;
      for (let level = 0; level < levels; level++) {
        const y = down[level]!(x);
        skips.push(y);
        x = pools[level]!(y);
      }
      x = fromCode(toCode(x.reshape([-1, side * side * deepest]))).reshape([-1, side, side, deepest]);
      for (let level = levels - 1; level >= 0; level--) {
        const { raise, refine } = up[level]!;
        x = refine(raise(x).concat(skips[level]!, 3));
      }
      return out(x);
    },
  };
}

/** The blocks of one level, the first of which changes the number of channels. */
function convolutions(weights: Weights, from: number, to: number, level: number): Layer4D {
  const blocks = Array.from({ length: LEVELS[level]!.convolutions }, (_, i) => {
    const within = weights.within(`conv${i + 1}`);
    const conv = convolution(within, { from: i === 0 ? from : to, to });
    const activate = normalised(within, to);
    return (x: tf.Tensor4D) => activate(conv(x));
  });
  return (x) => blocks.reduce((y, block) => block(y), x);
}

function normalised(weights: Weights, channels: number): Layer4D {
  const norm = filterResponseNorm(weights, channels);
  const threshold = thresholdedLinear(weights, channels);
  return (x) => threshold(norm(x));
}
