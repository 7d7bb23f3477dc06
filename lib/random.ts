/**
 * Random numbers by name: each use draws from a stream of its own, told by the run's seed and what the numbers are for.
 * A resumed run therefore draws what an unbroken one would have drawn.
 *
 * @module
 */

import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A stream of random numbers. */
export type RandomSource = ReturnType<typeof xoroshiro128plus>;

/**
 * Opens a stream.
 *
 * @param seed The run's seed.
 * @param purpose What the numbers are for, such as a name and a step number.
 * @returns The stream; equal arguments give equal streams.
 */
export function randomSource(seed: number, ...purpose: readonly (string | number)[]): RandomSource {
  // FNV-1a over the words, then a finalising mix: nearby step numbers must not give nearby streams.
  let value = Math.imul(0x811c9dc5 ^ seed, 0x01000193);
  for (const character of purpose.join("/")) value = Math.imul(value ^ character.codePointAt(0)!, 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return xoroshiro128plus(value ^ (value >>> 16));
}

/**
 * Draws a uniform number.
 *
 * @param source The stream.
 * @param low Lower bound, included.
 * @param high Upper bound, excluded.
 * @returns The number.
 */
export function uniform(source: RandomSource, low: number, high: number): number {
  return low + (high - low) * uniformFloat64(source);
}

/**
 * Draws a number from the standard normal distribution.
 *
 * @param source The stream.
 * @returns The number.
 */
export function normal(source: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - uniformFloat64(source))) * Math.cos(2 * Math.PI * uniformFloat64(source));
}

/**
 * Draws a whole number.
 *
 * @param source The stream.
 * @param count How many numbers there are to choose from.
 * @returns A number from 0 to count - 1.
 */
export function index(source: RandomSource, count: number): number {
  return Math.min(count - 1, Math.floor(uniformFloat64(source) * count));
}
