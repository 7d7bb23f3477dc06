/**
 * Lets Jupyter's Stop button end a loop politely.
 *
 * @module
 */

/** Thrown by {@linkcode StopButton.breathe} after the user asked to stop. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** Watches for the user's wish to stop. */
export interface StopButton {
  /** Aborted with a {@linkcode Stopped} when the user asks to stop; for functions that take a signal. */
  readonly signal: AbortSignal;
  /**
   * Gives the kernel a turn, in which it notices the button. To be awaited in each step; a synchronous loop cannot be
   * stopped.
   *
   * @throws {Stopped} When the user asked to stop. All variables keep their values.
   */
  breathe(): Promise<void>;
  /** Stops watching. A button that is not released watches until the process ends. */
  release(): void;
  [Symbol.dispose](): void;
}

const breath = 50;

/**
 * Starts to watch Jupyter's Stop button (Ctrl-C outside a notebook). A press before the call does not count.
 *
 * @example A loop that can be stopped
 * ```ts
 * import { stopButton } from "doppel/notebook/mod.ts";
 *
 * using stop = stopButton();
 * for (let step = 0; step < 3; step++) {
 *   await stop.breathe();
 * }
 * ```
 *
 * @returns The button.
 */
export function stopButton(): StopButton {
  const controller = new AbortController();
  const { signal } = controller;
  const press = () => controller.abort(new Stopped("Stopped by the user; all variables keep their values"));
  Deno.addSignalListener("SIGINT", press);
  let last = -Infinity;
  const release = () => Deno.removeSignalListener("SIGINT", press);
  return {
    signal,
    release,
    async breathe() {
      // A turn costs about a millisecond, so that short steps share one.
      if (performance.now() - last >= breath) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        last = performance.now();
      }
      signal.throwIfAborted();
    },
    [Symbol.dispose]: release,
  };
}
