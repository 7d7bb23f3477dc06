/**
 * Opens the two stages of FaceShifter from folders of models that were trained by themselves.
 *
 * @module
 */

import { type DifferentiableEncoder, identityEncoder } from "doppel/faces/mod.ts";
import { type AeiModel, type HearModel, withHear } from "doppel/generators/mod.ts";
import { cannot } from "doppel/problem.ts";
import { loadAei, loadHear, readCheckpointNotes } from "doppel/training/mod.ts";
import { fileHash } from "./environment.ts";
import { checkpointOf, readModelDescription } from "./model_folder.ts";

/** An AEI-Net, opened. */
export interface OpenedAei {
  /** The running average of its training, whose weights are the caller's to dispose of. */
  readonly model: AeiModel;
  /** What identities are seen from in it, 128 numbers; see `identityDirections`. */
  readonly centre: Float32Array;
  /** Steps that it was trained for. */
  readonly steps: number;
  /** SHA-256 of its checkpoint, by which a HEAR-Net knows it again. */
  readonly sha256: string;
}

/** A HEAR-Net, opened on top of the AEI-Net that it was trained on. */
export interface OpenedHear {
  /** The second stage alone. */
  readonly hear: HearModel;
  /** Both stages as one model, to be used as an AEI-Net alone is; its weights are those of the first stage. */
  readonly model: AeiModel;
  /** Steps that the second stage was trained for. */
  readonly steps: number;
  /** Frees the second stage and the encoder; the first stage stays. */
  dispose(): void;
}

/**
 * Opens a trained AEI-Net.
 *
 * @example Give photographs an identity with a model of one's own
 * ```ts
 * import { openAei } from "doppel/experiment/mod.ts";
 * import { describeFaces, identityDirections } from "doppel/faces/mod.ts";
 * import { type FacePhoto, swapPhotos } from "doppel/generators/mod.ts";
 * import type { Picture } from "doppel/image/mod.ts";
 *
 * export async function swap(source: Picture, photos: FacePhoto[]) {
 *   const { model, centre } = await openAei("models/anybody");
 *   const described = await describeFaces([source], { encoder: "face_api_grey", content: "photographs" });
 *   return await swapPhotos(model, photos, identityDirections(described, centre)[0]!);
 * }
 * ```
 *
 * @param path The model's folder, or a checkpoint.
 * @returns The model, and what identities are seen from.
 * @throws {Problem} When there is none, or it is a model of another kind.
 */
export async function openAei(path: string): Promise<OpenedAei> {
  const checkpoint = await checkpointOf(path);
  const { model: name } = await readCheckpointNotes(checkpoint);
  if (name !== "aei") throw cannot("open model", "a model of aei", `one of ${name}`, path);
  return { ...await loadAei(checkpoint), sha256: await fileHash(checkpoint) ?? "" };
}

/**
 * Opens a trained HEAR-Net on top of its first stage.
 *
 * @param path The model's folder, or a checkpoint.
 * @param first The AEI-Net that it was trained on.
 * @returns Both stages as one model.
 * @throws {Problem} When there is none, it is a model of another kind, or it was trained on another AEI-Net.
 */
export async function openHear(path: string, first: OpenedAei): Promise<OpenedHear> {
  const checkpoint = await checkpointOf(path);
  const { model: name } = await readCheckpointNotes(checkpoint);
  if (name !== "hear") throw cannot("open model", "a model of hear", `one of ${name}`, path);
  const stage = checkpoint === path ? undefined : (await readModelDescription(path))?.stage;
  if (stage && stage.sha256 !== first.sha256) {
    const expected = `the AEI-Net that HEAR-Net was trained on, of ${stage.steps} steps`;
    throw cannot("open HEAR-Net", expected, `another, of ${first.steps} steps`, path);
  }
  const { model: hear, steps } = await loadHear(checkpoint);
  let encoder: DifferentiableEncoder | undefined;
  const dispose = () => {
    hear.weights.dispose();
    encoder?.dispose();
  };
  try {
    encoder = await identityEncoder({ centre: first.centre });
    return { hear, steps, model: withHear(first.model, hear, encoder), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
