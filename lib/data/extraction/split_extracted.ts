import type { PhotoSplit } from "../manifest.ts";
import { splitPhotographs } from "../splits.ts";

/** What splitting needs to know of a photograph or frame of one person. */
export interface SplitItem {
  /** The video that a frame is of; `null` for a photograph. */
  readonly video: string | null;
  /** The frame's time in seconds. */
  readonly time: number;
}

/** Frames of so many seconds before the held-out ones are used in neither part. */
const GAP_SECONDS = 1;

/**
 * Splits the photographs of one person into those to train on and those held out.
 *
 * Of photographs every fourth is held out, and one that is too like a held-out one is used in neither, as in the bundled
 * set; unless that would leave fewer than half of the others to train on, as in one sitting it may. Frames of a video are
 * like their neighbours, so there the last quarter is held out, with a second's gap before it.
 *
 * @param items Photographs and frames in their order.
 * @param tooLike Tells of two photographs, by their places, whether they are too alike to train on one and test on the other.
 * @returns The split of each.
 */
export function splitExtracted(
  items: readonly SplitItem[],
  tooLike: (train: number, heldOut: number) => boolean,
): PhotoSplit[] {
  const splits: PhotoSplit[] = items.map(() => "train");
  for (const [video, places] of Map.groupBy(items.keys(), (i) => items[i]!.video)) {
    const own = video === null ? splitPhotos(places, tooLike) : splitFrames(places.map((i) => items[i]!.time));
    own.forEach((split, k) => splits[places[k]!] = split);
  }
  return splits;
}

function splitPhotos(places: readonly number[], tooLike: (train: number, heldOut: number) => boolean): PhotoSplit[] {
  const plain = splitPhotographs(places.length);
  const apart = splitPhotographs(places.length, (a, b) => tooLike(places[a]!, places[b]!));
  const count = (splits: readonly PhotoSplit[]) => splits.filter((split) => split === "train").length;
  return 2 * count(apart) >= count(plain) ? apart : plain;
}

function splitFrames(times: readonly number[]): PhotoSplit[] {
  const first = times.length - Math.floor(times.length / 4);
  const begin = times[first] ?? Infinity;
  const splits = times.map((time, i): PhotoSplit =>
    i >= first ? "held_out" : time > begin - GAP_SECONDS ? "gap" : "train"
  );
  // A clip of few seconds cannot spare the gap.
  return splits.includes("train") ? splits : times.map((_, i) => i >= first ? "held_out" : "train");
}
