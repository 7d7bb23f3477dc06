/**
 * What a notebook shows: the committed results where there are some, else those of a run of its own.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Row } from "doppel/evaluation/mod.ts";
import { readResults, type Run } from "doppel/experiment/mod.ts";
import type { Config } from "./presets.ts";

/** Where results are committed. */
export const COMMITTED: string = join(import.meta.dirname!, "results");

/** Results with their sample grids. */
export interface Shown {
  readonly rows: readonly Row[];
  /** Which results these are. */
  readonly sentence: string;
  /**
   * Reads a sample grid of the first seed.
   *
   * @param arm Which arm.
   * @param what A group of swaps, "masks" or "occluded".
   * @returns The file, PNG or JPEG; nothing where there is none.
   */
  grid(arm: string, what: string): Promise<Uint8Array | undefined>;
  /**
   * Reads a sample of no arm and seed.
   *
   * @param name Its name without ending.
   * @returns The file, PNG or JPEG; nothing where there is none.
   */
  sample(name: string): Promise<Uint8Array | undefined>;
}

/**
 * Opens the committed results, or those of a run.
 *
 * @param run A finished run.
 * @param folder Where committed results would be. Default the experiment's own.
 * @returns Rows, a sentence that says whose they are, and the grids.
 */
export async function openShown(run: Run, folder: string = COMMITTED): Promise<Shown> {
  const path = join(folder, "results.json");
  const committed = existsSync(path);
  const { rows, preset, seeds } = await readResults(committed ? path : run.results);
  const counted = `${seeds.length} ${seeds.length === 1 ? "seed" : "seeds"}`;
  const [first] = (run.config as Config).seeds;
  const read = async (ofCommitted: string, ofRun: string) => {
    const file = committed ? join(folder, "samples", `${ofCommitted}.jpg`) : join(run.samples, `${ofRun}.png`);
    return existsSync(file) ? await Deno.readFile(file) : undefined;
  };
  return {
    rows,
    sentence: committed
      ? `These are the committed results: preset **${preset}**, ${counted}.`
      : `No results are committed yet: these are the notebook's own run, preset **${preset}**, ${counted}.` +
        (preset === "smoke" ? " A smoke run shows that every part works; its numbers and pictures mean nothing." : ""),
    grid: (arm, what) => read(`${arm}_${what}`, `${arm}_seed${first}_${what}`),
    sample: (name) => read(name, name),
  };
}
