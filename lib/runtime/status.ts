/**
 * TensorFlow's status objects turned into exceptions.
 *
 * @module
 */

import { readCString } from "./memory.ts";
import type { TensorFlowCalls } from "./symbols.ts";

/** A failure inside TensorFlow, with the op and the shapes of its inputs where an op failed. */
export class TensorFlowError extends Error {
  override readonly name: string = "TensorFlowError";

  /**
   * @param message TensorFlow's own words with what was being done.
   * @param code TensorFlow's status code (3 invalid argument, 5 not found, 8 resource exhausted, 12 unimplemented).
   */
  constructor(message: string, readonly code: number) {
    super(message);
  }
}

/** One reusable status object and what is done with it. */
export interface Status {
  /** The native object, passed to a call that reports into it. */
  readonly handle: bigint;
  /** Throws a {@linkcode TensorFlowError} when the last call failed; `doing` is only called then. */
  check(doing: () => string): void;
  /** Frees the native object. */
  delete(): void;
}

/**
 * Makes a status object.
 *
 * @param calls The loaded library.
 * @returns The object, to be reused for calls that follow one another on one thread.
 */
export function newStatus(calls: TensorFlowCalls): Status {
  const handle = calls.TF_NewStatus();
  return {
    handle,
    check(doing) {
      const code = calls.TF_GetCode(handle);
      if (code === 0) return;
      // Messages carry the node and file of the failing kernel behind the first line; the first line says what is wrong.
      const message = readCString(calls.TF_Message(handle)).split("\n")[0]!.trim();
      throw new TensorFlowError(`${doing()}: ${message}`, code);
    },
    delete: () => calls.TF_DeleteStatus(handle),
  };
}
