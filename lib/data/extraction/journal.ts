import { join } from "node:path";
import * as v from "valibot";
import { cannot } from "doppel/problem.ts";
import type { Affine } from "doppel/image/mod.ts";
import { relativePath } from "../manifest.ts";
import { keyOf, type PhotoRecord } from "./records.ts";
import { type ExtractionSettings, settingsSchema } from "./settings.ts";

/** Where the journal of an extraction stands in its folder; also what tells that a folder is one. */
export const JOURNAL = ".extraction/journal.jsonl";

const FORMAT = "doppel extraction 1";

const bytes = v.pipe(v.string(), v.transform((text) => Uint8Array.fromBase64(text)));
const floats = (count: number) =>
  v.pipe(
    bytes,
    v.check((list) => list.length === 4 * count, `${count} numbers`),
    v.transform((list) => new Float32Array(list.buffer)),
  );
const text = (list: Float32Array | Uint8Array) =>
  new Uint8Array(list.buffer, list.byteOffset, list.byteLength).toBase64();

const number = v.number();
const affine = v.pipe(v.tuple([number, number, number, number, number, number]), v.transform((m): Affine => m));

const faceSchema = v.strictObject({
  index: number,
  name: relativePath,
  box: v.tuple([number, number, number, number]),
  score: number,
  landmarks: floats(136),
  matrix: affine,
  size: number,
  hullRatio: number,
  sharpness: number,
  brightness: number,
  pose: v.nullable(v.strictObject({ yaw: number, pitch: number, roll: number })),
  descriptor: floats(128),
  thumbnail: bytes,
});

const photoSchema = v.strictObject({
  source: v.string(),
  frame: v.nullable(number),
  time: v.nullable(number),
  stamp: v.string(),
  person: v.string(),
  splits: v.nullable(v.strictObject({
    identity: v.picklist(["train", "validation", "test"]),
    photo: v.picklist(["train", "held_out", "gap"]),
  })),
  photo: v.nullable(relativePath),
  sha256: v.string(),
  width: number,
  height: number,
  unreadable: v.nullable(v.string()),
  faces: v.array(faceSchema),
});

const headSchema = v.strictObject({
  format: v.literal(FORMAT),
  settings: settingsSchema,
  packages: v.record(v.string(), v.string()),
});

const lineSchema = v.union([
  v.strictObject({ photo: photoSchema }),
  v.strictObject({ video: v.string(), stamp: v.string() }),
]);

/** What has been done of an extraction, on the disk as soon as it is done. */
export interface Journal {
  /** Versions of the packages that the extraction was begun with. */
  readonly packages: Readonly<Record<string, string>>;
  /** What was looked at, by `keyOf`. */
  readonly photos: ReadonlyMap<string, PhotoRecord>;
  /** Videos that were read to their end: the path and the stamp that they had. */
  readonly videos: ReadonlyMap<string, string>;
  /** Notes a photograph or frame. */
  add(record: PhotoRecord): void;
  /** Notes that a video was read to its end. */
  endVideo(path: string, stamp: string): void;
  /** Closes it. */
  close(): void;
}

/**
 * Opens the journal of an extraction, to begin or to go on. What a crash left of a last line is cut off.
 *
 * @param folder The extraction's folder, which is there.
 * @param settings What is asked for now.
 * @param packages Versions of the packages that find faces.
 * @returns The journal.
 * @throws {Problem} When it was begun with other settings, is damaged, or another process writes to it.
 */
export async function openJournal(
  folder: string,
  settings: ExtractionSettings,
  packages: Readonly<Record<string, string>>,
): Promise<Journal> {
  const path = join(folder, JOURNAL);
  await Deno.mkdir(join(path, ".."), { recursive: true });
  const file = await Deno.open(path, { create: true, read: true, write: true });
  try {
    if (!(await file.tryLock(true))) {
      throw cannot("extract faces", "a folder that no other extraction writes to", "one that is in use", folder);
    }
    const { lines, end } = await wholeLines(file);
    const encoder = new TextEncoder();
    let length = end;
    const write = (line: object) => {
      const content = encoder.encode(
        `${JSON.stringify(line, (_, value) => ArrayBuffer.isView(value) ? text(value as Uint8Array) : value)}\n`,
      );
      try {
        file.seekSync(length, Deno.SeekMode.Start);
        for (let done = 0; done < content.length;) done += file.writeSync(content.subarray(done));
      } catch (error) {
        file.truncateSync(length); // A line is written whole or not at all, on a full disk too.
        throw error;
      }
      length += content.length;
    };
    file.truncateSync(end);
    const photos = new Map<string, PhotoRecord>();
    const videos = new Map<string, string>();
    let known = packages;
    const [head, ...rest] = lines;
    if (head === undefined) write({ format: FORMAT, settings, packages });
    else {
      const { settings: before, packages: begunWith } = parse(headSchema, head, path, 1);
      requireSame(before, settings, folder);
      known = begunWith;
    }
    for (const [i, line] of rest.entries()) {
      const entry = parse(lineSchema, line, path, i + 2);
      if ("photo" in entry) photos.set(keyOf(entry.photo), entry.photo);
      else videos.set(entry.video, entry.stamp);
    }
    return {
      packages: known,
      photos,
      videos,
      add(record) {
        write({ photo: record });
        photos.set(keyOf(record), record);
      },
      endVideo(video, stamp) {
        write({ video, stamp });
        videos.set(video, stamp);
      },
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The lines of a file that end, and how many bytes they take; streamed, for a journal can outgrow a string. */
async function wholeLines(file: Deno.FsFile): Promise<{ lines: string[]; end: number }> {
  const lines: string[] = [];
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(1 << 20);
  let pending: Uint8Array[] = [];
  let [read, end] = [0, 0];
  for (let count = await file.read(chunk); count !== null; count = await file.read(chunk)) {
    let start = 0;
    for (let at = chunk.indexOf(10); at >= 0 && at < count; at = chunk.indexOf(10, start)) {
      pending.push(chunk.slice(start, at));
      lines.push(decoder.decode(joined(pending)));
      pending = [];
      start = at + 1;
      end = read + start;
    }
    pending.push(chunk.slice(start, count));
    read += count;
  }
  return { lines, end };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function parse<T>(schema: v.GenericSchema<unknown, T>, line: string, path: string, number: number): T {
  const where = `${path}:${number}`;
  let content: unknown;
  try {
    content = JSON.parse(line);
  } catch {
    throw cannot("go on with extraction", "one JSON record a line", JSON.stringify(line.slice(0, 60)), where);
  }
  const result = v.safeParse(schema, content);
  if (result.success) return result.output;
  throw cannot("go on with extraction", "a journal of this version", result.issues[0].message, where);
}

const FLAGS: Readonly<Record<keyof ExtractionSettings, string>> = {
  input: "input",
  size: "--size",
  faceType: "--face-type",
  minScore: "--min-score",
  upright: "--upright",
  person: "--person",
  every: "--every",
  from: "--from",
  to: "--to",
  frameFormat: "--frame-format",
};

function requireSame(before: ExtractionSettings, now: ExtractionSettings, folder: string): void {
  for (const key of Object.keys(FLAGS) as (keyof ExtractionSettings)[]) {
    if (before[key] === now[key]) continue;
    throw cannot(
      "go on with extraction",
      `${FLAGS[key]} ${before[key] ?? "unset"} as it was begun with, or another folder`,
      String(now[key] ?? "unset"),
      folder,
    );
  }
}
