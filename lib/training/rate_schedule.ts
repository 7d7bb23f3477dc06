/** How the learning rate changes over the steps. */
export interface RateSchedule {
  /** The full rate. */
  readonly rate: number;
  /** Share of the steps, at the end, over which the rate falls to 0 along half a cosine. Default 0: constant. */
  readonly decay?: number;
  /**
   * Period in steps over which the rate swings between full and 0 along a cosine, as DeepFaceLab's does with
   * learning-rate dropout (500 there). Default none.
   */
  readonly cycle?: number;
}

/**
 * The learning rate of a step.
 *
 * @param schedule How it changes.
 * @param step The step, counted from 0.
 * @param steps Steps in all.
 * @returns The rate.
 */
export function rateAt({ rate, decay = 0, cycle }: RateSchedule, step: number, steps: number): number {
  const swing = cycle ? (Math.cos(2 * Math.PI * step / cycle) + 1) / 2 : 1;
  const start = steps * (1 - decay);
  const fall = step <= start ? 1 : (Math.cos(Math.PI * (step - start) / (steps - start)) + 1) / 2;
  return rate * swing * fall;
}
