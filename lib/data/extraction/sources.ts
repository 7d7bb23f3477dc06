/**
 * Where faces are extracted from: a photograph, a folder of photographs and videos, or a video.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { basename, extname, join, parse, relative, resolve, sep } from "node:path";
import { cannot } from "doppel/problem.ts";
import type { Picture } from "doppel/image/mod.ts";
import { filesBelow } from "../files.ts";
import { readManifest } from "../manifest.ts";
import { PHOTO_ENDINGS } from "../photo_folder.ts";
import type { PhotoRecord } from "./records.ts";

/** One frame of a video. */
export interface VideoFrame {
  /** Its number in the video, from 0. */
  readonly index: number;
  /** Its time in seconds. */
  readonly time: number;
  /** 3 channels, upright. */
  readonly picture: Picture;
}

/** Reads the frames of a video in their order. */
export type FrameReader = (
  path: string,
  options: {
    /** Of so many frames the first. */
    readonly every?: number;
    /** Where to begin, in seconds. */
    readonly from?: number;
    /** Where to end, in seconds. */
    readonly to?: number;
  },
) => AsyncIterable<VideoFrame>;

/** A file to extract from. */
export interface Source extends Pick<PhotoRecord, "source" | "stamp" | "person" | "splits"> {
  /** Where it is. */
  readonly path: string;
  /** Path of its copy, or of the folder of its frames, below its person's folder; no two have the same. */
  readonly name: string;
  readonly isVideo: boolean;
}

/** What an input holds. */
export interface Input {
  /** A name for the set: that of the folder or file. */
  readonly name: string;
  /** From a manifest, when the input has one. */
  readonly licence: string;
  /** Photographs and videos, by person and name. */
  readonly sources: readonly Source[];
  /** Files that are neither. */
  readonly others: readonly string[];
}

const VIDEO_ENDINGS = new Set([".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".wmv", ".flv"]);
/** Photographs that may be unreadable here, but are not to be passed over. */
const MORE_PHOTO_ENDINGS = new Set([".heic", ".heif", ".bmp", ".jfif"]);

/**
 * Whether a file is a video, by its name.
 *
 * @param path The file.
 * @returns True for the common endings.
 */
export function isVideoName(path: string): boolean {
  return VIDEO_ENDINGS.has(extname(path).toLowerCase());
}

/**
 * Whether a file is a photograph, by its name.
 *
 * @param path The file.
 * @returns True for the common endings.
 */
export function isPhotoName(path: string): boolean {
  const ending = extname(path).toLowerCase();
  return PHOTO_ENDINGS.has(ending) || MORE_PHOTO_ENDINGS.has(ending);
}

/**
 * Lists what an input holds and says whose pictures they are: those that a `manifest.json` in it says; otherwise each is of
 * the person that the topmost sub-folder is named after, or the input itself where it lies in none.
 *
 * @param input A photograph, a folder (looked through to its depths, hidden files left out) or a video.
 * @param options `person`: whose pictures all of them are. `out`: a folder that is not looked into.
 * @returns The files.
 * @throws {Problem} When there is no such input, or neither a photograph nor a video in it.
 */
export async function listInput(
  input: string,
  { person, out }: { readonly person: string | null; readonly out: string },
): Promise<Input> {
  const stat = await Deno.stat(input).catch(() => undefined);
  if (!stat) throw cannot("extract faces", "a photograph, a folder or a video", "none", input);
  if (!stat.isDirectory) {
    const { base, name } = parse(input);
    const owner = safeName(person ?? name);
    const source = { source: base, path: input, stamp: await stampOf(input), person: owner, splits: null, name: base };
    return { name, licence: "", sources: [{ ...source, isVideo: isVideoName(input) }], others: [] };
  }
  if (existsSync(join(input, "manifest.json"))) return await listSet(input, person);
  const name = basename(resolve(input));
  const own = relative(input, out).split(sep).join("/");
  const paths = (await filesBelow(input)).filter((path) => path !== own && !path.startsWith(`${own}/`));
  const wanted = paths.filter((path) => isPhotoName(path) || isVideoName(path));
  if (wanted.length === 0) {
    throw cannot("extract faces", "photographs or videos in the folder", `${paths.length} other files`, input);
  }
  const sources: Source[] = [];
  for (const path of wanted) {
    const owner = path.includes("/") ? path.split("/")[0]! : name;
    sources.push({
      source: path,
      path: join(input, path),
      stamp: await stampOf(join(input, path)),
      person: safeName(person ?? owner),
      splits: null,
      name: person === null && path.includes("/") ? path.slice(owner.length + 1) : path,
      isVideo: isVideoName(path),
    });
  }
  const others = paths.filter((path) => !wanted.includes(path));
  return { name, licence: "", sources: byPerson(sources), others };
}

/** A set that has a manifest: its persons and its splits hold. */
async function listSet(folder: string, person: string | null): Promise<Input> {
  const { name, licence, photographs } = await readManifest(folder);
  const sources: Source[] = [];
  for (const photo of photographs) {
    const parts = photo.path.split("/");
    sources.push({
      source: photo.path,
      path: join(folder, photo.path),
      stamp: await stampOf(join(folder, photo.path)),
      person: safeName(person ?? photo.person),
      splits: person === null ? { identity: photo.identity_split, photo: photo.photo_split } : null,
      name: parts.slice(parts.indexOf(photo.person) + 1).join("/"),
      isVideo: false,
    });
  }
  return { name, licence, sources: byPerson(sources), others: [] };
}

/** Sorted by person; where two would get one name, each is called after its whole path. */
function byPerson(sources: readonly Source[]): Source[] {
  const clean = sources.map((source) => ({ ...source, name: source.name.replaceAll("\\", "_") }));
  const place = ({ person, name }: Source) => `${person}/${name}`;
  const counts = Map.groupBy(clean, place);
  return clean.map((source) =>
    counts.get(place(source))!.length === 1 ? source : { ...source, name: source.source.replaceAll("\\", "_") }
  )
    .sort((a, b) => a.person === b.person ? 0 : a.person < b.person ? -1 : 1);
}

/** Size and time of change; a file that is gone meanwhile has none. */
async function stampOf(path: string): Promise<string> {
  const stat = await Deno.stat(path).catch(() => undefined);
  return stat ? `${stat.size} ${stat.mtime?.getTime() ?? 0}` : "";
}

/** A name that is one folder everywhere. */
function safeName(name: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what must not be in it
  const safe = name.replaceAll(/[/\\:*?"<>|\u0000-\u001f]/g, "_").replace(/^\.+/, "_").trim();
  return safe === "" ? "person" : safe;
}
