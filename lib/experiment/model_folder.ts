/**
 * The folder of a model that was trained by itself, outside of an experiment: what it is, for whom, how it was trained and on
 * what, beside its checkpoint.
 *
 * @module
 */

import { join } from "node:path";
import * as v from "valibot";
import { FACE_TYPES, type FaceType, type XSeg } from "doppel/faces/mod.ts";
import {
  df,
  type FacePairModel,
  liae,
  type Sizes,
  upscaler,
  type UpscalerModel,
  type UpscalerSizes,
} from "doppel/generators/mod.ts";
import { cannot } from "doppel/problem.ts";
import { checkpointName, loadCheckpoint, loadXSeg, prefixed, readCheckpointNotes } from "doppel/training/mod.ts";
import type { Environment } from "./environment.ts";
import { readJson, writeJson } from "./records.ts";

/** Models that have a folder. */
export const TRAINED_MODELS = ["df", "liae", "aei", "hear", "xseg", "super_resolution"] as const;

/** One of {@linkcode TRAINED_MODELS}. */
export type TrainedModelName = typeof TRAINED_MODELS[number];

/** What `model.json` says. */
export interface ModelDescription {
  readonly model: TrainedModelName;
  /** The model's sizes, as its checkpoint has them. */
  readonly sizes: Readonly<Record<string, number | string | readonly number[]>>;
  /** How its faces were cut out. */
  readonly face_type: FaceType;
  /** Whose faces a pair was trained on, and how many of each. */
  readonly persons?: Readonly<Record<"source" | "destination", { readonly name: string; readonly faces: number }>>;
  /** Of a HEAR-Net, the checkpoint of the AEI-Net that it was trained on: SHA-256 and steps. */
  readonly stage?: { readonly sha256: string; readonly steps: number };
  /** How it was trained, under the names of the options. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** When it was begun, ISO 8601. */
  readonly created: string;
  /** What it was trained on. */
  readonly environment: Environment;
}

const setting = v.union([v.string(), v.number(), v.boolean()]);
const person = v.object({ name: v.string(), faces: v.number() });
const schema = v.looseObject({
  model: v.picklist(TRAINED_MODELS),
  sizes: v.record(v.string(), v.union([v.number(), v.string(), v.array(v.number())])),
  face_type: v.picklist(FACE_TYPES as [FaceType, ...FaceType[]]),
  persons: v.optional(v.object({ source: person, destination: person })),
  stage: v.optional(v.object({ sha256: v.string(), steps: v.number() })),
  settings: v.record(v.string(), setting),
  created: v.string(),
});

const fileOf = (folder: string) => join(folder, "model.json");
const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

/**
 * Writes `model.json`.
 *
 * @param folder The model's folder; made when it is not there.
 * @param description What it says.
 */
export async function describeModel(folder: string, description: ModelDescription): Promise<void> {
  await writeJson(fileOf(folder), description);
}

/**
 * Reads `model.json`.
 *
 * @param folder The model's folder.
 * @returns What it says; nothing when there is none.
 * @throws {Problem} When it is not as it should be.
 */
export async function readModelDescription(folder: string): Promise<ModelDescription | undefined> {
  const path = fileOf(folder);
  if (!await exists(path)) return undefined;
  const read = v.safeParse(schema, await readJson(path, "model"));
  if (!read.success) {
    const [issue] = read.issues;
    throw cannot(
      "read model",
      "what task train writes",
      issue.message,
      `${path}: ${v.getDotPath(issue) ?? "all of it"}`,
    );
  }
  return read.output as unknown as ModelDescription;
}

/**
 * The checkpoint of a model.
 *
 * @param path The model's folder, or a checkpoint itself.
 * @returns The checkpoint's path.
 * @throws {Problem} When there is none.
 */
export async function checkpointOf(path: string): Promise<string> {
  const stat = await Deno.stat(path).catch(() => undefined);
  if (stat?.isFile) return path;
  const file = join(path, checkpointName);
  if (stat && await exists(file)) return file;
  throw cannot("open model", "a folder of task train", stat ? "one without a checkpoint" : "none", path);
}

/** A model of two persons, opened. */
export interface OpenedPair {
  readonly model: FacePairModel;
  /** Steps that it was trained for. */
  readonly steps: number;
  /** From its `model.json`; a checkpoint by itself has none. */
  readonly description: ModelDescription | undefined;
}

/**
 * Opens a trained model of two persons.
 *
 * @example Swap with a model of one's own
 * ```ts
 * import { openPair } from "doppel/experiment/mod.ts";
 * import { convertPhotos, type FacePhoto } from "doppel/generators/mod.ts";
 *
 * export async function swap(photos: FacePhoto[]) {
 *   const { model, description } = await openPair("models/anna_onto_bert");
 *   return await convertPhotos(model, photos, { faceType: description!.face_type });
 * }
 * ```
 *
 * @param path The model's folder, or a checkpoint of an experiment's run.
 * @returns The model with its weights, which are the caller's to dispose of.
 * @throws {Problem} When there is none, or it is a model of another kind.
 */
export async function openPair(path: string): Promise<OpenedPair> {
  const checkpoint = await checkpointOf(path);
  const { model: name, sizes, step } = await readCheckpointNotes(checkpoint);
  if (name !== "df" && name !== "liae") throw cannot("open model", "a model of df or liae", `one of ${name}`, path);
  const model = (name === "df" ? df : liae)(sizes as unknown as Sizes, 1);
  await loadWeights(checkpoint, model);
  return { model, steps: step, description: checkpoint === path ? undefined : await readModelDescription(path) };
}

/**
 * Opens a trained super-resolution network.
 *
 * @param path The model's folder, or a checkpoint.
 * @returns The network with its weights.
 * @throws {Problem} When there is none, or it is a model of another kind.
 */
export async function openUpscaler(path: string): Promise<UpscalerModel> {
  const checkpoint = await checkpointOf(path);
  const { model: name, sizes } = await readCheckpointNotes(checkpoint);
  if (name !== "super_resolution") throw cannot("open model", "a super_resolution network", `one of ${name}`, path);
  const model = upscaler(sizes as unknown as UpscalerSizes, 1);
  await loadWeights(checkpoint, model);
  return model;
}

/**
 * Opens a trained segmentation network.
 *
 * @param path The model's folder, or a checkpoint.
 * @returns The network with its weights.
 * @throws {Problem} When there is none, or it is a model of another kind.
 */
export async function openXSeg(path: string): Promise<XSeg> {
  return await loadXSeg(await checkpointOf(path));
}

async function loadWeights(checkpoint: string, { weights }: Pick<FacePairModel, "weights">): Promise<void> {
  try {
    await loadCheckpoint(checkpoint, prefixed("model", weights.named()));
  } catch (error) {
    weights.dispose();
    throw error;
  }
}
