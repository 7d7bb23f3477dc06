import type { FaceType } from "doppel/faces/mod.ts";
import { compareFaces } from "./face_distance.ts";
import { findMainPerson, SAME_PERSON } from "./main_person.ts";
import type { FaceRecord, PhotoRecord } from "./records.ts";
import type { FaceFilters } from "./settings.ts";

/** Why a face is left out, from what is looked at first to what is looked at last. */
export const DROP_REASONS = {
  removed: "removed by hand",
  hull_too_large: "landmarks reach far beyond the face",
  too_small: "too small",
  too_blurred: "too blurred",
  not_largest: "not the largest face of its picture",
  not_the_person: "not the person",
  duplicate: "duplicate",
} as const;

/** The key of a reason. */
export type DropReason = keyof typeof DROP_REASONS;

/** A face with what came of it. */
export interface JudgedFace {
  /** Its photograph or frame. */
  readonly photo: PhotoRecord;
  /** The face. */
  readonly face: FaceRecord;
  /** Distance to the mean of the person's faces, see `findMainPerson`. */
  readonly personDistance: number;
  /** Place among the person's faces by sharpness, the sharpest is 1. */
  readonly sharpnessRank: number;
  /** Why it is left out; `null` when it stays. */
  readonly dropped: { readonly reason: DropReason; readonly detail: string } | null;
}

/** What judging needs to know beside the faces. */
export interface JudgeOptions {
  /** What is left out. */
  readonly filters: FaceFilters;
  /** Of the aligned pictures; landmarks that reach far are a fault of types up to `full`. */
  readonly faceType: FaceType;
  /** Tells of an aligned picture's name whether it has been removed by hand. */
  readonly isRemoved: (name: string) => boolean;
}

/** Landmarks' hull over detection box from which DeepFaceLab drops a face. */
const LARGEST_HULL = 4;

/**
 * Decides which faces stay. Every rule is DeepFaceLab's practice: its extractor's bounds of size and of the hull, and what
 * its users sort out by eye before they train.
 *
 * @param photos Photographs and frames, in order.
 * @param options The filters.
 * @returns All faces in that order, each with its reason when it is left out; and the persons whose faces are of several.
 */
export function judgeFaces(
  photos: readonly PhotoRecord[],
  { filters, faceType, isRemoved }: JudgeOptions,
): { faces: JudgedFace[]; mixed: string[] } {
  const all = photos.flatMap((photo) => photo.faces.map((face) => ({ photo, face })));
  const dropped = all.map(({ face }) => ownFault(face, filters, faceType, isRemoved));
  const distances = all.map(() => 0);
  const ranks = all.map(() => 0);
  const mixed: string[] = [];
  for (const [person, places] of Map.groupBy(all.keys(), (i) => all[i]!.photo.person)) {
    const bySharpness = places.toSorted((a, b) => all[b]!.face.sharpness - all[a]!.face.sharpness);
    bySharpness.forEach((i, rank) => ranks[i] = rank + 1);
    // Spoilt faces say little of whom they show: the others choose the person, all are compared with it.
    const sound = places.filter((i) => dropped[i] === null);
    const rest = places.filter((i) => dropped[i] !== null);
    const found = findMainPerson(sound.map((i) => all[i]!.face.descriptor), rest.map((i) => all[i]!.face.descriptor));
    [...sound, ...rest].forEach((i, k) => distances[i] = found.distance[k]!);
    if (!found.isOnePerson) mixed.push(person);
    if (filters.strangers === "drop") {
      sound.forEach((i, k) => {
        if (!found.stranger[k]) return;
        dropped[i] = {
          reason: "not_the_person",
          detail: `${distances[i]!.toFixed(2)} from ${person}, at most ${SAME_PERSON}`,
        };
      });
    }
  }
  dropDuplicates(all, dropped, filters.duplicates);
  const faces = all.map(({ photo, face }, i) => ({
    photo,
    face,
    personDistance: Math.round(distances[i]! * 1000) / 1000,
    sharpnessRank: ranks[i]!,
    dropped: dropped[i]!,
  }));
  return { faces, mixed };
}

type Drop = JudgedFace["dropped"];

function ownFault(
  face: FaceRecord,
  { minSize, minSharpness, oneFace }: FaceFilters,
  faceType: FaceType,
  isRemoved: (name: string) => boolean,
): Drop {
  if (isRemoved(face.name)) return { reason: "removed", detail: "its aligned picture is no longer there" };
  const upToFull = faceType === "half" || faceType === "mid_full" || faceType === "full";
  if (upToFull && face.hullRatio > LARGEST_HULL) {
    return { reason: "hull_too_large", detail: `${face.hullRatio} times the detector's box, at most ${LARGEST_HULL}` };
  }
  if (face.size < minSize) return { reason: "too_small", detail: `${face.size} pixels, at least ${minSize}` };
  if (face.sharpness < minSharpness) {
    return { reason: "too_blurred", detail: `sharpness ${face.sharpness}, at least ${minSharpness}` };
  }
  if (oneFace && face.index > 0) return { reason: "not_largest", detail: `number ${face.index + 1} by size` };
  return null;
}

/** Of faces that are alike the sharpest stays, whichever person's folder it is in. */
function dropDuplicates(
  all: readonly { readonly photo: PhotoRecord; readonly face: FaceRecord }[],
  dropped: Drop[],
  bound: number,
): void {
  const places = [...all.keys()].filter((i) => dropped[i] === null)
    .sort((a, b) => all[b]!.face.sharpness - all[a]!.face.sharpness || a - b);
  const alike = compareFaces(places.map((i) => all[i]!.face.thumbnail));
  const kept: number[] = [];
  places.forEach((i, k) => {
    const original = kept.find((other) => alike(k, other, bound));
    if (original === undefined) kept.push(k);
    else dropped[i] = { reason: "duplicate", detail: `as ${all[places[original]!]!.face.name}` };
  });
}
