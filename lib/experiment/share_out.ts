/**
 * Sharing out the pieces of a run among the processes that work on it.
 *
 * @module
 */

import { cannot } from "doppel/problem.ts";
import { claim, waitForOthers } from "./claim.ts";
import type { Run } from "./run_folder.ts";

/**
 * Does every piece that the run folder does not hold yet, in their order, but for those that another process is doing:
 * of several processes that call this for the same run, each does the first piece that is free, and all wait until the last is
 * there. What a process that was ended leaves unfinished, another goes on with.
 *
 * @param run The run.
 * @param pieces The pieces.
 * @param options How they are done.
 * @param options.keyOf Name of a piece, safe as a file name and different for different ones.
 * @param options.needsOf Names of pieces before it that must be there first. Default none.
 * @param options.read Reads what a piece came to; nothing where it is not finished.
 * @param options.work Does a piece, so that `read` finds it.
 * @param options.signal Ends it between two pieces.
 * @returns What the pieces came to, in their order.
 * @throws The signal's reason when it was asked to stop, and whatever the work throws.
 * @throws {Problem} When a piece needs one that does not come before it.
 */
export async function shareOut<Piece, Value extends NonNullable<unknown>>(
  run: Pick<Run, "path">,
  pieces: readonly Piece[],
  { keyOf, needsOf = () => [], read, work, signal }: {
    readonly keyOf: (piece: Piece) => string;
    readonly needsOf?: (piece: Piece) => readonly string[];
    readonly read: (piece: Piece) => Promise<Value | undefined>;
    readonly work: (piece: Piece) => Promise<void>;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Value[]> {
  requireOrder(pieces.map((piece) => ({ key: keyOf(piece), needs: needsOf(piece) })));
  const values = new Map<string, Value>();
  const open = () => pieces.filter((piece) => !values.has(keyOf(piece)));
  for (;;) {
    for (const piece of open()) {
      const value = await read(piece);
      if (value !== undefined) values.set(keyOf(piece), value);
    }
    if (open().length === 0) return pieces.map((piece) => values.get(keyOf(piece))!);
    signal?.throwIfAborted();
    const ready = open().filter((piece) => needsOf(piece).every((key) => values.has(key)));
    if (!await workOnFirst(ready)) await waitForOthers(signal);
  }

  /** Does the first piece that no other process is doing, and tells whether there was one. */
  async function workOnFirst(ready: readonly Piece[]): Promise<boolean> {
    for (const piece of ready) {
      using held = await claim(run, keyOf(piece));
      if (!held) continue;
      // Another process may have finished it between the look and the claim.
      if (await read(piece) === undefined) await work(piece);
      return true;
    }
    return false;
  }
}

/** A piece that waits for itself, or for one that nobody does, would be waited for without end. */
function requireOrder(pieces: readonly { readonly key: string; readonly needs: readonly string[] }[]): void {
  const before = new Set<string>();
  for (const { key, needs } of pieces) {
    const missing = needs.find((need) => !before.has(need));
    if (missing !== undefined) throw cannot("share out the work", `${missing} before ${key}`, "no such piece there");
    before.add(key);
  }
}
