/**
 * Claims: which of several processes that work on one run does a piece of it. A claim is a lock on a file of the run folder;
 * the system frees it when its process ends, however it ends.
 *
 * @module
 */

import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Run } from "./run_folder.ts";

/** Milliseconds between two looks at what another process does. */
const LOOK_MS = 500;

const folderOf = (run: Pick<Run, "path">) => join(run.path, "claims");

/**
 * Claims a piece of a run for this call alone; a claim within the same process counts like another process's.
 *
 * @param run The run.
 * @param key Name of the piece, safe as a file name.
 * @returns The claim, which ends when it is disposed of; nothing while another holds it.
 */
export async function claim(run: Pick<Run, "path">, key: string): Promise<Disposable | undefined> {
  await Deno.mkdir(folderOf(run), { recursive: true });
  const file = await Deno.open(join(folderOf(run), `${key}.lock`), { create: true, write: true });
  let free = false;
  try {
    free = await file.tryLock(true);
  } finally {
    if (!free) file.close();
  }
  return free ? { [Symbol.dispose]: () => file.close() } : undefined;
}

/**
 * Does a piece of work that no other process is doing; waits for one that is. The work looks first whether there is still
 * something to do.
 *
 * @param run The run.
 * @param key Name of the piece, safe as a file name.
 * @param signal Ends the wait.
 * @param work The work.
 * @returns What the work returns.
 * @throws The signal's reason.
 */
export async function alone<Value>(
  run: Pick<Run, "path">,
  key: string,
  signal: AbortSignal | undefined,
  work: () => Promise<Value>,
): Promise<Value> {
  for (;;) {
    signal?.throwIfAborted();
    using held = await claim(run, key);
    if (held) return await work();
    await waitForOthers(signal);
  }
}

/** Waits for a while, or until it is asked to stop, before the next look at what other processes do. */
export async function waitForOthers(signal: AbortSignal | undefined): Promise<void> {
  await delay(LOOK_MS, undefined, signal && { signal }).catch(() => {});
}

/** Removes what claims leave in the folder of a run that is finished. */
export async function removeClaims(run: Pick<Run, "path">): Promise<void> {
  await Deno.remove(folderOf(run), { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
