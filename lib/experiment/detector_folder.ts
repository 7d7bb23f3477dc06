/**
 * The folder of a detector that was trained by itself: beside its weights, how pictures are prepared for it, from which score on
 * it calls them forged, and how well it did on pictures that it did not learn from.
 *
 * @module
 */

import { join } from "node:path";
import * as v from "valibot";
import type { Preparation } from "doppel/data/mod.ts";
import { type Detector, detectors, pictureSide } from "doppel/detectors/mod.ts";
import type { DetectionFigures } from "doppel/evaluation/mod.ts";
import { cannot } from "doppel/problem.ts";
import { checkpointName, loadDetector, readCheckpointNotes } from "doppel/training/mod.ts";
import type { Environment } from "./environment.ts";
import { readJson, writeJson } from "./records.ts";

/** How well a detector does on a split. */
export interface DetectorFigures extends DetectionFigures {
  /** Real pictures in the split. */
  readonly real: number;
  /** Forged pictures in the split. */
  readonly forged: number;
}

/** What `model.json` of a detector says. */
export interface DetectorDescription {
  /** Its name in the registry of detectors. */
  readonly model: string;
  readonly sizes: Readonly<Record<string, number | string | readonly number[]>>;
  /** How pictures are prepared for it. */
  readonly pictures: Preparation;
  /** Pictures that score at least this are called forged; null where no validation pictures chose it. */
  readonly threshold: number | null;
  /** Figures on validation and test pictures; null where there were none, or training has not ended. */
  readonly figures: Readonly<Record<"validation" | "test", DetectorFigures | null>>;
  /** The detector that it was brought from, and by which method. */
  readonly from?: { readonly sha256: string; readonly steps: number; readonly method: string };
  /** How it was trained, under the names of the options. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** When it was begun, ISO 8601. */
  readonly created: string;
  /** What it was trained on. */
  readonly environment: Environment;
}

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const figures = v.nullable(
  v.object({ real: whole, forged: whole, auc: share, ap: share, eer: share, accuracy: share }),
);
const schema = v.looseObject({
  model: v.string(),
  sizes: v.record(v.string(), v.union([v.number(), v.string(), v.array(v.number())])),
  pictures: v.object({
    resolution: v.pipe(v.number(), v.integer(), v.minValue(1)),
    crop: v.nullable(v.object({ x: whole, y: whole, width: whole, height: whole })),
    margin: v.nullable(v.pipe(v.number(), v.minValue(0))),
    quality: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
  }),
  threshold: v.nullable(share),
  figures: v.object({ validation: figures, test: figures }),
  from: v.optional(v.object({ sha256: v.string(), steps: whole, method: v.string() })),
  settings: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
  created: v.string(),
});

const fileOf = (folder: string) => join(folder, "model.json");
const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

/**
 * Writes a detector's `model.json`.
 *
 * @param folder The detector's folder; made when it is not there.
 * @param description What it says.
 */
export async function describeDetector(folder: string, description: DetectorDescription): Promise<void> {
  await writeJson(fileOf(folder), description);
}

/**
 * Reads a detector's `model.json`.
 *
 * @param folder The detector's folder.
 * @returns What it says; nothing when there is none.
 * @throws {Problem} When it is that of another model, or not as it should be.
 */
export async function readDetectorDescription(folder: string): Promise<DetectorDescription | undefined> {
  const path = fileOf(folder);
  if (!await exists(path)) return undefined;
  const json = await readJson(path, "detector");
  const { model } = json as { readonly model?: unknown };
  if (typeof model !== "string" || !Object.hasOwn(detectors, model)) {
    throw cannot("read detector", `a detector (${Object.keys(detectors).join(", ")})`, String(model), path);
  }
  const read = v.safeParse(schema, json);
  if (!read.success) {
    const [issue] = read.issues;
    const where = `${path}: ${v.getDotPath(issue) ?? "all of it"}`;
    throw cannot("read detector", "what task train writes", issue.message, where);
  }
  return read.output as unknown as DetectorDescription;
}

/** A detector, opened. */
export interface OpenedDetector {
  readonly model: Detector;
  /** Steps that these weights were trained for. */
  readonly steps: number;
  /** The file that they are from. */
  readonly checkpoint: string;
  /** How pictures are to be prepared: as in training, or as detectors see them by default where nothing is known of that. */
  readonly pictures: Preparation;
  /** From its `model.json`; a checkpoint by itself has none. */
  readonly description: DetectorDescription | undefined;
}

/** The margin round faces that detectors see unless told otherwise. */
export const DETECTOR_MARGIN = 0.3;

/**
 * Opens a trained detector: the best weights by validation where there are any, or else the last.
 *
 * @example Score a photograph with a detector of one's own
 * ```ts
 * import { compressSquare, cutPicture } from "doppel/data/mod.ts";
 * import { judgePictures } from "doppel/detectors/mod.ts";
 * import { openDetector } from "doppel/experiment/mod.ts";
 * import { readPicture } from "doppel/image/mod.ts";
 *
 * export async function score(path: string) {
 *   const { model, pictures } = await openDetector("models/detector");
 *   const { squares } = await cutPicture(await readPicture(path), pictures);
 *   const seen = await Promise.all(squares.map((square) => compressSquare(square, pictures.quality)));
 *   return await judgePictures(model, seen.map(({ picture }) => picture));
 * }
 * ```
 *
 * @param path The detector's folder, or a checkpoint.
 * @returns The detector with its weights, which are the caller's to dispose of.
 * @throws {Problem} When there is none, or it is a model of another kind.
 */
export async function openDetector(path: string): Promise<OpenedDetector> {
  const stat = await Deno.stat(path).catch(() => undefined);
  const description = stat?.isDirectory ? await readDetectorDescription(path) : undefined;
  const checkpoint = stat?.isFile ? path : await firstThere([join(path, BEST), join(path, checkpointName)]);
  if (checkpoint === undefined) {
    throw cannot("open detector", "a folder of task train", stat ? "one without a checkpoint" : "none", path);
  }
  const { step } = await readCheckpointNotes(checkpoint);
  const model = await loadDetector(checkpoint);
  try {
    const plain = { resolution: pictureSide(model.input), crop: null, margin: DETECTOR_MARGIN, quality: null };
    return { model, steps: step, checkpoint, pictures: description?.pictures ?? plain, description };
  } catch (error) {
    model.weights.dispose();
    throw error;
  }
}

/** What `trainDetector` calls the best weights. */
const BEST = "best.safetensors";

async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(path)) return path;
  return undefined;
}
