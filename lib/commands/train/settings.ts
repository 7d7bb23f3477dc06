/**
 * The settings of a training: what was typed, over what the model's folder holds, over the defaults.
 *
 * @module
 */

import { type ModelDescription, readModelDescription } from "../../experiment/mod.ts";
import { cannot } from "../../problem.ts";
import { flagOf } from "../_arguments.ts";

/** Settings by the names of the options. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** What was typed; what was not is undefined, a flag false. */
export type Typed = Readonly<Record<string, string | number | boolean | undefined>>;

/** Settings that a training may go on with although they have changed: they do not change what a step computes. */
const FREE: ReadonlySet<string> = new Set(["steps", "sampleEvery", "saveEvery"]);

/** What a training goes by. */
export interface Resolved {
  readonly settings: Settings;
  /** What the folder said already, when it is gone on with. */
  readonly stored: Begun | undefined;
}

/** What a training that is gone on with looks up. */
export type Begun = Pick<ModelDescription, "settings" | "created" | "environment" | "stage"> & {
  readonly model: string;
};

/**
 * Resolves the settings of a training, new or gone on with.
 *
 * @param folder The model's folder.
 * @param model Which model.
 * @param typed What was typed.
 * @param defaults The model's defaults, which also say what it can be told.
 * @param options `optional`: settings without a default that it has as well; `resume`: only go on; `read`: reads what the folder
 * says, by default as that of a model that makes something.
 * @returns The settings.
 * @throws {Problem} When a setting is not this model's, or differs from those that the folder was begun with.
 */
export async function resolveSettings(
  folder: string,
  model: string,
  typed: Typed,
  defaults: Settings,
  { optional, resume, read = readModelDescription }: {
    readonly optional: readonly string[];
    readonly resume: boolean;
    readonly read?: (folder: string) => Promise<Begun | undefined>;
  },
): Promise<Resolved> {
  const given = Object.entries(typed).filter((entry): entry is [string, string | number | boolean] =>
    entry[1] !== undefined && entry[1] !== false
  );
  const stranger = given.find(([key]) => !(key in defaults) && !optional.includes(key));
  if (stranger) throw cannot(`train ${model}`, "one of its options", flagOf(stranger[0]), "it has no meaning there");
  const stored = await read(folder);
  if (!stored) {
    if (resume) throw cannot("go on training", "a folder of task train", "none", folder);
    await requireEmpty(folder);
    return { settings: { ...defaults, ...Object.fromEntries(given) }, stored };
  }
  if (stored.model !== model) throw cannot("go on training", `the model ${stored.model}`, model, folder);
  for (const [key, value] of given) {
    const before = stored.settings[key];
    if (FREE.has(key) || before === value) continue;
    throw cannot(
      "go on training",
      before === undefined ? `no ${flagOf(key)}, as at the beginning` : `${flagOf(key)} ${before}, as at the beginning`,
      String(value),
      `${folder}; to change it, train into another folder with --continue ${folder}`,
    );
  }
  return { settings: { ...stored.settings, ...Object.fromEntries(given) }, stored };
}

/** A folder with other things in it is not written into. */
async function requireEmpty(folder: string): Promise<void> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return [];
    if (error instanceof Deno.errors.NotADirectory) throw cannot("train", "a folder to write to", "a file", folder);
    throw error;
  });
  if (names.length > 0) {
    throw cannot("train", "a new folder, or one to go on with", `one with ${names[0]} and no model.json`, folder);
  }
}
