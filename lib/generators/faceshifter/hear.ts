/**
 * HEAR-Net, FaceShifter's second stage: it brings back what the first stage has lost of the target photograph, above all
 * what lies before the face (hands, hair, glasses, text).
 *
 * Paper: FaceShifter, Li et al., arXiv 1912.13457, section 3.2. The heuristic error dY = X_t - AEI(X_t, X_t) is what the
 * first stage cannot make again even when it is asked for the target itself; Y = HEAR(AEI(X_s, X_t), dY), without any mask.
 *
 * Layers, R the resolution, C1..C5 = 64 128 256 512 512 (paper), 32 64 128 128 128 (small):
 * down k: conv4 stride 2, C(k-1) -> C(k), leaky ReLU 0.1; C(0) = 6, the swap beside the error; R -> R/32
 * up k:   transposed conv4 stride 2 -> C(k-1), leaky ReLU 0.1, then the map of down k-1 beside it; up 1 -> C1 / 2 and no map
 * out:    the 6 channels of the input beside up 1, conv3 -> 3, added to the swap
 * Parameters: paper 16.7 M, small 1.82 M.
 *
 * The paper prints five levels down and up and no layers. Departures from its re-implementations: the network computes
 * what is to be changed, so that untrained it leaves every swap as it is; no normalisation, which would take away how
 * large an error is (Lim et al., arXiv 1707.02921, section 3.1, drop it from restoration networks for the same reason).
 *
 * @module
 */

import { convolution, type Layer4D, newWeights, transposedConvolution, type Weights } from "../../nn/mod.ts";
import { cannot } from "../../problem.ts";
import { addBias, convolve, leakyRelu, tf } from "../../runtime/mod.ts";
import type { HearSizes } from "./hear_sizes.ts";

/** HEAR-Net. */
export interface HearModel {
  /** The model's name in the registry. */
  readonly name: "hear";
  readonly sizes: HearSizes;
  readonly weights: Weights;
  /**
   * Refines swaps.
   *
   * @param swap What the first stage made, `[batch, R, R, 3]` in [0, 1].
   * @param error The target minus what the first stage makes of the target with its own identity, `[batch, R, R, 3]` in
   * [-1, 1]; not looked at where the sizes say "zeros".
   * @returns `[batch, R, R, 3]`; values may lie a little outside of [0, 1].
   */
  refine(swap: tf.Tensor4D, error: tf.Tensor4D): tf.Tensor4D;
}

/**
 * Builds HEAR-Net.
 *
 * @example The refined swap has the swap's shape
 * ```ts
 * import { hear, hearSizes } from "doppel/generators/mod.ts";
 * import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
 *
 * await useTensorFlow();
 * const model = hear(hearSizes.small, 1);
 * model.refine(tf.zeros([1, 64, 64, 3]), tf.zeros([1, 64, 64, 3])).shape; // [1, 64, 64, 3]
 * ```
 *
 * @param sizes Resolution, levels, widths, see {@linkcode hearSizes}.
 * @param seed Seed of the first weights.
 * @returns The model.
 * @throws {Problem} When the resolution cannot be halved so often.
 */
export function hear(sizes: HearSizes, seed: number): HearModel {
  const { resolution, levels, channels, most } = sizes;
  const steps = 2 ** levels;
  if (resolution % steps !== 0) {
    throw cannot("build HEAR-Net", `a resolution divisible by ${steps} with ${levels} levels`, String(resolution));
  }
  const weights = newWeights(seed);
  const widths = Array.from({ length: levels }, (_, k) => Math.min(most, channels * 2 ** k));
  const down = widths.map((to, k) => halve(weights.within(`down${k + 1}`), widths[k - 1] ?? INPUT, to));
  const up = widths.map((own, k) => {
    // All but the lowest level come with the map of the way down beside them.
    const from = k === levels - 1 ? own : 2 * own;
    return double(weights.within(`up${k + 1}`), from, widths[k - 1] ?? channels / 2);
  });
  const change = zeroConvolution(weights.within("change"), channels / 2 + INPUT, 3);

  return {
    name: "hear",
    sizes,
    weights,
    refine(swap, error) {
      const given = sizes.error === "given" ? error : tf.zerosLike(swap);
      // The swap around 0, as the error is.
      const input = tf.concat([swap.sub(0.5), given], 3) as tf.Tensor4D;
      const maps = [input];
      for (const layer of down) maps.push(layer(maps.at(-1)!));
      let x = maps.pop()!;
      for (const layer of up.toReversed()) x = tf.concat([layer(x), maps.pop()!], 3) as tf.Tensor4D;
      return swap.add(change(x));
    },
  };
}

/** Channels of the swap and of the error. */
const INPUT = 6;

function halve(weights: Weights, from: number, to: number): Layer4D {
  const layer = convolution(weights, { from, to, kernel: 4, stride: 2, pad: 1 });
  return (x) => leakyRelu(layer(x), 0.1);
}

function double(weights: Weights, from: number, to: number): Layer4D {
  const layer = transposedConvolution(weights, { from, to, kernel: 4 });
  return (x) => leakyRelu(layer(x), 0.1);
}

/** A convolution that gives nothing before it is trained. */
function zeroConvolution(weights: Weights, from: number, to: number): Layer4D {
  const kernel = weights.make("kernel", [3, 3, from, to], "zeros") as tf.Variable<tf.Rank.R4>;
  const bias = weights.make("bias", [to], "zeros");
  return (x) => addBias(convolve(x, kernel, 1, 1), bias);
}
