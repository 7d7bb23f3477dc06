/**
 * How fast a long piece of work goes and how long it still takes, and the words for it.
 *
 * @module
 */

/** What is known about a running piece of work. */
export interface Pace {
  /** Seconds since the meter was made. */
  readonly elapsed: number;
  /** Units done a second over the last quarter of a minute, or 0 while unknown. */
  readonly rate: number;
  /** Seconds still to go, or `undefined` while unknown. */
  readonly left: number | undefined;
}

/** Options of {@linkcode paceMeter}. */
export interface PaceMeterOptions {
  /** Milliseconds over which the rate is taken. */
  readonly window?: number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Makes a meter that turns counts of work done into a rate and a time left. The rate is taken over a short window, so
 * that it follows a machine that gets busy.
 *
 * @example Time left after 10 of 40 steps in one second
 * ```ts
 * import { paceMeter } from "doppel/notebook/mod.ts";
 *
 * let time = 0;
 * const measure = paceMeter({ now: () => time });
 * measure(0, 40);
 * time = 1000;
 * measure(10, 40); // { elapsed: 1, rate: 10, left: 3 }
 * ```
 *
 * @param options The window and the clock.
 * @returns A function of the units done and the total, if known, that gives the {@linkcode Pace}.
 */
export function paceMeter(
  { window = 15_000, now = () => performance.now() }: PaceMeterOptions = {},
): (done: number, total?: number) => Pace {
  const start = now();
  const samples: { time: number; done: number }[] = [];
  return (done, total) => {
    const time = now();
    samples.push({ time, done });
    while (samples.length > 2 && samples[1]!.time < time - window) samples.shift();
    const first = samples[0]!;
    const rate = time > first.time ? Math.max(0, (done - first.done) / ((time - first.time) / 1000)) : 0;
    const left = total !== undefined && rate > 0 ? Math.max(0, total - done) / rate : undefined;
    return { elapsed: (time - start) / 1000, rate, left };
  };
}

/**
 * Words a duration: "0.4 s", "12 s", "3 min 05 s", "2 h 10 min".
 *
 * @param seconds The duration in seconds.
 * @returns The words.
 */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (n: number) => String(n).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/**
 * Words a number of bytes in decimal units: "812 B", "4 kB", "260 MB", "1.9 GB".
 *
 * @param bytes The number of bytes.
 * @returns The words.
 */
export function formatBytes(bytes: number): string {
  if (bytes < 1e3) return `${Math.round(bytes)} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1e3)} kB`;
  if (bytes < 999.5e6) return `${Math.round(bytes / 1e6)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** What the rest of a progress line is made of. */
export interface Progress {
  /** Units done so far. */
  readonly done: number;
  /** Units in all, if known. */
  readonly total?: number | undefined;
  /** The unit in the singular ("step"), or "byte". */
  readonly unit: string;
  /** Rate and time left. */
  readonly pace: Pace;
}

/**
 * Words a progress line without its title: "45 %, 117 of 260 MB, 41 MB/s, 3.5 s left".
 *
 * @param progress What is done, of how much, and how fast.
 * @returns The words.
 */
export function formatProgress({ done, total, unit, pace }: Progress): string {
  const parts: string[] = [];
  if (total !== undefined && total > 0) parts.push(`${Math.floor(Math.min(1, done / total) * 100)} %`);
  parts.push(formatCount(done, total, unit));
  if (pace.rate > 0) parts.push(formatRate(pace.rate, unit));
  parts.push(pace.left !== undefined ? `${formatSeconds(pace.left)} left` : formatSeconds(pace.elapsed));
  return parts.join(", ");
}

/** Words "117 MB of 260 MB" or "12 of 40 steps". */
function formatCount(done: number, total: number | undefined, unit: string): string {
  if (unit === "byte") return total === undefined ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`;
  const plural = (total ?? done) === 1 ? unit : `${unit}s`;
  return total === undefined ? `${done} ${plural}` : `${done} of ${total} ${plural}`;
}

/** Words a rate; what takes longer than a second is told in seconds each. */
function formatRate(rate: number, unit: string): string {
  if (unit === "byte") return `${formatBytes(rate)}/s`;
  return rate >= 1 ? `${rate.toPrecision(3)} ${unit}s/s` : `${(1 / rate).toPrecision(3)} s/${unit}`;
}
