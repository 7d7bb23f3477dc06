import { cannot } from "../problem.ts";
import { tf } from "../runtime/mod.ts";
import type { Layer4D } from "./layers.ts";

/**
 * Halves the resolution behind a binomial low-pass filter (Zhang, "Making Convolutional Networks Shift-Invariant Again",
 * ICML 2019): filter 2 is [1, 1], 3 is [1, 2, 1], 4 is [1, 3, 3, 1], in both directions, normalised; zeros outside. It has
 * no weights.
 *
 * @param filter Taps of the filter, at least 2.
 * @returns From `[batch, H, W, channels]`, H and W even, to `[batch, H/2, W/2, channels]`.
 * @throws Problem when the filter has fewer than 2 taps.
 */
export function blurPool(filter: number): Layer4D {
  if (!(Number.isInteger(filter) && filter >= 2)) throw cannot("make blur pool", "2 taps or more", String(filter));
  const before = Math.floor((filter - 1) / 2);
  const after = filter - 2 - before;
  return (x) => {
    // A binomial filter is the mean of two neighbours, time and again: pools, which have a fast gradient.
    let y = filter === 2 ? x : tf.pad(x, [[0, 0], [before, after], [before, after], [0, 0]]);
    for (let i = 0; i < filter - 2; i++) y = tf.avgPool(y, 2, 1, "valid");
    return tf.avgPool(y, 2, 2, "valid");
  };
}
