/**
 * What is measured on a swap. The judge is the `human` package's encoder; no encoder takes part in training DF.
 *
 * @module
 */

import { identityGain, landmarkError, meanAbsoluteError, retrievalRank, ssim } from "doppel/evaluation/mod.ts";
import { readFaceSet } from "doppel/data/mod.ts";
import {
  alignFace,
  centredCosine,
  centreOf,
  describeFaces,
  ENCODER_SHAPES,
  findFaces,
  meanVector,
} from "doppel/faces/mod.ts";
import type { Conversion, FacePhoto } from "doppel/generators/mod.ts";
import type { Picture } from "doppel/image/mod.ts";

const encoders = ["human", "face_api"] as const;
type Encoder = typeof encoders[number];

/** One encoder's view of all persons. */
interface Gallery {
  /** Mean embedding of each person's photographs. */
  readonly persons: ReadonlyMap<string, Float32Array>;
  /** Mean over the persons. */
  readonly centre: Float32Array;
}

/** The judge, and a second encoder that is printed beside it. */
export type Judge = Readonly<Record<Encoder, Gallery>>;

/** Measurements of one swapped photograph. */
export type SwapRow = {
  readonly arm: string;
  readonly seed: number;
  readonly pair: string;
  /** The source person, whose face the photograph got. */
  readonly person: string;
  /** Number of the held-out photograph. */
  readonly photo: number;
  /** Centred cosine of the swap to the source person, minus that of the untouched photograph; by the judge. */
  readonly gain: number;
  /** Centred cosine of the swap to the source person, by the judge. */
  readonly similarity: number;
  /** The same of the untouched photograph. */
  readonly similarity_before: number;
  /** The gain by the second encoder. */
  readonly gain_second: number;
  /** Mean gain towards the persons who have no part in the pair: what any change of a face does. */
  readonly drift: number;
  /** Place of the source person among all persons, by the judge. */
  readonly rank: number;
  /** Mean distance of the landmarks found in the swap to those of the photograph, over the distance of the eyes. */
  readonly landmark_error: number | null;
  /** SSIM of the whole photograph before and after. */
  readonly ssim: number;
  /** Mean absolute change of the whole photograph, in [0, 1]. */
  readonly change: number;
};

/**
 * Opens the judge: describes photographs of all persons of the set.
 *
 * @param data Folder of the set.
 * @param photographs Photographs a person, 0 for all.
 * @param progress Told how far it is.
 * @returns The judge.
 */
export async function openJudge(
  data: string,
  photographs: number,
  progress: (what: string, done: number, total: number) => void,
): Promise<Judge> {
  const largest = Math.max(...encoders.map((encoder) => ENCODER_SHAPES[encoder].side));
  const { faces } = await readFaceSet(data, {
    size: largest,
    ...(photographs > 0 ? { perPerson: photographs } : {}),
    onProgress: (done, total) => progress("aligning the judge's gallery", done, total),
  });
  const chosen = [...Map.groupBy(faces, ({ person }) => person)].map(([person, own]) =>
    [person, own.map(({ picture }) => picture)] as const
  );
  const galleries = {} as Record<Encoder, Gallery>;
  for (const encoder of encoders) {
    const persons = new Map<string, Float32Array>();
    for (const [i, [person, pictures]] of chosen.entries()) {
      persons.set(person, meanVector(await describeFaces(pictures, { encoder })));
      progress(`describing persons (${encoder})`, i + 1, chosen.length);
    }
    galleries[encoder] = { persons, centre: centreOf([...persons.values()]) };
  }
  return galleries;
}

/**
 * Measures swaps.
 *
 * @param judge The judge.
 * @param cell Which cell they come from, and whose face they got.
 * @param photos The untouched photographs.
 * @param swaps The conversions, without labels.
 * @returns One row a photograph.
 */
export async function measureSwaps(
  judge: Judge,
  cell: Pick<SwapRow, "arm" | "seed" | "pair" | "person">,
  photos: readonly FacePhoto[],
  swaps: readonly Conversion[],
): Promise<SwapRow[]> {
  const describe = async (encoder: Encoder) => {
    const size = ENCODER_SHAPES[encoder].side;
    const crop = (picture: Picture, i: number) => alignFace(picture, photos[i]!.landmarks, { size }).picture;
    return {
      before: await describeFaces(photos.map(({ photo }, i) => crop(photo, i)), { encoder }),
      after: await describeFaces(swaps.map(({ picture }, i) => crop(picture, i)), { encoder }),
    };
  };
  const views = { human: await describe("human"), face_api: await describe("face_api") };
  const involved = cell.pair.split("+");
  const rows: SwapRow[] = [];
  for (const [i, { photo, landmarks }] of photos.entries()) {
    const gainTowards = (encoder: Encoder, person: string) =>
      identityGain({
        swap: views[encoder].after[i]!,
        target: views[encoder].before[i]!,
        source: judge[encoder].persons.get(person)!,
        centre: judge[encoder].centre,
      });
    const { persons, centre } = judge.human;
    const similarity = (embedding: Float32Array) => centredCosine(embedding, persons.get(cell.person)!, centre);
    const others = [...persons.keys()].filter((person) => !involved.includes(person));
    const gallery = [...persons].map(([person, embedding]) => ({ person, embedding }));
    const swapped = swaps[i]!.picture;
    const [found] = await findFaces(swapped);
    rows.push({
      ...cell,
      photo: i,
      gain: gainTowards("human", cell.person),
      similarity: similarity(views.human.after[i]!),
      similarity_before: similarity(views.human.before[i]!),
      gain_second: gainTowards("face_api", cell.person),
      drift: others.reduce((sum, person) => sum + gainTowards("human", person), 0) / Math.max(1, others.length),
      rank: retrievalRank(views.human.after[i]!, gallery, { person: cell.person, centre }),
      landmark_error: found ? landmarkError(found.landmarks, landmarks) : null,
      ssim: ssim(swapped, photo),
      change: meanAbsoluteError(swapped, photo),
    });
  }
  return rows;
}
