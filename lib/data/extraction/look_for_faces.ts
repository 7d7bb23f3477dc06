import { join } from "node:path";
import { sentence } from "doppel/problem.ts";
import { encodePicture, type Picture, readPicture, writeFileWhole } from "doppel/image/mod.ts";
import { sha256Of } from "../files.ts";
import { findTurnedFaces } from "./find_turned_faces.ts";
import { measureFace } from "./measure_face.ts";
import type { FaceRecord, PhotoRecord } from "./records.ts";
import type { ExtractionSettings } from "./settings.ts";
import type { Source, VideoFrame } from "./sources.ts";

/** Folders of an extraction. */
export const FOLDERS = { photos: "photos", aligned: "aligned", masks: "masks", dropped: "dropped" } as const;

/** Gives each photograph the name that its faces are called after. */
export type NameFaces = (person: string, photo: string) => string;

/**
 * Looks for faces in one photograph or frame and writes what is found: a copy of the photograph, and for each face the
 * aligned picture and its mask. All files are whole before the record is returned.
 *
 * @param source The file.
 * @param frame The frame, when it is a video.
 * @param folder The extraction's folder.
 * @param settings Size, face type, and how to look.
 * @param nameFaces Names that are free.
 * @returns The record for the journal; an unreadable photograph gives one without faces.
 */
export async function lookForFaces(
  source: Source,
  frame: VideoFrame | undefined,
  folder: string,
  settings: ExtractionSettings,
  nameFaces: NameFaces,
): Promise<PhotoRecord> {
  const head = {
    source: source.source,
    frame: frame?.index ?? null,
    time: frame ? Math.round(frame.time * 1000) / 1000 : null,
    stamp: source.stamp,
    person: source.person,
    splits: source.splits,
  };
  const read = frame ? { picture: frame.picture, bytes: undefined } : await readPhoto(source.path);
  if (typeof read === "string") {
    return { ...head, photo: null, sha256: "", width: 0, height: 0, unreadable: read, faces: [] };
  }
  const { picture } = read;
  const size = { width: picture.width, height: picture.height, unreadable: null };
  const found = await findTurnedFaces(picture, settings);
  if (found.length === 0) return { ...head, photo: null, sha256: "", ...size, faces: [] };
  const ending = settings.frameFormat === "png" ? "png" : "jpg";
  const name = frame ? `${source.name}/${String(frame.index).padStart(6, "0")}.${ending}` : source.name;
  const photo = `${FOLDERS.photos}/${source.person}/${name}`;
  const bytes = read.bytes ?? await encodeFrame(picture, settings.frameFormat);
  const base = nameFaces(source.person, photo);
  const faces: FaceRecord[] = [];
  for (const [index, face] of found.entries()) {
    const { picture: aligned, mask, record } = await measureFace(picture, face, settings);
    const faceName = `${base}_${index}.png`;
    await writeFileWhole(join(folder, FOLDERS.aligned, faceName), await encodePicture(aligned));
    await writeFileWhole(join(folder, FOLDERS.masks, faceName), await encodePicture(mask));
    faces.push({ index, name: faceName, ...record });
  }
  await writeFileWhole(join(folder, photo), bytes);
  return { ...head, photo, sha256: sha256Of(bytes), ...size, faces };
}

async function readPhoto(path: string): Promise<{ picture: Picture; bytes: Uint8Array } | string> {
  try {
    const bytes = await Deno.readFile(path);
    return { picture: await readPicture(bytes, path), bytes };
  } catch (error) {
    // One among many: listed, not fatal. What is no fault of the file stays fatal.
    const reason = sentence(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

/** Frames as JPEG keep their colour resolution: they have been through one codec already. */
const encodeFrame = (picture: Picture, format: "png" | "jpeg") =>
  encodePicture(picture, format === "png" ? {} : { format, quality: 95, chroma: "4:4:4" });
