/**
 * Reads the words after a command's name into typed values, or says in one sentence what is wrong with them.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { cannot } from "../problem.ts";
import { closest } from "./_closest.ts";
import type { Command, Option, Options, OptionValues, Positional, PositionalValues } from "./_command.ts";

/** What was typed. */
export interface Arguments<P extends readonly Positional[], O extends Options> {
  readonly positionals: PositionalValues<P>;
  readonly options: OptionValues<O>;
}

/**
 * The words of an option as they are typed.
 *
 * @param key The option's name in the definition ("maxSteps").
 * @returns "--max-steps".
 */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Reads a command's arguments.
 *
 * @param definition The command.
 * @param args The words after its name.
 * @returns The typed values, or "help" when help was asked for.
 * @throws {Problem} When an option is unknown, lacks its value or has a wrong one, or an argument is missing or too many.
 */
export function readArguments<P extends readonly Positional[], O extends Options>(
  definition: Command<P, O>,
  args: readonly string[],
): Arguments<P, O> | "help" {
  const options: Options = definition.options ?? {};
  const keys = new Map(Object.keys(options).map((key) => [flagOf(key).slice(2), key]));
  const action = `run ${definition.name}`;
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      help: { type: "boolean", short: "h" },
      ...Object.fromEntries([...keys].map(([flag, key]) => [flag, {
        type: options[key]!.type === "flag" ? "boolean" as const : "string" as const,
      }])),
    },
  });
  if (tokens.some((token) => token.kind === "option" && token.name === "help")) return "help";

  const words: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(options)) {
    if (option.type === "flag") values[key] = false;
    else if ("many" in option && option.many) values[key] = [];
    else values[key] = option.default;
  }
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const key = keys.get(token.name);
    if (key === undefined) {
      const near = closest(token.name, [...keys.keys(), "help"]);
      throw cannot(
        action,
        near ? `--${near} or another of its options` : "one of its options",
        token.rawName,
        "see --help",
      );
    }
    const value = readValue(action, token.rawName, options[key]!, token.value, token.inlineValue ?? false, keys);
    if (Array.isArray(values[key])) values[key].push(value);
    else values[key] = value;
  }
  return {
    positionals: placeWords(action, definition.positionals ?? [], words) as PositionalValues<P>,
    options: values as OptionValues<O>,
  };
}

/** Reads the value of one option. */
function readValue(
  action: string,
  flag: string,
  option: Option,
  value: string | undefined,
  inline: boolean,
  keys: ReadonlyMap<string, string>,
): unknown {
  if (option.type === "flag") {
    if (value !== undefined) throw cannot(action, "no value", `"${value}"`, flag);
    return true;
  }
  const isNextFlag = !inline && value?.startsWith("--") && keys.has(value.slice(2).split("=")[0]!);
  if (value === undefined || value === "" || isNextFlag) {
    throw cannot(action, `a value after ${flag}`, isNextFlag ? value! : "none", "see --help");
  }
  if (option.type === "text") return value;
  if (option.type === "choice") {
    if (option.choices.includes(value)) return value;
    const near = closest(value, option.choices);
    throw cannot(
      action,
      `one of ${option.choices.join(", ")}`,
      `"${value}"${near ? `; did you mean ${near}?` : ""}`,
      flag,
    );
  }
  const { min = -Infinity, max = Infinity } = option;
  const number = Number(value);
  const isFit = Number.isFinite(number) && number >= min && number <= max;
  if (isFit && (option.type === "number" || Number.isSafeInteger(number))) return number;
  throw cannot(action, describeRange(option.type, min, max), `"${value}"`, flag);
}

/** Words what number is expected. */
function describeRange(type: "number" | "integer", min: number, max: number): string {
  const noun = type === "integer" ? "a whole number" : "a number";
  if (min > -Infinity && max < Infinity) return `${noun} from ${min} to ${max}`;
  if (min > -Infinity) return `${noun} of at least ${min}`;
  if (max < Infinity) return `${noun} of at most ${max}`;
  return noun;
}

/** Gives the words their names. */
function placeWords(action: string, positionals: readonly Positional[], words: string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const rest = [...words];
  for (const { name, summary, optional, many } of positionals) {
    if (rest.length === 0 && !optional) {
      throw cannot(
        action,
        `<${name}> (${summary.charAt(0).toLowerCase()}${summary.slice(1)})`,
        "nothing",
        "see --help",
      );
    }
    values[name] = many ? rest.splice(0) : rest.shift();
  }
  if (rest.length > 0) {
    const most = positionals.length;
    const expected = most === 0 ? "no arguments" : `at most ${most} argument${most === 1 ? "" : "s"}`;
    throw cannot(action, expected, `"${rest[0]}" as one more`, "see --help");
  }
  return values;
}
