/**
 * Numbers as text: as many digits as the interval allows, and the same number of them down a column.
 *
 * @module
 */

const MINUS = "\u2212";

/**
 * A number with a fixed number of decimals and a true minus sign.
 *
 * @param value The number; `null` and `undefined` become a dash, other numbers that are not finite their name.
 * @param decimals Digits after the point.
 * @returns The text.
 */
export function formatNumber(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return String(value).replace("-", MINUS).replace("Infinity", "∞");
  // Digits in groups of three from ten thousand on, as in "12,000 steps".
  const large = Math.abs(value) >= 1e4;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const text = large ? value.toLocaleString("en-US", digits) : value.toFixed(decimals);
  return Number(text) === 0 ? (0).toFixed(decimals) : text.replace("-", MINUS);
}

/**
 * An estimate with its interval: `0.105 [0.071, 0.139]`.
 *
 * @param estimate The estimate.
 * @param interval Lower and upper end, or nothing.
 * @param decimals Digits after the point; by default as many as {@linkcode decimalsFor} this interval.
 * @returns The text.
 */
export function formatEstimate(
  estimate: number | null | undefined,
  interval?: readonly [number, number] | null,
  decimals: number = decimalsFor([{ estimate, interval }]),
): string {
  const point = formatNumber(estimate, decimals);
  return interval ? `${point} [${interval.map((end) => formatNumber(end, decimals)).join(", ")}]` : point;
}

/**
 * How many decimals a column deserves: two significant digits of its narrowest interval's half width; without intervals,
 * three significant digits of its largest value, none for whole numbers.
 *
 * @param cells Estimates with intervals.
 * @returns Between 0 and 6.
 */
export function decimalsFor(
  cells: readonly { estimate?: number | null | undefined; interval?: readonly [number, number] | null | undefined }[],
): number {
  const widths = cells.flatMap(({ interval }) =>
    interval && interval[1] > interval[0] ? interval[1] - interval[0] : []
  );
  const values = cells.flatMap(({ estimate }) => Number.isFinite(estimate) ? Math.abs(estimate!) : []);
  if (!widths.length && values.every(Number.isInteger)) return 0;
  const [size, digits] = widths.length ? [Math.min(...widths) / 2, 2] : [Math.max(...values), 3];
  if (!(size > 0)) return 3;
  return Math.max(0, Math.min(6, digits - 1 - Math.floor(Math.log10(size) + 1e-9)));
}

/**
 * A length of time in the largest two units that matter.
 *
 * @param seconds At least 0.
 * @returns For example `0.8 s`, `42 s`, `4 min 10 s`, `2 h 5 min`.
 */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return join(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(whole / 60);
  return join(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return `${large} ${largeUnit}${small ? ` ${small} ${smallUnit}` : ""}`;
}
