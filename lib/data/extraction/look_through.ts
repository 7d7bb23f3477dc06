import { cannot, sentence } from "doppel/problem.ts";
import type { ExtractOptions } from "./extraction.ts";
import type { Journal } from "./journal.ts";
import { lookForFaces, type NameFaces } from "./look_for_faces.ts";
import { keyOf, type PhotoRecord } from "./records.ts";
import type { ExtractionSettings } from "./settings.ts";
import type { FrameReader, Source, VideoFrame } from "./sources.ts";

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
    let fault: string | undefined;
    for await (const frame of readFrames(source, settings, frames)) {
      if (typeof frame === "string") {
        // Ctrl-C reaches the decoder too: that it ended is no fault of the video.
        if (signal?.aborted) return false;
        fault = frame;
        journal.add(unreadableVideo(source, fault));
        step(undefined);
        continue;
      }
      if (!isKnown(source, frame.index)) {
        journal.add(await lookForFaces(source, frame, folder, settings, nameFaces));
      }
      step(journal.photos.get(keyOf({ source: source.source, frame: frame.index })));
      if (signal?.aborted) return false;
    }
    if (fault === undefined) journal.endVideo(source.source, source.stamp);
  }
  return true;
}

/** The frames of a video, and in the end a sentence when it cannot be read, or not further. */
async function* readFrames(
  { path }: Source,
  { every, from, to }: ExtractionSettings,
  frames: FrameReader | undefined,
): AsyncGenerator<VideoFrame | string> {
  try {
    if (!frames) throw cannot("read video", "a reader of videos", "none", path);
    yield* frames(path, { every, ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) });
  } catch (error) {
    const reason = sentence(error);
    if (reason === undefined) throw error;
    yield reason;
  }
}

function unreadableVideo({ source, stamp, person, splits }: Source, unreadable: string): PhotoRecord {
  const none = { frame: null, time: null, photo: null, sha256: "", width: 0, height: 0, faces: [] };
  return { source, stamp, person, splits, ...none, unreadable };
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
