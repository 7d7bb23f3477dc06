/**
 * Walking through the cells of an experiment, each arm with each seed on each pair, so that a run which was stopped goes
 * on where it was.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import * as v from "valibot";
import { cannot } from "doppel/problem.ts";
import { readJson, writeJson } from "./records.ts";
import type { Run } from "./run_folder.ts";

/** One piece of work. */
export interface Cell {
  /** What is compared. */
  readonly arm: string;
  /** Seed of everything random in it. */
  readonly seed: number;
  /** Pair of persons or of domains; absent when the experiment has none. */
  readonly pair?: string;
}

/** A finished cell. */
export interface FinishedCell<Value> extends Cell {
  /** What the work returned. */
  readonly value: Value;
  /** Seconds it took. */
  readonly cost_s: number;
  /** Whether it was read from the run folder, not computed now. */
  readonly resumed: boolean;
}

/** What {@linkcode runArms} did. */
export interface ArmsOutcome<Value> {
  /** Finished cells in the fixed order. */
  readonly cells: readonly FinishedCell<Value>[];
  /** Whether all cells are finished; `false` after a stop. */
  readonly complete: boolean;
}

/** Tells how far a run is. */
export interface ArmsProgress {
  /** The cell that comes next. */
  readonly cell: Cell;
  /** Finished cells before this one. */
  readonly done: number;
  /** All cells. */
  readonly total: number;
  /** Seconds left, from the cells computed so far in this call; `undefined` before the first. */
  readonly left_s: number | undefined;
}

const cellFile = v.object({
  arm: v.string(),
  seed: v.number(),
  pair: v.optional(v.string()),
  cost_s: v.number(),
  value: v.unknown(),
});

/**
 * Runs every cell that the run folder does not hold yet, in a fixed order: seeds outermost, so that a stopped run has
 * whole seeds to compare, then arms, then pairs. A finished cell is on the disk before the next begins.
 *
 * @example Two arms over three seeds
 * ```ts ignore
 * const { cells } = await runArms({ run, arms: ["df", "liae"], seeds: [1, 2, 3], pairs: ["01-02"], signal }, async (cell) => {
 *   const model = await train(cell);
 *   return measure(model); // JSON: rows, numbers, records
 * });
 * ```
 *
 * @param options What to run.
 * @param options.run The run folder.
 * @param options.arms Names of the arms.
 * @param options.seeds Seeds, shared by all arms.
 * @param options.pairs Pairs, shared by all arms; none for an experiment without.
 * @param options.signal Stops the walk between two cells; also handed to the work, which may throw its reason.
 * @param options.onCell Called before each cell that is computed.
 * @param work Computes a cell; what it returns must be JSON and is read back as such.
 * @returns The finished cells.
 * @throws {Problem} When a seed is 0, a name occurs twice, or a cell on the disk is another's.
 */
export async function runArms<Value>(
  { run, arms, seeds, pairs, signal, onCell }: {
    run: Pick<Run, "cells">;
    arms: readonly string[];
    seeds: readonly number[];
    pairs?: readonly string[];
    signal?: AbortSignal;
    onCell?: (progress: ArmsProgress) => void;
  },
  work: (cell: Cell, signal: AbortSignal | undefined) => Promise<Value> | Value,
): Promise<ArmsOutcome<Value>> {
  for (const names of [arms, seeds, pairs ?? []] as const) {
    if (new Set<unknown>(names).size < names.length) throw cannot("run arms", "every name once", names.join(", "));
  }
  // Several generators of TensorFlow take 0 for "no seed".
  const wrong = seeds.find((seed) => !Number.isInteger(seed) || seed < 1);
  if (wrong !== undefined) throw cannot("run arms", "seeds from 1 up", String(wrong));
  const all: Cell[] = seeds.flatMap((seed) =>
    arms.flatMap((arm) => pairs ? pairs.map((pair) => ({ arm, seed, pair })) : [{ arm, seed }])
  );
  const finished: FinishedCell<Value>[] = [];
  const known = await Promise.all(all.map((cell) => readCell<Value>(join(run.cells, `${cellKey(cell)}.json`), cell)));
  const spent: number[] = [];
  for (const [index, cell] of all.entries()) {
    const earlier = known[index];
    if (earlier) {
      finished.push(earlier);
      continue;
    }
    if (signal?.aborted) return { cells: finished, complete: false };
    const left = known.slice(index).filter((other) => !other).length;
    const mean = spent.reduce((sum, seconds) => sum + seconds, 0) / spent.length;
    onCell?.({ cell, done: finished.length, total: all.length, left_s: spent.length ? mean * left : undefined });
    const start = performance.now();
    let value: Value;
    try {
      value = await work(cell, signal);
    } catch (error) {
      if (signal?.aborted && error === signal.reason) return { cells: finished, complete: false };
      throw error;
    }
    const cost = Math.round(performance.now() - start) / 1000;
    const path = join(run.cells, `${cellKey(cell)}.json`);
    await writeJson(path, { ...cell, cost_s: cost, value });
    spent.push(cost);
    // Read back, so that a value is the same whether it was computed now or in an earlier call.
    finished.push({ ...(await readCell<Value>(path, cell))!, resumed: false });
  }
  return { cells: finished, complete: true };
}

/**
 * The file name of a cell: readable, and different for different cells whatever characters their names hold.
 *
 * @param cell The cell.
 * @returns A name without folder and extension.
 */
export function cellKey({ arm, seed, pair }: Cell): string {
  const plain = [arm, `seed${seed}`, ...(pair === undefined ? [] : [pair])].join("_").replaceAll(/[^\w.-]/g, "-");
  const digest = createHash("sha256").update(JSON.stringify([arm, seed, pair])).digest("hex").slice(0, 6);
  return `${plain}_${digest}`;
}

async function readCell<Value>(path: string, cell: Cell): Promise<FinishedCell<Value> | undefined> {
  if (!await Deno.stat(path).then(() => true, () => false)) return undefined;
  const parsed = v.safeParse(cellFile, await readJson(path, "a finished cell"));
  const { arm, seed, pair } = parsed.success ? parsed.output : {};
  if (!parsed.success || arm !== cell.arm || seed !== cell.seed || pair !== cell.pair) {
    throw cannot("resume run", `the cell ${cell.arm}, seed ${cell.seed}`, "another file", path);
  }
  return { ...cell, value: parsed.output.value as Value, cost_s: parsed.output.cost_s, resumed: true };
}
