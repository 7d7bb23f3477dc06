/**
 * P-values beside the intervals: from bootstrap draws, and corrected for the number of claims tested.
 *
 * @module
 */

/**
 * The two-sided bootstrap p-value of a difference: the smallest `p` whose `1 - p` percentile interval leaves out the
 * value of no effect (with one draw added to each side, so that it is never zero).
 *
 * @param draws Draws of the difference, as {@linkcode hierarchicalBootstrap} returns them.
 * @param none The difference that means no effect.
 * @returns A p-value in (0, 1].
 */
export function bootstrapPValue(draws: ArrayLike<number>, none = 0): number {
  let below = 0;
  let above = 0;
  for (let i = 0; i < draws.length; i++) {
    if (draws[i]! <= none) below++;
    if (draws[i]! >= none) above++;
  }
  return Math.min(1, 2 * (Math.min(below, above) + 1) / (draws.length + 1));
}

/**
 * Holm's correction (Holm 1979, A simple sequentially rejective multiple test procedure): holds the chance of any false
 * finding among all hypotheses at the level at which each corrected value is read.
 *
 * @param pValues P-values in any order.
 * @returns The corrected p-values, in the same order.
 * @throws {RangeError} When a value lies outside [0, 1].
 */
export function holm(pValues: readonly number[]): number[] {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw new RangeError(`Cannot correct p-values: expected values in [0, 1], got ${wrong}`);
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const corrected = new Array<number>(pValues.length);
  let highest = 0;
  order.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, (pValues.length - rank) * pValues[index]!));
    corrected[index] = highest;
  });
  return corrected;
}
