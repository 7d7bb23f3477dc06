/**
 * How an extraction is asked for, and what comes of it.
 *
 * @module
 */

import type { FaceType } from "doppel/faces/mod.ts";
import type { ExtractionSummary } from "./extraction_summary.ts";
import type { JudgedFace } from "./judge_faces.ts";
import type { PhotoRecord } from "./records.ts";
import type { ExtractionSettings, FaceFilters, FaceOrder, FrameFormat } from "./settings.ts";
import type { FrameReader } from "./sources.ts";

/** How faces are extracted. */
export interface ExtractOptions {
  /** Side of the aligned pictures in pixels, 32 to 2048. Default 256. */
  readonly size?: number;
  /** How much of the head they show. Default `full`. */
  readonly faceType?: FaceType;
  /** Least score of the detector, in (0, 1). Default 0.5. */
  readonly minScore?: number;
  /** True to look for upright faces only. Default false: where they are doubtful or missing, pictures are turned by quarters. */
  readonly upright?: boolean;
  /** Whose faces all of them are. By default sub-folders tell, or the name of the input where there are none. */
  readonly person?: string;
  /** Of a video, every so many frames. Default 1. */
  readonly every?: number;
  /** Where in a video to begin, in seconds. Default its beginning. */
  readonly from?: number;
  /** Where in a video to end, in seconds. Default its end. */
  readonly to?: number;
  /** How frames of a video are kept. Default `png`, which loses nothing. */
  readonly frameFormat?: FrameFormat;
  /** Reads videos; without it a video is listed as unreadable. */
  readonly frames?: FrameReader;
  /** Which faces are left out; what is not given is as in `DEFAULT_FILTERS`. */
  readonly filters?: Partial<FaceFilters>;
  /** Order of the faces in the result and on the contact sheets. Default `name`. */
  readonly sort?: FaceOrder;
  /** Told after each photograph, and after each contact sheet; `total` is missing while the length of a video is not known. */
  readonly onProgress?: (step: ExtractionStep) => void;
  /** Ends the extraction after the photograph at hand; what was done by then is a face set. */
  readonly signal?: AbortSignal;
}

/** How far an extraction is. */
export interface ExtractionStep {
  readonly phase: "looking for faces" | "drawing contact sheets";
  readonly done: number;
  readonly total?: number;
  /** Faces found so far. */
  readonly faces: number;
}

/** What came of an extraction. */
export interface Extraction {
  /** The folder, a face set. */
  readonly folder: string;
  /** Its name. */
  readonly name: string;
  /** Whether everything was looked at; false when it was stopped. */
  readonly isComplete: boolean;
  readonly settings: ExtractionSettings;
  readonly filters: FaceFilters;
  readonly sort: FaceOrder;
  /** Versions of the packages that found the faces. */
  readonly packages: Readonly<Record<string, string>>;
  /** Photographs and frames that were looked at. */
  readonly photos: readonly PhotoRecord[];
  /** All faces in order, those left out with the reason. */
  readonly faces: readonly JudgedFace[];
  /** Files of the input that are neither photograph nor video. */
  readonly others: readonly string[];
  /** What an earlier call found in files that the input no longer holds; no part of the set any more. */
  readonly gone: readonly PhotoRecord[];
  /** Contact sheets, paths from the folder. */
  readonly sheets: { readonly kept: readonly string[]; readonly dropped: readonly string[] };
  readonly summary: ExtractionSummary;
}
