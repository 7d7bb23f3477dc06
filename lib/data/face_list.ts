import { join } from "node:path";
import * as v from "valibot";
import { FACE_TYPES, type FaceType } from "doppel/faces/mod.ts";
import { readJsonFile } from "./json_file.ts";
import { relativePath } from "./manifest.ts";

/** Numbers parted by spaces: a list of 136 would take as many lines of JSON. */
const numbers = (count: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => Float32Array.from(text.split(" "), Number)),
    v.check((list) => list.length === count && list.every(Number.isFinite), `${count} numbers parted by spaces`),
  );

const faceListSchema = v.strictObject({
  packages: v.record(v.string(), v.string()),
  min_score: v.number(),
  aligned: v.exactOptional(v.strictObject({ size: v.number(), face_type: v.picklist(FACE_TYPES) })),
  faces: v.array(v.strictObject({
    path: relativePath,
    box: numbers(4),
    score: v.number(),
    landmarks: numbers(136),
    aligned: v.exactOptional(relativePath),
    mask: v.exactOptional(relativePath),
    matrix: v.exactOptional(numbers(6)),
    sharpness: v.exactOptional(v.number()),
    brightness: v.exactOptional(v.number()),
    person_distance: v.exactOptional(v.number()),
    pose: v.exactOptional(numbers(3)),
    source: v.exactOptional(v.string()),
    frame: v.exactOptional(v.number()),
    time: v.exactOptional(v.number()),
  })),
  missed: v.array(v.strictObject({
    path: relativePath,
    frame: v.exactOptional(v.number()),
    reason: v.string(),
  })),
});

/** A face of a list. */
export interface ListedFace {
  /** Its photograph. */
  readonly path: string;
  /** x, y, width, height in pixels of the photograph. */
  readonly box: Float32Array;
  /** The detector's. */
  readonly score: number;
  /** 68 `x, y` pairs in pixels of the photograph. */
  readonly landmarks: Float32Array;
  /** Path of the picture that an extraction aligned; when it has been deleted, the face is out. */
  readonly aligned?: string;
  /** Path of the hull mask to it. */
  readonly mask?: string;
  /** From the photograph to the aligned picture. */
  readonly matrix?: Float32Array;
  /** Variance of the Laplacian, see `laplacianVariance`. */
  readonly sharpness?: number;
  /** Mean grey value of the face in `[0, 1]`. */
  readonly brightness?: number;
  /** Euclidean distance to the mean of the person's faces, see `findMainPerson`. */
  readonly person_distance?: number;
  /** Yaw, pitch and roll in degrees, see `HeadPose`. */
  readonly pose?: Float32Array;
  /** Where the photograph, or the video that it is a frame of, was in the input of the extraction. */
  readonly source?: string;
  /** Number of the frame in its video. */
  readonly frame?: number;
  /** Its time in seconds. */
  readonly time?: number;
}

/**
 * The faces that were found in a set once, so that experiments start at once. The bundled set has one face a photograph, the
 * largest; an extraction has all that passed its filters, and says more of each.
 */
export interface FaceList {
  /** Versions of the packages that found them. */
  readonly packages: Readonly<Record<string, string>>;
  /** The least score that counted as a face. */
  readonly min_score: number;
  /** Size and type of the aligned pictures of an extraction. */
  readonly aligned?: { readonly size: number; readonly face_type: FaceType };
  /** The faces. */
  readonly faces: readonly ListedFace[];
  /** Photographs and frames in which no face was found, or none was kept. */
  readonly missed: readonly { readonly path: string; readonly frame?: number; readonly reason: string }[];
}

/**
 * Reads the `faces.json` of a set.
 *
 * @param folder The set's folder.
 * @returns The list.
 * @throws {Problem} When it is missing or not as it should be.
 */
export async function readFaceList(folder: string): Promise<FaceList> {
  return await readJsonFile(join(folder, "faces.json"), faceListSchema, "read face list");
}
