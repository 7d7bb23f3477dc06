/**
 * Keeps two set-ups of one project from working at the same time.
 *
 * @module
 */

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** A lock that is held. */
export interface SetupLock {
  /**
   * Notes the program that works under the lock, so that the next holder can end it should this process be killed.
   *
   * @param id Its process id, or 0 for none.
   */
  noteChild(id: number): void;
  /** Gives the lock back. */
  [Symbol.dispose](): void;
}

/** Options of {@linkcode takeLock}. */
export interface TakeLockOptions {
  /** Is called once when another process holds the lock. */
  readonly onWait?: () => void;
  /** Gives up waiting. */
  readonly signal?: AbortSignal;
}

/**
 * Takes the lock and waits while another process has it. The operating system frees the lock of a killed process; a
 * program that such a process left behind is ended first, since it would go on writing.
 *
 * @param path The lock file, inside the project.
 * @param root The project folder; only a program that names it on its command line is ended.
 * @param options What to do while waiting.
 * @returns The lock.
 */
export async function takeLock(
  path: string,
  root: string,
  { onWait, signal }: TakeLockOptions = {},
): Promise<SetupLock> {
  mkdirSync(dirname(path), { recursive: true });
  const file = Deno.openSync(path, { read: true, write: true, create: true });
  try {
    for (let told = false; !file.tryLockSync(true);) {
      signal?.throwIfAborted();
      if (!told) onWait?.();
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await endOrphan(Number(readFileSync(path, "utf8")), root);
  } catch (error) {
    file.close();
    throw error;
  }
  const noteChild = (id: number) => {
    file.truncateSync(0);
    file.seekSync(0, Deno.SeekMode.Start);
    file.writeSync(new TextEncoder().encode(id > 0 ? String(id) : ""));
  };
  noteChild(0);
  return { noteChild, [Symbol.dispose]: () => file.close() };
}

/** Ends the program of a killed set-up, if it still runs and is really this project's. */
async function endOrphan(id: number, root: string): Promise<void> {
  if (!(id > 1) || !commandLine(id).includes(root)) return;
  try {
    Deno.kill(-id, "SIGKILL"); // The program leads a group of its own.
  } catch {
    return; // It ended in the meantime.
  }
  for (let i = 0; i < 100 && commandLine(id).includes(root); i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The command line of a running process, or nothing. */
function commandLine(id: number): string {
  try {
    if (existsSync("/proc/self")) return readFileSync(`/proc/${id}/cmdline`, "utf8");
    const { stdout } = new Deno.Command("ps", { args: ["-p", String(id), "-o", "command="], stderr: "null" })
      .outputSync();
    return new TextDecoder().decode(stdout);
  } catch {
    return "";
  }
}
