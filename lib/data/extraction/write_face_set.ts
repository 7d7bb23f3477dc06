import { join } from "node:path";
import { writeFileWhole } from "doppel/image/mod.ts";
import type { IdentitySplit, PhotoSplit } from "../manifest.ts";
import { SPLIT_SEED } from "../photo_folder.ts";
import { splitIdentities } from "../splits.ts";
import { compareFaces } from "./face_distance.ts";
import type { JudgedFace } from "./judge_faces.ts";
import { FOLDERS } from "./look_for_faces.ts";
import type { PhotoRecord } from "./records.ts";
import type { ExtractionSettings } from "./settings.ts";
import { missing } from "./place_faces.ts";
import { splitExtracted } from "./split_extracted.ts";

/** From which distance on two photographs of a person may stand in different parts; as for the bundled set. */
const TOO_LIKE = 13;

/**
 * Writes `manifest.json` and `faces.json` of an extraction, by which its folder is a face set like any other.
 *
 * Photographs in which a face was found stand in the manifest; those whose faces were all left out, and those without any,
 * are among the missed of the face list. Where there is no face at all there is no face set.
 *
 * @param folder The extraction's folder.
 * @param set Its name and licence, settings and packages, photographs, judged faces.
 */
export async function writeFaceSet(
  folder: string,
  { name, licence, settings, packages, photos, faces }: {
    readonly name: string;
    readonly licence: string;
    readonly settings: ExtractionSettings;
    readonly packages: Readonly<Record<string, string>>;
    readonly photos: readonly PhotoRecord[];
    readonly faces: readonly JudgedFace[];
  },
): Promise<void> {
  const files = ["faces.json", "manifest.json"].map((file) => join(folder, file)) as [string, string];
  if (photos.every(({ photo }) => photo === null)) {
    for (const file of files) await Deno.remove(file).catch(missing);
    return;
  }
  const kept = faces.filter(({ dropped }) => dropped === null);
  const splits = photoSplits(photos, kept);
  const identities = identitySplits(photos);
  const list = {
    packages,
    min_score: settings.minScore,
    aligned: { size: settings.size, face_type: settings.faceType },
    faces: kept.map(faceEntry),
    missed: missedEntries(photos, faces),
  };
  const manifest = {
    name,
    licence,
    source: `extracted from ${settings.input}`,
    photographs: photos.filter(({ photo }) => photo !== null).map((photo) => ({
      path: photo.photo!,
      sha256: photo.sha256,
      person: photo.person,
      width: photo.width,
      height: photo.height,
      identity_split: identities.get(photo.person)!,
      photo_split: splits.get(photo)!,
    })),
  };
  // The list first: with an older manifest it is still right for each photograph that both name.
  await writeFileWhole(files[0], `${JSON.stringify(list, null, 2)}\n`);
  await writeFileWhole(files[1], `${JSON.stringify(manifest, null, 2)}\n`);
}

function faceEntry({ photo, face, personDistance }: JudgedFace): object {
  const { pose } = face;
  return {
    path: photo.photo!,
    box: face.box.join(" "),
    score: face.score,
    landmarks: Array.from(face.landmarks, (value) => Math.round(value * 100) / 100).join(" "),
    aligned: `${FOLDERS.aligned}/${face.name}`,
    mask: `${FOLDERS.masks}/${face.name}`,
    matrix: face.matrix.map((value) => Number(value.toPrecision(8))).join(" "),
    sharpness: face.sharpness,
    brightness: face.brightness,
    person_distance: personDistance,
    ...(pose ? { pose: [pose.yaw, pose.pitch, pose.roll].join(" ") } : {}),
    source: photo.source,
    ...(photo.frame === null ? {} : { frame: photo.frame, time: photo.time! }),
  };
}

function missedEntries(photos: readonly PhotoRecord[], faces: readonly JudgedFace[]): object[] {
  const byPhoto = Map.groupBy(faces, ({ photo }) => photo);
  return photos.flatMap((photo) => {
    const own = byPhoto.get(photo) ?? [];
    if (own.some(({ dropped }) => dropped === null)) return [];
    const where = {
      path: photo.photo ?? photo.source.replaceAll("\\", "_"),
      ...(photo.frame === null ? {} : { frame: photo.frame }),
    };
    return [{ ...where, reason: reasonOf(photo, own) }];
  });
}

/**
 * Why a photograph or frame gives no face.
 *
 * @param photo The photograph.
 * @param faces Its faces, all left out.
 * @returns A few words.
 */
export function reasonOf(photo: PhotoRecord, faces: readonly JudgedFace[]): string {
  if (photo.unreadable !== null) return photo.unreadable;
  if (faces.length === 0) return "no face was found in it";
  return faces.map(({ dropped }) => `${dropped!.reason.replaceAll("_", " ")}: ${dropped!.detail}`).join("; ");
}

function identitySplits(photos: readonly PhotoRecord[]): Map<string, IdentitySplit> {
  const given = new Map(photos.flatMap(({ person, splits }) => splits ? [[person, splits.identity] as const] : []));
  const persons = [...new Set(photos.map(({ person }) => person))].filter((person) => !given.has(person));
  return new Map([...splitIdentities(persons, { seed: SPLIT_SEED }), ...given]);
}

/** Photographs without a face left are of no use in either part. */
function photoSplits(photos: readonly PhotoRecord[], kept: readonly JudgedFace[]): Map<PhotoRecord, PhotoSplit> {
  const splits = new Map<PhotoRecord, PhotoSplit>(photos.map((photo) => [photo, photo.splits?.photo ?? "gap"]));
  const alike = compareFaces(kept.map(({ face }) => face.thumbnail));
  const faces = Map.groupBy(kept.keys(), (i) => kept[i]!.photo);
  const used = photos.filter((photo) => photo.splits === null && faces.has(photo));
  for (const own of Map.groupBy(used, ({ person }) => person).values()) {
    const items = own.map(({ source, frame, time }) => ({ video: frame === null ? null : source, time: time ?? 0 }));
    const tooLike = (a: number, b: number) =>
      faces.get(own[a]!)!.some((i) => faces.get(own[b]!)!.some((k) => alike(i, k, TOO_LIKE)));
    splitExtracted(items, tooLike).forEach((split, i) => splits.set(own[i]!, split));
  }
  return splits;
}
