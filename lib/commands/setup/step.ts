/**
 * What set-up consists of.
 *
 * @module
 */

import type { Terminal } from "../_terminal.ts";
import type { Child } from "./child.ts";

/** What a step works with. */
export interface SetupContext {
  /** The project folder. */
  readonly root: string;
  /** Where it tells its progress. */
  readonly terminal: Terminal;
  /** Runs a program; its end is awaited. */
  readonly run: (child: Child) => Promise<string>;
}

/** One thing that set-up makes. */
export interface Step {
  /** What it makes, in a few words. */
  readonly title: string;
  /** Bytes of disk that it needs while it works. */
  readonly bytes: number;
  /** Whether it is there and whole. Takes milliseconds. */
  isDone(): boolean;
  /** Makes it, from nothing or from what an aborted set-up left. */
  make(context: SetupContext): Promise<void>;
}
