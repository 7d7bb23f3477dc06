/** Numbers and how much each of them counts. */
export interface Sample {
  readonly values: Float32Array;
  /** As many, 0 or more; a value of weight 0 has no say. */
  readonly weights: Float32Array;
}

// A share of the whole spread evenly over the bins: without it the way back from empty bins would not be told.
const EVENLY = 1e-9;

/**
 * Finds the rising curve that gives numbers the distribution of others (the optimal transport on a line), from
 * histograms, and how far it moves each number.
 *
 * Values fall on the two nearest bins by their distance, and the curve runs straight between bins, so that a lump of
 * equal values goes to the middle of its share and equal distributions give the identity. Beyond the range of both
 * samples the curve goes on in parallel to the diagonal.
 *
 * @param sample What is to be moved, values of weight 0 too.
 * @param reference The distribution that is wanted.
 * @param bins How many bins cover the range of both samples.
 * @param moves Filled with `curve(value) - value`, one a value of the sample.
 */
export function matchDistribution(sample: Sample, reference: Sample, bins: number, moves: Float32Array): void {
  const { values } = sample;
  const [low, high] = rangeOf([sample, reference]);
  if (!(high - low > 1e-9)) {
    moves.fill(0);
    return;
  }
  const scale = (bins - 1) / (high - low);
  const from = cumulative(sample, low, scale, bins);
  const to = cumulative(reference, low, scale, bins);
  const shift = shifts(from, to).map((value) => value / scale);
  const last = bins - 1;
  for (let i = 0; i < values.length; i++) {
    const at = Math.min(last, Math.max(0, (values[i]! - low) * scale));
    const bin = Math.min(last - 1, at | 0);
    moves[i] = shift[bin]! + (at - bin) * (shift[bin + 1]! - shift[bin]!);
  }
}

/**
 * The coordinate of every colour along an axis.
 *
 * @param colours `[pixels, 3]`.
 * @param axis Red, green and blue of the axis.
 * @param out Filled, one number a pixel.
 */
export function project(colours: Float32Array, axis: readonly number[], out: Float32Array): void {
  const [r, g, b] = axis as [number, number, number];
  for (let i = 0; i < out.length; i++) out[i] = r * colours[i * 3]! + g * colours[i * 3 + 1]! + b * colours[i * 3 + 2]!;
}

function rangeOf(samples: readonly Sample[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { values, weights } of samples) {
    for (let i = 0; i < values.length; i++) {
      if (!(weights[i]! > 0)) continue;
      const value = values[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

/** The share of a sample below the middle of each bin, rising strictly from above 0 to below 1. */
function cumulative({ values, weights }: Sample, low: number, scale: number, bins: number): Float64Array {
  const counts = new Float64Array(bins);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights[i]!;
    if (!(weight > 0)) continue;
    const at = (values[i]! - low) * scale;
    const bin = Math.min(bins - 2, at | 0);
    counts[bin]! += weight * (1 - (at - bin));
    counts[bin + 1]! += weight * (at - bin);
    total += weight;
  }
  let below = 0;
  return counts.map((count) => {
    const share = (count / total + EVENLY / bins) / (1 + EVENLY);
    below += share;
    return below - share / 2;
  });
}

/** By how many bins each bin moves so that its share below is the same in `to`. */
function shifts(from: Float64Array, to: Float64Array): Float64Array {
  const last = to.length - 1;
  let k = 0;
  return from.map((share, bin) => {
    while (k < last && to[k + 1]! <= share) k++;
    if (share <= to[0]!) return -bin;
    if (k === last) return last - bin;
    return k + (share - to[k]!) / (to[k + 1]! - to[k]!) - bin;
  });
}
