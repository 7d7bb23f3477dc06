/**
 * Typed settings: presets that say why, and overrides that are checked.
 *
 * @module
 */

import * as v from "valibot";
import { cannot, type Problem } from "doppel/problem.ts";
import { closest } from "./closest.ts";
import { flatten } from "./flatten.ts";

/** The sizes every experiment comes in, from seconds to the paper's own. */
export const presetNames = ["smoke", "quick", "standard", "paper"] as const;

/** One of the four sizes. */
export type PresetName = typeof presetNames[number];

/** A complete set of settings, why it is so, and what it costs. */
export interface Preset<Config> {
  /** Which size. */
  readonly name: PresetName;
  /** What this size is for, and why its numbers are what they are. */
  readonly why: string;
  /** What a run takes. */
  readonly cost: { readonly seconds: number; readonly on: string };
  /** Every setting. */
  readonly config: Config;
}

/**
 * Declares a preset and checks it at once, so that a mistake in it shows when the experiment is loaded.
 *
 * @param schema The experiment's settings: a valibot `strictObject`, nested ones too.
 * @param preset Name, reason, cost and settings.
 * @returns The preset with the schema's defaults filled in.
 * @throws {Problem} When the settings do not fit the schema.
 */
export function definePreset<Schema extends v.GenericSchema>(
  schema: Schema,
  { name, why, cost, config }: Preset<v.InferInput<Schema>>,
): Preset<v.InferOutput<Schema>> {
  return { name, why, cost, config: parse(schema, config, `preset ${name}`) };
}

/**
 * The settings of a run: a preset with single values replaced.
 *
 * @example A quick run with more steps
 * ```ts
 * import * as v from "valibot";
 * import { definePreset, resolveConfig } from "doppel/experiment/mod.ts";
 *
 * const schema = v.strictObject({ training: v.strictObject({ steps: v.pipe(v.number(), v.integer(), v.minValue(1)) }) });
 * const quick = definePreset(schema, {
 *   name: "quick", why: "a face is just recognisable", cost: { seconds: 240, on: "2 CPU cores" },
 *   config: { training: { steps: 1500 } },
 * });
 * resolveConfig(schema, quick, ["training.steps=3000"]); // { training: { steps: 3000 } }
 * ```
 *
 * @param schema The experiment's settings.
 * @param preset The preset to start from.
 * @param overrides `key=value`; the key is dotted, the value JSON or a bare word. A list may be given as `a,b,c`.
 * @param where Where the overrides come from, for messages.
 * @returns The checked settings.
 * @throws {Problem} One sentence for an unknown key (with the closest known one), a wrong type or a value out of range.
 */
export function resolveConfig<Schema extends v.GenericSchema>(
  schema: Schema,
  preset: Preset<v.InferOutput<Schema>>,
  overrides: readonly string[] = [],
  where = "--set",
): v.InferOutput<Schema> {
  const keys = settingKeys(schema, preset.config);
  let config: unknown = preset.config;
  for (const override of overrides) {
    const at = override.indexOf("=");
    const key = override.slice(0, at).trim();
    if (at < 1) throw cannot("change a setting", "key=value", JSON.stringify(override), where);
    if (!keys.includes(key)) throw unknownKey(key, keys, `${where} ${override}`);
    const path = key.split(".");
    const old = path.reduce<unknown>((object, part) => (object as Record<string, unknown> | undefined)?.[part], config);
    config = replaced(config, path, valueOf(override.slice(at + 1).trim(), Array.isArray(old)));
    // Checked one at a time, so that the message can name the one that is wrong.
    parse(schema, config, `${where} ${override}`, keys);
  }
  return parse(schema, config, where, keys);
}

/** Every key that can be set, dotted: those of the schema, and those that the config has beyond what a schema tells. */
function settingKeys(schema: v.GenericSchema, config: unknown): string[] {
  const inSchema = (node: unknown, prefix: string): string[] => {
    const { entries, wrapped } = node as { entries?: Record<string, unknown>; wrapped?: unknown };
    if (wrapped) return inSchema(wrapped, prefix);
    if (!entries) return prefix ? [prefix] : [];
    return Object.entries(entries).flatMap(([key, entry]) => inSchema(entry, prefix ? `${prefix}.${key}` : key));
  };
  return [...new Set([...inSchema(schema, ""), ...(config === undefined ? [] : flatten(config).keys())])];
}

function valueOf(text: string, list: boolean): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return list && !Array.isArray(value) ? [value] : value;
  } catch {
    return list ? text.split(",").map((part) => valueOf(part.trim(), false)) : text;
  }
}

function replaced(config: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const object = (config ?? {}) as Record<string, unknown>;
  return { ...object, [key]: replaced(object[key], rest, value) };
}

function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  config: unknown,
  where: string,
  keys = settingKeys(schema, undefined),
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, config);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const key = v.getDotPath(issue) ?? "settings";
  if (issue.type === "strict_object" && issue.expected === "never") throw unknownKey(key, keys, where);
  const input = JSON.stringify(issue.input) ?? "nothing";
  throw cannot(`set ${key}`, expectation(issue), input, where);
}

/** What a valibot issue asked for, in words. */
function expectation(issue: v.BaseIssue<unknown>): string {
  const { expected, requirement, type } = issue as typeof issue & { requirement?: unknown };
  if (type === "integer") return "a whole number";
  if (type === "picklist" || type === "enum" || type === "literal" || type === "union" || type === "variant") {
    return String(expected).replace(/^\((.*)\)$/, "$1").replaceAll(" | ", " or ");
  }
  const bound = typeof requirement === "number" ? /^(>=|<=|>|<)/.exec(String(expected))?.[1] : undefined;
  const words = { ">=": "at least", "<=": "at most", ">": "more than", "<": "less than" } as Record<string, string>;
  if (bound) return `${type.includes("length") ? "a length of " : ""}${words[bound]} ${requirement}`;
  const kinds: Record<string, string> = {
    number: "a number",
    string: "a word",
    boolean: "true or false",
    Array: "a list",
    Object: "a group of settings",
  };
  return expected ? kinds[expected] ?? expected : issue.message;
}

function unknownKey(key: string, keys: readonly string[], where: string): Problem {
  const near = closest(key, keys);
  return cannot(
    `set ${key}`,
    near ? `a known key, perhaps ${near}` : `one of ${keys.join(", ")}`,
    "an unknown one",
    where,
  );
}
