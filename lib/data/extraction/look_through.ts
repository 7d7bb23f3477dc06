import { cannot, sentence } from "doppel/problem.ts";
import type { ExtractOptions } from "./extraction.ts";
import type { Journal } from "./journal.ts";
import { lookForFaces, type NameFaces } from "./look_for_faces.ts";
import { keyOf, type PhotoRecord } from "./records.ts";
import type { ExtractionSettings } from "./settings.ts";
import type { FrameReader, Source } from "./sources.ts";

/**
 * Looks for faces in all that the journal does not know yet, and notes each photograph and frame as soon as it is done.
 *
 * @param sources What the input holds.
 * @param folder The extraction's folder.
 * @param settings How to look.
 * @param journal What has been done.
 * @param options Reader of videos, progress and signal.
 * @returns Whether it came to the end; false when it was stopped.
 */
export async function lookThrough(
  sources: readonly Source[],
  folder: string,
  settings: ExtractionSettings,
  journal: Journal,
  { frames, onProgress, signal }: ExtractOptions,
): Promise<boolean> {
  const nameFaces = namer(journal);
  // What could not be read may be readable now: permissions leave no trace in the time of change.
  const isKnown = (source: Source, frame: number | null) => {
    const known = journal.photos.get(keyOf({ source: source.source, frame }));
    return known?.stamp === source.stamp && known.unreadable === null;
  };
  const photographs = sources.filter(({ isVideo }) => !isVideo).length;
  const total = photographs === sources.length ? { total: photographs } : {};
  let [done, faces] = [0, 0];
  const step = (record: PhotoRecord | undefined) => {
    done++;
    faces += record?.faces.length ?? 0;
    onProgress?.({ phase: "looking for faces", done, faces, ...total });
  };
  for (const source of sources) {
    if (signal?.aborted) return false;
    if (!source.isVideo) {
      if (!isKnown(source, null)) {
        journal.add(await lookForFaces(source, undefined, folder, settings, nameFaces));
      }
      step(journal.photos.get(keyOf({ source: source.source, frame: null })));
      continue;
    }
    if (journal.videos.get(source.source) === source.stamp) continue;
    try {
      for await (const frame of readFrames(source, settings, frames)) {
        if (!isKnown(source, frame.index)) {
          journal.add(await lookForFaces(source, frame, folder, settings, nameFaces));
        }
        step(journal.photos.get(keyOf({ source: source.source, frame: frame.index })));
        if (signal?.aborted) return false;
      }
    } catch (error) {
      if (signal?.aborted) return false;
      const unreadable = videoFault(error);
      const { path: _path, name: _name, isVideo: _isVideo, ...head } = source;
      const none = { frame: null, time: null, photo: null, sha256: "", width: 0, height: 0, faces: [] };
      journal.add({ ...head, ...none, unreadable });
      step(undefined);
      continue;
    }
    journal.endVideo(source.source, source.stamp);
  }
  return true;
}

function readFrames(source: Source, { every, from, to }: ExtractionSettings, frames: FrameReader | undefined) {
  if (!frames) throw cannot("read video", "a reader of videos", "none", source.path);
  return frames(source.path, { every, ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) });
}

/** What is wrong with a video; a full disk or a defect is no fault of the video. */
function videoFault(error: unknown): string {
  const reason = sentence(error);
  if (reason === undefined || /free space on the disk/.test(reason)) throw error;
  return reason;
}

/** Names faces after their photograph, without its ending where that is not needed to tell two apart. */
function namer({ photos }: Journal): NameFaces {
  const taken = new Map<string, string>();
  for (const { photo, faces: [first] } of photos.values()) {
    if (photo !== null && first) taken.set(first.name.replace(/_0\.png$/, ""), photo);
  }
  return (person, photo) => {
    const inside = photo.slice(`photos/${person}/`.length);
    const bare = inside.replace(/\.[^./]*$/, "");
    const candidates = [
      bare,
      inside.replaceAll(".", "_"),
      ...Array.from({ length: 1000 }, (_, i) => `${bare}_copy${i}`),
    ];
    const name = candidates.map((candidate) => `${person}/${candidate}`)
      .find((candidate) => (taken.get(candidate) ?? photo) === photo)!;
    taken.set(name, photo);
    return name;
  };
}
