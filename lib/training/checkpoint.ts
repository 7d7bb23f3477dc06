/**
 * Checkpoints: everything that training needs to go on as if it had never stopped.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import { writeFileWhole } from "../image/mod.ts";
import type { NamedVariables } from "../nn/mod.ts";
import { tf } from "../runtime/mod.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

/** What a checkpoint holds beside the variables. */
export interface CheckpointNotes {
  /** Steps done. */
  readonly step: number;
  /** The model's name in the registry. */
  readonly model: string;
  /** Its sizes. */
  readonly sizes: Readonly<Record<string, number | string | readonly number[]>>;
}

/**
 * Writes a checkpoint; an older one under the same name is replaced only when the new one is whole.
 *
 * @param path Where to, ending in `.safetensors`.
 * @param variables What to save.
 * @param notes Step, model and sizes.
 */
export async function saveCheckpoint(path: string, variables: NamedVariables, notes: CheckpointNotes): Promise<void> {
  const tensors: Record<string, { shape: number[]; values: Float32Array }> = {};
  for (const [name, variable] of Object.entries(variables)) {
    tensors[name] = { shape: variable.shape, values: await variable.data<"float32">() };
  }
  const texts = { step: String(notes.step), model: notes.model, sizes: JSON.stringify(notes.sizes), writer: "doppel" };
  await writeFileWhole(path, encodeSafetensors({ tensors, notes: texts }));
}

/**
 * Reads what a checkpoint says of itself, to build the model that it belongs to.
 *
 * @param path The file.
 * @returns Step, model and sizes.
 * @throws Problem when it is missing or not a checkpoint.
 */
export async function readCheckpointNotes(path: string): Promise<CheckpointNotes> {
  return notesOf(await readTensors(path), path);
}

/**
 * Restores variables from a checkpoint.
 *
 * @param path The file.
 * @param variables What to restore; the file may hold more.
 * @param options `partial`: leave variables as they are that the file does not hold, but for the model's. Default false.
 * @returns What the checkpoint says of itself.
 * @throws Problem when the file is missing, damaged, or of another model; no variable is changed then.
 */
export async function loadCheckpoint(
  path: string,
  variables: NamedVariables,
  { partial = false }: { readonly partial?: boolean } = {},
): Promise<CheckpointNotes> {
  const file = await readTensors(path);
  const wanted = Object.entries(variables).filter(([name]) =>
    !partial || name.startsWith("model/") || file.tensors[name] !== undefined
  );
  for (const [name, variable] of wanted) {
    const found = file.tensors[name];
    if (!found || String(found.shape) !== String(variable.shape)) {
      const got = found ? `[${found.shape}]` : "none";
      throw cannot("load checkpoint", `${name} of shape [${variable.shape}]`, got, path);
    }
  }
  for (const [name, variable] of wanted) {
    const { values, shape } = file.tensors[name]!;
    tf.tidy(() => variable.assign(tf.tensor(values, [...shape], "float32")));
  }
  return notesOf(file, path);
}

async function readTensors(path: string) {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw cannot("read checkpoint", "a file", "none", path);
    throw error;
  }
  return decodeSafetensors(bytes, path);
}

function notesOf({ notes }: ReturnType<typeof decodeSafetensors>, path: string): CheckpointNotes {
  const { step, model, sizes } = notes;
  if (step === undefined || model === undefined || sizes === undefined) {
    throw cannot("read checkpoint", "notes on step, model and sizes", Object.keys(notes).join(", ") || "none", path);
  }
  return { step: Number(step), model, sizes: JSON.parse(sizes) };
}
