/**
 * What is noted of each photograph and of each face in it, as it stands in memory.
 *
 * @module
 */

import type { Affine } from "doppel/image/mod.ts";
import type { HeadPose } from "doppel/faces/mod.ts";
import type { IdentitySplit, PhotoSplit } from "../manifest.ts";

/** A face that was found, and what was measured on it. */
export interface FaceRecord {
  /** Place among the faces of its photograph, the largest is 0. */
  readonly index: number;
  /** Path of the aligned picture within `aligned/`, and of its mask within `masks/`. */
  readonly name: string;
  /** The detector's box: x, y, width, height in pixels of the photograph. */
  readonly box: readonly [number, number, number, number];
  /** The detector's score in `[0, 1]`. */
  readonly score: number;
  /** 68 `x, y` pairs in pixels of the photograph, to hundredths. */
  readonly landmarks: Float32Array;
  /** From the photograph to the aligned picture. */
  readonly matrix: Affine;
  /** Shorter side of the box in pixels. */
  readonly size: number;
  /** Area of the landmarks' hull over that of the box. */
  readonly hullRatio: number;
  /** See `laplacianVariance`. */
  readonly sharpness: number;
  /** Mean grey value inside the hull mask, in `[0, 1]`. */
  readonly brightness: number;
  /** Where the head points; `null` where the mesh network sees no face. */
  readonly pose: HeadPose | null;
  /** Whose face it is, by `face_api`: 128 numbers. */
  readonly descriptor: Float32Array;
  /** The face at 64 pixels, for finding duplicates: `[64, 64, 3]` bytes. */
  readonly thumbnail: Uint8Array;
}

/** A photograph, or a frame of a video, that was looked at. */
export interface PhotoRecord {
  /** Path from the input folder; of a frame the path of its video. */
  readonly source: string;
  /** Number of the frame in its video. */
  readonly frame: number | null;
  /** Its time in seconds. */
  readonly time: number | null;
  /** Size and time of change of the file, by which a changed one is told. */
  readonly stamp: string;
  /** Whose photograph it is. */
  readonly person: string;
  /** Splits, when the input's own manifest gives them. */
  readonly splits: { readonly identity: IdentitySplit; readonly photo: PhotoSplit } | null;
  /** Path of the copy below the folder of the extraction; `null` where no face was found. */
  readonly photo: string | null;
  /** Of the copy; empty without one. */
  readonly sha256: string;
  /** Columns, upright; 0 when it cannot be read. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Why it cannot be read. */
  readonly unreadable: string | null;
  /** The faces, largest first. */
  readonly faces: readonly FaceRecord[];
}

/**
 * What tells one photograph or frame from all others of an input.
 *
 * @param record Its source and frame.
 * @returns The path, and the frame's number after a `#`.
 */
export function keyOf({ source, frame }: Pick<PhotoRecord, "source" | "frame">): string {
  return frame === null ? source : `${source}#${frame}`;
}
