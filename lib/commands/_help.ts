import type { Command, Option, Options, Positional } from "./_command.ts";
import { flagOf } from "./_arguments.ts";

/**
 * The text that a command's `--help` prints.
 *
 * @param definition The command.
 * @returns The text, without a line break at its end.
 */
export function helpOf<P extends readonly Positional[], O extends Options>(definition: Command<P, O>): string {
  const positionals: readonly Positional[] = definition.positionals ?? [];
  const options: Options = definition.options ?? {};
  const words = positionals.map(({ name, optional, many }) => {
    const word = `<${name}>${many ? "..." : ""}`;
    return optional ? `[${word}]` : word;
  });
  const sections = [
    `deno task ${[definition.name, ...words, "[options]"].join(" ")}`,
    `${definition.summary}.${definition.description ? `\n\n${definition.description}` : ""}`,
  ];
  if (positionals.length > 0) {
    sections.push(table("Arguments", positionals.map(({ name, summary }) => [`<${name}>`, summary])));
  }
  sections.push(table("Options", [
    ...Object.entries(options).map(([key, option]) => [usageOf(key, option), summaryOf(option)] as const),
    ["--help", "Print this"],
  ]));
  if (definition.examples?.length) {
    sections.push(["Examples:", ...definition.examples.map((line) => `  deno task ${line}`)].join("\n"));
  }
  return sections.join("\n\n");
}

/** Words "--seeds N". */
function usageOf(key: string, option: Option): string {
  if (option.type === "flag") return flagOf(key);
  const value = option.type === "choice" ? "NAME" : option.value ?? (option.type === "text" ? "TEXT" : "N");
  return `${flagOf(key)} ${value}`;
}

/** Words "How many seeds (at least 1; default 3)". */
function summaryOf(option: Option): string {
  const remarks: string[] = [];
  if (option.type === "choice") remarks.push(option.choices.join(", "));
  if ("min" in option && option.min !== undefined) remarks.push(`at least ${option.min}`);
  if ("max" in option && option.max !== undefined) remarks.push(`at most ${option.max}`);
  if ("many" in option && option.many) remarks.push("may be given again");
  if ("default" in option && option.default !== undefined) remarks.push(`default ${option.default}`);
  return remarks.length > 0 ? `${option.summary} (${remarks.join("; ")})` : option.summary;
}

/** Lays out two columns under a title. */
function table(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return [`${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)].join("\n");
}
