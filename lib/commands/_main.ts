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

/** Exit codes: done, failed, wrongly asked, stopped by Ctrl-C, stopped by SIGTERM. */
export const exitCode = { done: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143 } as const;

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
 * @returns The exit code: 0 done, 1 failed, 2 wrongly asked, 130 stopped.
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
 * Runs a command with this process's arguments and ends the process. The first Ctrl-C (or SIGTERM) asks the command
 * to stop with its work saved, the second ends the process at once.
 *
 * @param definition The command.
 * @returns Never.
 */
export async function main<P extends readonly Positional[], O extends Options>(
  definition: Command<P, O>,
): Promise<never> {
  const controller = new AbortController();
  const stop = (name: "SIGINT" | "SIGTERM") => () => {
    if (controller.signal.aborted) Deno.exit(stoppedBy(controller.signal));
    controller.abort(new DOMException(name, "AbortError"));
    processTerminal.note("Stopping after the current step; press Ctrl-C again to stop at once.");
  };
  Deno.addSignalListener("SIGINT", stop("SIGINT"));
  Deno.addSignalListener("SIGTERM", stop("SIGTERM"));
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
function stoppedBy(signal: AbortSignal): number {
  return signal.reason instanceof DOMException && signal.reason.message === "SIGTERM"
    ? exitCode.terminated
    : exitCode.interrupted;
}
