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
import { shareOut } from "./share_out.ts";

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
  /** Seconds left, from the cells finished since this call began, by whomever; `undefined` before the first. */
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
 * whole seeds to compare, then arms, then pairs. A finished cell is on the disk before the next begins. Several processes may
 * call this for the same run: each computes the first cell that no other is computing.
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
 * @param options.needs Cells before it that a cell cannot begin without. Default none.
 * @param options.signal Stops the walk between two cells; also handed to the work, which may throw its reason.
 * @param options.onCell Called before each cell that is computed.
 * @param work Computes a cell.
 * @returns The finished cells.
 * @throws {Problem} When a seed is 0, a name occurs twice, or a cell on the disk is another's.
 */
export function runArms<Value>(
  { arms, seeds, pairs, ...options }: Omit<CellOptions, "cells"> & {
    readonly arms: readonly string[];
    readonly seeds: readonly number[];
    readonly pairs?: readonly string[];
  },
  work: CellWork<Value>,
): Promise<ArmsOutcome<Value>> {
  const cells = seeds.flatMap((seed) =>
    arms.flatMap((arm) => pairs ? pairs.map((pair) => ({ arm, seed, pair })) : [{ arm, seed }])
  );
  return runCells({ cells, ...options }, work);
}

/**
 * Computes a cell. It gets the signal, whose reason it may throw, and the values of the cells that it needs, in their order;
 * what it returns must be JSON and is read back as such.
 */
export type CellWork<Value> = (
  cell: Cell,
  signal: AbortSignal | undefined,
  needed: readonly Value[],
) => Promise<Value> | Value;

/** How {@linkcode runCells} runs. */
export interface CellOptions {
  /** The run folder. */
  readonly run: Pick<Run, "cells" | "path">;
  /** The cells in their order. */
  readonly cells: readonly Cell[];
  /** Cells before it that a cell cannot begin without. Default none. */
  readonly needs?: (cell: Cell) => readonly Cell[];
  /** Stops the walk between two cells; also handed to the work, which may throw its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each cell that is computed. */
  readonly onCell?: (progress: ArmsProgress) => void;
}

/**
 * The same for cells that are not all arms with all seeds and pairs.
 *
 * @param options What to run.
 * @param work Computes a cell.
 * @returns The finished cells.
 * @throws {Problem} When a seed is 0, a cell occurs twice, or a cell on the disk is another's.
 */
export async function runCells<Value>(
  { run, cells, needs, signal, onCell }: CellOptions,
  work: CellWork<Value>,
): Promise<ArmsOutcome<Value>> {
  requireCells(cells);
  const pathOf = (cell: Cell) => join(run.cells, `${cellKey(cell)}.json`);
  const finished = new Map<string, FinishedCell<Value>>();
  const own = new Set<string>();
  let before: number | undefined;
  const start = performance.now();
  const outcome = (complete: boolean) => ({
    cells: cells.flatMap((cell) => finished.get(cellKey(cell)) ?? []),
    complete,
  });
  try {
    await shareOut(run, cells, {
      keyOf: cellKey,
      ...(needs && { needsOf: (cell) => needs(cell).map(cellKey) }),
      signal,
      async read(cell) {
        const found = await readCell<Value>(pathOf(cell), cell);
        if (found) finished.set(cellKey(cell), { ...found, resumed: !own.has(cellKey(cell)) });
        return found;
      },
      async work(cell) {
        before ??= finished.size;
        const left = cells.length - finished.size;
        const each = (performance.now() - start) / 1000 / (finished.size - before);
        const left_s = finished.size > before ? each * left : undefined;
        onCell?.({ cell, done: finished.size, total: cells.length, left_s });
        const began = performance.now();
        const needed = (needs?.(cell) ?? []).map((other) => finished.get(cellKey(other))!.value);
        const value = await work(cell, signal, needed);
        const cost_s = Math.round(performance.now() - began) / 1000;
        own.add(cellKey(cell));
        // Read back by the walk, so that a value is the same whether it was computed now or in an earlier call.
        await writeJson(pathOf(cell), { ...cell, cost_s, value });
      },
    });
    return outcome(true);
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return outcome(false);
    throw error;
  }
}

function requireCells(cells: readonly Cell[]): void {
  // Several generators of TensorFlow take 0 for "no seed".
  const wrong = cells.find(({ seed }) => !Number.isInteger(seed) || seed < 1);
  if (wrong !== undefined) throw cannot("run arms", "seeds from 1 up", String(wrong.seed));
  const keys = new Set<string>();
  for (const { arm, seed, pair } of cells) {
    const key = cellKey({ arm, seed, ...(pair !== undefined && { pair }) });
    if (keys.has(key)) {
      throw cannot("run arms", "every cell once", `${[arm, seed, pair ?? []].flat().join(", ")} twice`);
    }
    keys.add(key);
  }
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
