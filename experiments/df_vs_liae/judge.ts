/**
 * The judge: what all persons of the set look like to the encoders, and how far random pairs of faces are apart. The
 * `human` package's encoder judges; no encoder takes part in training DF or LIAE.
 *
 * @module
 */

import { type AttributeDistances, randomPairDistances } from "doppel/evaluation/mod.ts";
import { readFaceSet, type SetFace } from "doppel/data/mod.ts";
import { centreOf, describeExpressions, describeFaces, ENCODER_SHAPES, meanVector } from "doppel/faces/mod.ts";

/** The encoders: the judge, and a second one that is printed beside it. */
export const encoders = ["human", "face_api"] as const;

/** One of the encoders. */
export type Encoder = typeof encoders[number];

/** One encoder's view of all persons. */
export interface Gallery {
  /** Mean embedding of each person's photographs. */
  readonly persons: ReadonlyMap<string, Float32Array>;
  /** Mean over the persons. */
  readonly centre: Float32Array;
}

/** What swaps are measured against. */
export interface Judge {
  readonly galleries: Readonly<Record<Encoder, Gallery>>;
  /** Mean distances of landmarks and expressions between photographs of different persons. */
  readonly randomPairs: AttributeDistances;
  /** Aligned faces of each person, for sharpness. */
  readonly faces: ReadonlyMap<string, readonly SetFace[]>;
}

/** Side of the aligned squares that attributes, sharpness and perceptual distance are measured on. */
export const MEASURED_SIDE = 128;

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
  const read = async (size: number) =>
    (await readFaceSet(data, {
      size,
      ...(photographs > 0 ? { perPerson: photographs } : {}),
      onProgress: (done, total) => progress("aligning the judge's gallery", done, total),
    })).faces;
  const largest = await read(Math.max(...encoders.map((encoder) => ENCODER_SHAPES[encoder].side)));
  const chosen = [...Map.groupBy(largest, ({ person }) => person)];
  const galleries = {} as Record<Encoder, Gallery>;
  for (const encoder of encoders) {
    const persons = new Map<string, Float32Array>();
    for (const [i, [person, own]] of chosen.entries()) {
      persons.set(person, meanVector(await describeFaces(own.map(({ picture }) => picture), { encoder })));
      progress(`describing persons (${encoder})`, i + 1, chosen.length);
    }
    galleries[encoder] = { persons, centre: centreOf([...persons.values()]) };
  }
  const measured = await read(MEASURED_SIDE);
  const expressions = await describeExpressions(measured.map(({ picture }) => picture));
  const randomPairs = randomPairDistances(
    measured.map(({ person, landmarks }, i) => ({ person, landmarks, expression: expressions[i]! })),
  );
  return { galleries, randomPairs, faces: Map.groupBy(measured, ({ person }) => person) };
}
