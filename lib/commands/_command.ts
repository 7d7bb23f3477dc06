/**
 * What a command is: a name, typed arguments and options, and a function that does the work and can be stopped.
 *
 * @module
 */

/** An option that is either given or not. */
export interface FlagOption {
  readonly type: "flag";
  readonly summary: string;
}

/** An option with any text as its value. */
export interface TextOption {
  readonly type: "text";
  readonly summary: string;
  /** What the value is, in capitals, for the help ("DIR"). */
  readonly value?: string;
  readonly default?: string;
  /** Whether the option may be given more than once; its value is then an array. */
  readonly many?: boolean;
}

/** An option with a number as its value. */
export interface NumberOption {
  readonly type: "number" | "integer";
  readonly summary: string;
  readonly value?: string;
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

/** An option whose value is one of a few words. */
export interface ChoiceOption {
  readonly type: "choice";
  readonly summary: string;
  readonly choices: readonly string[];
  readonly default?: string;
}

/** Any option. */
export type Option = FlagOption | TextOption | NumberOption | ChoiceOption;

/** The options of a command by name; `maxSteps` is typed as `--max-steps`. */
export type Options = Readonly<Record<string, Option>>;

/** An argument that is told by its place. */
export interface Positional {
  readonly name: string;
  readonly summary: string;
  /** Whether it may be left out. */
  readonly optional?: boolean;
  /** Whether it takes all the rest; its value is then an array. Only the last one can. */
  readonly many?: boolean;
}

type Base<O extends Option> = O extends { type: "flag" } ? boolean
  : O extends { type: "number" | "integer" } ? number
  : O extends { choices: readonly (infer C)[] } ? C
  : string;

/** The type of an option's value. */
export type OptionValue<O extends Option> = O extends { many: true } ? Base<O>[]
  : O extends { type: "flag" } ? boolean
  : O extends { default: string | number } ? Base<O>
  : Base<O> | undefined;

/** The values of all options. */
export type OptionValues<O extends Options> = { -readonly [K in keyof O]: OptionValue<O[K]> };

/** The values of all positional arguments, by name. */
export type PositionalValues<P extends readonly Positional[]> = {
  [K in P[number] as K["name"]]: K extends { many: true } ? string[]
    : K extends { optional: true } ? string | undefined
    : string;
};

/** What a command's function gets beside its arguments. */
export interface Surroundings {
  /** Aborted by Ctrl-C and by SIGTERM: finish the step, save the work, return. */
  readonly signal: AbortSignal;
}

/** The definition of a command. */
export interface Command<P extends readonly Positional[] = readonly Positional[], O extends Options = Options> {
  /** What the user types after `deno task`. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** A paragraph or two for the help. */
  readonly description?: string;
  readonly positionals?: P;
  readonly options?: O;
  /** Command lines for the help, without `deno task`. */
  readonly examples?: readonly string[];
  /**
   * Does the work.
   *
   * @param positionals The positional arguments by name.
   * @param options The options by name.
   * @param surroundings The signal that asks it to stop.
   * @returns Nothing, or the exit code.
   */
  run(
    positionals: PositionalValues<P>,
    options: OptionValues<O>,
    surroundings: Surroundings,
  ): Promise<number | void> | number | void;
}

/**
 * Defines a command. The types of `run`'s arguments follow from the definition.
 *
 * @example A command with one argument and two options
 * ```ts
 * import { command, main, say } from "doppel/commands/mod.ts";
 *
 * export const count = command({
 *   name: "count",
 *   summary: "Count the files of a folder",
 *   positionals: [{ name: "folder", summary: "The folder" }],
 *   options: {
 *     limit: { type: "integer", summary: "Stop after this many", min: 1, default: 100 },
 *     json: { type: "flag", summary: "Print JSON" },
 *   },
 *   run({ folder }, { limit, json }) {
 *     const files = [...Deno.readDirSync(folder)].slice(0, limit).length;
 *     say(json ? JSON.stringify({ files }) : `${files} files`);
 *   },
 * });
 *
 * if (import.meta.main) await main(count);
 * ```
 *
 * @param definition The command.
 * @returns The same, typed.
 */
export function command<const P extends readonly Positional[] = [], const O extends Options = Record<never, never>>(
  definition: Command<P, O>,
): Command<P, O> {
  return definition;
}
