/**
 * The one kind of error that is meant for the user: a sentence that says what could not be done, what was expected,
 * what was found and where. Commands print its message alone; every other error is a defect and keeps its stack trace.
 *
 * @module
 */

/** An error caused by input or surroundings, worded for the user. */
export class Problem extends Error {
  override readonly name = "Problem";
}

/**
 * Words a {@linkcode Problem} as "Cannot <action>: expected <expected>, got <got> (<where>)".
 *
 * @example Refuse an unknown preset
 * ```ts
 * import { cannot } from "doppel/problem.ts";
 *
 * throw cannot("choose preset", "one of smoke, quick, standard, paper", '"fast"', "--preset");
 * ```
 *
 * @param action What was attempted, as a verb phrase ("read face set").
 * @param expected What would have been accepted.
 * @param got What was found instead.
 * @param where The file, option or place it was found in.
 * @returns The error, to be thrown by the caller.
 */
export function cannot(action: string, expected: string, got: string, where?: string): Problem {
  return new Problem(`Cannot ${action}: expected ${expected}, got ${got}${where ? ` (${where})` : ""}`);
}

/**
 * The sentence to show for any thrown value: a {@linkcode Problem}'s message as it is, an operating system error reworded.
 *
 * @param error What was thrown.
 * @returns One sentence without a stack trace, or `undefined` when the error is a defect of the program.
 */
export function sentence(error: unknown): string | undefined {
  if (error instanceof Problem) return error.message;
  if (!(error instanceof Error)) return undefined;
  const code = (error as { code?: string }).code;
  if (code === "ENOSPC" || /No space left on device|os error 28/.test(error.message)) {
    return `Cannot write: expected free space on the disk, got none left (${error.message})`;
  }
  if (error instanceof Deno.errors.NotFound) {
    return `Cannot read: expected an existing file, got none (${error.message})`;
  }
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return `Cannot access: expected permission, got a refusal (${error.message})`;
  }
  return undefined;
}
