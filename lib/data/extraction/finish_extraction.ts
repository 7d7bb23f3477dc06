import { join } from "node:path";
import { writeFileWhole } from "doppel/image/mod.ts";
import { SHEETS, writeContactSheets } from "./contact_sheet.ts";
import type { Extraction, ExtractOptions } from "./extraction.ts";
import { summarise } from "./extraction_summary.ts";
import { type Journal } from "./journal.ts";
import { judgeFaces } from "./judge_faces.ts";
import { findPlaces, missing } from "./place_faces.ts";
import { keyOf, type PhotoRecord } from "./records.ts";
import type { ExtractionSettings, FaceFilters, FaceOrder } from "./settings.ts";
import { sortFaces } from "./sort_faces.ts";
import type { Input } from "./sources.ts";
import { reasonOf, writeFaceSet } from "./write_face_set.ts";

/**
 * Makes a face set of what has been found so far: judges the faces, puts each where it belongs, writes manifest, face list,
 * contact sheets and `report.json`. In the order of its steps there is no moment at which the face list names a picture
 * that is not there.
 *
 * @param folder The extraction's folder.
 * @param input What the input holds now.
 * @param journal What has been found.
 * @param options Settings, filters, order; `isComplete`: false leaves out the contact sheets, which take time.
 * @returns The extraction.
 */
export async function finishExtraction(
  folder: string,
  input: Input,
  journal: Journal,
  { settings, filters, sort, isComplete, onProgress, signal }: Pick<ExtractOptions, "onProgress" | "signal"> & {
    readonly settings: ExtractionSettings;
    readonly filters: FaceFilters;
    readonly sort: FaceOrder;
    readonly isComplete: boolean;
  },
): Promise<Extraction> {
  const { photos, gone } = livePhotos(input, journal);
  const places = await findPlaces(folder);
  const { faces: judged, mixed } = judgeFaces(photos, {
    filters,
    faceType: settings.faceType,
    isRemoved: places.isRemoved,
  });
  const kept = judged.filter(({ dropped }) => dropped === null).map(({ face }) => face.name);
  const dropped = judged.filter(({ dropped }) => dropped !== null).map(({ face }) => face.name);
  const { name, licence, others } = input;
  const { packages } = journal;
  await places.keep(kept);
  await writeFaceSet(folder, { name, licence, settings, packages, photos, faces: judged });
  await places.drop([...dropped, ...gone.flatMap(({ faces }) => faces.map((face) => face.name))]);
  const faces = sortFaces(judged, sort);
  const sheets = isComplete ? await drawSheets(folder, faces, sort, onProgress, signal) : { kept: [], dropped: [] };
  const summary = summarise(photos, judged, mixed);
  const extraction: Extraction = {
    folder,
    name,
    isComplete: isComplete && !signal?.aborted,
    settings,
    filters,
    sort,
    packages,
    photos,
    faces,
    others,
    gone,
    sheets,
    summary,
  };
  await writeFileWhole(join(folder, "report.json"), `${JSON.stringify(reportOf(extraction), null, 2)}\n`);
  return extraction;
}

/** Photographs that the input still holds unchanged, in its order, and what is noted of others. */
function livePhotos({ sources }: Input, { photos, videos }: Journal): { photos: PhotoRecord[]; gone: PhotoRecord[] } {
  const bySource = Map.groupBy(photos.values(), ({ source }) => source);
  const live = sources.flatMap(({ source, stamp }) =>
    (bySource.get(source) ?? []).filter((photo) => photo.stamp === stamp)
      // A video that could be read at last is no longer unreadable.
      .filter(({ unreadable }) => unreadable === null || videos.get(source) !== stamp)
      .sort((a, b) => (a.frame ?? -1) - (b.frame ?? -1))
  );
  const keys = new Set(live.map(keyOf));
  return { photos: live, gone: [...photos.values()].filter((photo) => !keys.has(keyOf(photo))) };
}

async function drawSheets(
  folder: string,
  faces: Extraction["faces"],
  order: FaceOrder,
  onProgress: ExtractOptions["onProgress"],
  signal: AbortSignal | undefined,
): Promise<Extraction["sheets"]> {
  await Deno.remove(join(folder, SHEETS), { recursive: true }).catch(missing);
  let done = 0;
  const options = {
    order,
    onSheet: (count: number) => {
      done += count;
      onProgress?.({ phase: "drawing contact sheets", done, total: faces.length, faces: faces.length });
    },
    ...(signal ? { signal } : {}),
  };
  return {
    kept: await writeContactSheets(folder, "kept", faces.filter(({ dropped }) => dropped === null), options),
    dropped: await writeContactSheets(folder, "dropped", faces.filter(({ dropped }) => dropped !== null), options),
  };
}

function reportOf({ photos, faces, gone, ...rest }: Extraction): object {
  const { settings, filters, sort, packages, summary, sheets, others } = rest;
  const ofPhoto = Map.groupBy(faces, ({ photo }) => photo);
  const place = ({ source, frame, time }: PhotoRecord) => frame === null ? { source } : { source, frame, time };
  return {
    name: rest.name,
    complete: rest.isComplete,
    settings,
    filters,
    sort,
    packages,
    ...summary,
    sheets,
    missed: photos.filter((photo) => !ofPhoto.get(photo)?.some(({ dropped }) => dropped === null)).map((photo) => ({
      ...place(photo),
      person: photo.person,
      reason: reasonOf(photo, ofPhoto.get(photo) ?? []),
    })),
    left_out: faces.filter(({ dropped }) => dropped !== null).map(({ photo, face, dropped }) => ({
      face: face.name,
      ...place(photo),
      person: photo.person,
      ...dropped,
    })),
    order: faces.filter(({ dropped }) => dropped === null).map(({ face }) => face.name),
    other_files: others,
    no_longer_in_input: gone.map(place),
  };
}
