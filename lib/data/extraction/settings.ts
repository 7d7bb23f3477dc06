/**
 * What an extraction is asked for: settings that are fixed once it has begun, since everything written depends on them,
 * and filters and order, which can be changed by calling again on the same folder.
 *
 * @module
 */

import * as v from "valibot";
import { cannot } from "doppel/problem.ts";
import { FACE_TYPES, type FaceType } from "doppel/faces/mod.ts";

/** In which format the frames of a video are kept. */
export type FrameFormat = "png" | "jpeg";

/** What is fixed once an extraction has begun. */
export interface ExtractionSettings {
  /** Absolute path of the photograph, folder or video. */
  readonly input: string;
  /** Side of the aligned pictures in pixels. */
  readonly size: number;
  /** How much of the head they show. */
  readonly faceType: FaceType;
  /** Least score of the detector, in (0, 1). */
  readonly minScore: number;
  /** Whether faces are looked for upright only, and not in the picture turned by quarters too. */
  readonly upright: boolean;
  /** Whose faces all of them are; `null` when sub-folders, or the name of the input, tell. */
  readonly person: string | null;
  /** Of a video, every so many frames. */
  readonly every: number;
  /** Where in a video to begin, in seconds. */
  readonly from: number | null;
  /** Where in a video to end, in seconds. */
  readonly to: number | null;
  /** How frames of a video are kept. */
  readonly frameFormat: FrameFormat;
}

/** The schema of {@linkcode ExtractionSettings}, for the journal. */
export const settingsSchema: v.GenericSchema<unknown, ExtractionSettings> = v.strictObject({
  input: v.string(),
  size: v.pipe(v.number(), v.integer()),
  faceType: v.picklist(FACE_TYPES),
  minScore: v.number(),
  upright: v.boolean(),
  person: v.nullable(v.string()),
  every: v.pipe(v.number(), v.integer()),
  from: v.nullable(v.number()),
  to: v.nullable(v.number()),
  frameFormat: v.picklist(["png", "jpeg"]),
});

/** Which faces are left out. */
export interface FaceFilters {
  /** Whether only the largest face of each picture stays. */
  readonly oneFace: boolean;
  /** Least shorter side of the detector's box, in pixels of the photograph. */
  readonly minSize: number;
  /** Least sharpness, see `laplacianVariance`. */
  readonly minSharpness: number;
  /** A face that differs from a kept one by no more than this is a duplicate; in steps of 1/255, see `faceDistance`. */
  readonly duplicates: number;
  /** What becomes of faces that are not of the person that most of a folder, or of a video, shows. */
  readonly strangers: "drop" | "keep";
}

/**
 * What filters do when nothing else is asked for. 40 pixels is DeepFaceLab's least face. The bound for duplicates lies well
 * below the distance of different photographs of one sitting, 8.7 and more among the bundled ones. Copies of one photograph
 * differ because their landmarks do: stored anew as JPEG of quality 90 by 2.5 in the middle, by 5 when halved.
 */
export const DEFAULT_FILTERS: FaceFilters = {
  oneFace: false,
  minSize: 40,
  minSharpness: 0,
  duplicates: 5,
  strangers: "drop",
};

/** By what faces can be put in order. */
export const FACE_ORDERS = ["name", "blur", "yaw", "pitch", "similarity", "brightness", "size"] as const;

/** An order of faces; see `sortFaces`. */
export type FaceOrder = typeof FACE_ORDERS[number];

/**
 * Refuses settings and filters that nothing could be made with.
 *
 * @param settings The settings.
 * @param filters The filters.
 * @throws {Problem} Naming the first that is out of range.
 */
export function requireSettings(settings: ExtractionSettings, filters: FaceFilters): void {
  const { size, faceType, minScore, every, from, to } = settings;
  const refuse = (expected: string, got: unknown, name: string) => {
    throw cannot("extract faces", expected, String(got), name);
  };
  if (!(Number.isInteger(size) && size >= 32 && size <= 2048)) refuse("a whole number from 32 to 2048", size, "size");
  if (!FACE_TYPES.includes(faceType)) refuse(`one of ${FACE_TYPES.join(", ")}`, `"${faceType}"`, "face type");
  if (!(minScore > 0 && minScore < 1)) refuse("a number between 0 and 1", minScore, "least score");
  if (!(Number.isInteger(every) && every >= 1)) refuse("a whole number of at least 1", every, "every");
  if (from !== null && !(from >= 0)) refuse("0 seconds or more", from, "from");
  if (to !== null && !(to > (from ?? 0))) refuse(`a time after ${from ?? 0} s`, `${to} s`, "to");
  for (const name of ["minSize", "minSharpness", "duplicates"] as const) {
    if (!(filters[name] >= 0)) refuse("a number of at least 0", filters[name], name);
  }
}
