/**
 * Commands: one file for each thing that `deno task` can do, the frame they are built on ({@linkcode command},
 * {@linkcode main}) and the only code that writes to the terminal ({@linkcode say}, {@linkcode note},
 * {@linkcode progress}). A command reads its arguments, calls the rooms above and words the outcome; what it computes
 * lives in those rooms.
 *
 * @module
 */

export {
  type ChoiceOption,
  type Command,
  command,
  type FlagOption,
  type NumberOption,
  type Option,
  type Options,
  type OptionValue,
  type OptionValues,
  type Positional,
  type PositionalValues,
  type Surroundings,
  type TextOption,
} from "./_command.ts";
export { closest } from "./_closest.ts";
export { execute, type ExecuteOptions, exitCode, main } from "./_main.ts";
export { helpOf } from "./_help.ts";
export {
  createTerminal,
  fail,
  note,
  progress,
  type ProgressLine,
  type ProgressLineOptions,
  say,
  type Sink,
  type Terminal,
  terminal,
  type TerminalOptions,
} from "./_terminal.ts";
export { setUp, type SetUpOptions } from "./setup.ts";
