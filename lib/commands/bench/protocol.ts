/**
 * What the bench and a competitor's process say to each other: a line of JSON each, on the process's standard input and
 * output. The process says {@linkcode Ready} once, then answers each {@linkcode Request}; it ends when its input does.
 *
 * @module
 */

import * as v from "valibot";

const numbers = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(1));

/** The first line: the model is built and warm. */
export const readySchema = v.object({
  /** Trainable values. */
  parameters: v.pipe(v.number(), v.integer()),
  /** Milliseconds of each warm-up step. */
  warmup: numbers,
  /** Threads that the framework says it uses. */
  threads: v.number(),
  /** Versions of the framework and what it stands on. */
  versions: v.record(v.string(), v.string()),
  /** Device record of the runtime room, from Doppel's own processes. */
  device: v.optional(v.record(v.string(), v.union([v.string(), v.number()]))),
});

/** The answer to a {@linkcode Request}. */
export const turnSchema = v.object({
  /** Milliseconds of each step. */
  milliseconds: numbers,
  /** Loss of the last step. */
  loss: v.pipe(v.number(), v.finite()),
});

/** The first line: the model is built and warm. */
export type Ready = v.InferOutput<typeof readySchema>;

/** The answer to a {@linkcode Request}. */
export type Turn = v.InferOutput<typeof turnSchema>;

/** What the bench asks for. */
export interface Request {
  /** How many steps to make now. */
  readonly steps: number;
}

/** Steps that every competitor makes before it says that it is ready. */
export const warmupSteps = 5;
