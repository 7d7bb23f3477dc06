/**
 * Runs a command as a process: arguments in, exit code out, Ctrl-C in between.
 *
 * @module
 */

import { sentence } from "../problem.ts";
import { readArguments } from "./_arguments.ts";
import type { Command, Options, Positional } from "./_command.ts";
import { helpOf } from "./_help.ts";
import { type Terminal, terminal as processTerminal } from "./_terminal.ts";

/** Exit codes: done, failed, wrongly asked, stopped by Ctrl-C. */
export const exitCode = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Signals that ask to stop, from Ctrl-C, Slurm and a closing terminal, with the codes that shells expect. */
const stopCodes = { SIGINT: exitCode.interrupted, SIGTERM: 143, SIGHUP: 129 } as const;

/** What {@linkcode execute} works with. */
export interface ExecuteOptions {
  /** Where it speaks. */
  readonly terminal?: Terminal;
  /** Asks the command to stop. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a command and tells how it went, without ending the process.
 *
 * @param definition The command.
 * @param args The words after its name.
 * @param options The terminal and the signal that asks it to stop.
 * @returns The exit code: 0 done, 1 failed, 2 wrongly asked, 130 or another code above 128 stopped.
 */
export async function execute<P extends readonly Positional[], O extends Options>(
  definition: Command<P, O>,
  args: readonly string[],
  { terminal = processTerminal, signal = new AbortController().signal }: ExecuteOptions = {},
): Promise<number> {
  let read;
  try {
    read = readArguments(definition, args);
  } catch (error) {
    terminal.fail(explain(error));
    return exitCode.usage;
  }
  if (read === "help") {
    terminal.say(helpOf(definition));
    return exitCode.done;
  }
  try {
    const code = await definition.run(read.positionals, read.options, { signal });
    return signal.aborted ? stoppedBy(signal) : code ?? exitCode.done;
  } catch (error) {
    if (signal.aborted && (error === signal.reason || isAbort(error))) return stoppedBy(signal);
    terminal.fail(explain(error));
    return exitCode.failed;
  }
}

/**
 * Runs a command with this process's arguments and ends the process. The first Ctrl-C, SIGTERM or
 * SIGHUP asks the command to stop with its work saved; a second Ctrl-C or SIGTERM ends the process at once.
 *
 * @param definition The command.
 * @returns Never.
 */
export async function main<P extends readonly Positional[], O extends Options>(
  definition: Command<P, O>,
): Promise<never> {
  const controller = new AbortController();
  for (const name of Object.keys(stopCodes) as (keyof typeof stopCodes)[]) {
    Deno.addSignalListener(name, () => {
      const { signal } = controller;
      // A terminal that closes sends its signal on top of others; only a second Ctrl-C or SIGTERM is impatience.
      if (signal.aborted && name !== "SIGHUP") Deno.exit(stoppedBy(signal));
      if (signal.aborted) return;
      controller.abort(new DOMException(name, "AbortError"));
      processTerminal.note("Stopping after the current step; press Ctrl-C again to stop at once.");
    });
  }
  Deno.exit(await execute(definition, Deno.args, { signal: controller.signal }));
}

/** The sentence of a user's error, or the stack of a defect. */
function explain(error: unknown): string {
  const worded = sentence(error);
  if (worded !== undefined) return worded;
  const stack = error instanceof Error ? error.stack ?? error.message : String(error);
  return `Doppel broke: ${stack}`;
}

/** Whether an error only says that the work was stopped. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "Stopped");
}

/** The exit code for the signal that stopped the work. */
function stoppedBy({ reason }: AbortSignal): number {
  return stopCodes[(reason as Error | undefined)?.message as keyof typeof stopCodes] ?? exitCode.interrupted;
}
