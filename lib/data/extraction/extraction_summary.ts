/**
 * What came of an extraction in numbers.
 *
 * @module
 */

import { quantileSorted } from "simple-statistics";
import { DROP_REASONS, type DropReason, type JudgedFace } from "./judge_faces.ts";
import type { PhotoRecord } from "./records.ts";

/** Least, lower quartile, median, upper quartile and greatest of a list. */
export interface Spread {
  readonly least: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly greatest: number;
}

/** One person's part. */
export interface PersonSummary {
  readonly person: string;
  /** Photographs and frames that were read. */
  readonly photographs: number;
  /** Faces found in them. */
  readonly found: number;
  /** Faces that stay. */
  readonly kept: number;
  /** Whether the faces are of several persons, none of which has the majority. */
  readonly mixed: boolean;
  /** Of the faces that stay; `null` when none does. */
  readonly sharpness: Spread | null;
  /** Degrees, of the faces that stay and have a pose. */
  readonly yaw: Spread | null;
  /** Degrees. */
  readonly pitch: Spread | null;
  /** Pixels. */
  readonly size: Spread | null;
}

/** The numbers of a report. */
export interface ExtractionSummary {
  /** Photographs and frames looked at. */
  readonly photographs: number;
  /** Those that could not be read. */
  readonly unreadable: number;
  /** Those without a face. */
  readonly withoutFace: number;
  /** Faces found. */
  readonly found: number;
  /** Faces that stay. */
  readonly kept: number;
  /** Faces left out, by reason; reasons that never applied are left out too. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** By person. */
  readonly persons: readonly PersonSummary[];
}

/**
 * Counts.
 *
 * @param photos Photographs and frames.
 * @param faces Their faces, judged.
 * @param mixed Persons whose faces are of several.
 * @returns The summary.
 */
export function summarise(
  photos: readonly PhotoRecord[],
  faces: readonly JudgedFace[],
  mixed: readonly string[],
): ExtractionSummary {
  const kept = faces.filter(({ dropped }) => dropped === null);
  const counts = (Object.keys(DROP_REASONS) as DropReason[]).flatMap((reason) => {
    const count = faces.filter(({ dropped }) => dropped?.reason === reason).length;
    return count > 0 ? [[reason, count] as const] : [];
  });
  const unreadable = photos.filter((photo) => photo.unreadable !== null).length;
  return {
    photographs: photos.length,
    unreadable,
    withoutFace: photos.filter((photo) => photo.faces.length === 0).length - unreadable,
    found: faces.length,
    kept: kept.length,
    dropped: Object.fromEntries(counts),
    persons: [...Map.groupBy(photos, ({ person }) => person)].map(([person, own]) => {
      const stay = kept.filter(({ photo }) => photo.person === person).map(({ face }) => face);
      const poses = stay.flatMap(({ pose }) => pose ? [pose] : []);
      return {
        person,
        photographs: own.length,
        found: own.reduce((sum, { faces }) => sum + faces.length, 0),
        kept: stay.length,
        mixed: mixed.includes(person),
        sharpness: spreadOf(stay.map(({ sharpness }) => sharpness)),
        yaw: spreadOf(poses.map(({ yaw }) => yaw)),
        pitch: spreadOf(poses.map(({ pitch }) => pitch)),
        size: spreadOf(stay.map(({ size }) => size)),
      };
    }),
  };
}

function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => quantileSorted(sorted, share);
  return { least: sorted[0]!, lower: at(0.25), median: at(0.5), upper: at(0.75), greatest: sorted.at(-1)! };
}
