/**
 * The photographs that are forged, each once a domain.
 *
 * @module
 */

import { join } from "node:path";
import { assertDisjoint, facePhoto, readFaceSet } from "doppel/data/mod.ts";
import type { ExperimentContext } from "doppel/experiment/mod.ts";
import type { FacePhoto } from "doppel/generators/mod.ts";
import { type Picture, readPicture } from "doppel/image/mod.ts";
import { cannot } from "doppel/problem.ts";
import type { Config } from "../presets.ts";
import type { Split } from "../sets.ts";
import { cutCrop, type FaceCrop, faceCrop } from "./crop.ts";
import { pairPersons, sourcesOf, type SwapPair } from "./pairs.ts";

/** A photograph that is forged. */
export interface Target {
  /** Its path in the set. */
  readonly photo: string;
  /** The person in it. */
  readonly person: string;
  /** Whose face it gets where a face is swapped. */
  readonly source: string;
  readonly split: Split;
  /** 68 `x, y` pairs in pixels of the photograph, flat. */
  readonly landmarks: Float32Array;
  /** The square that detectors see. */
  readonly crop: FaceCrop;
  /** The photograph in that square, untouched. */
  readonly real: Picture;
}

/** All of them, and who is paired with whom. */
export interface Targets {
  /** By split, person and photograph. */
  readonly targets: readonly Target[];
  readonly pairs: readonly SwapPair[];
}

const SPLITS: readonly Split[] = ["train", "validation", "test"];

/**
 * Lists the photographs, and cuts out of each what detectors see.
 *
 * @param context The experiment's.
 * @returns The photographs; those without a face are left out and told of.
 * @throws {Problem} When an identity split is empty or has one person alone.
 */
export async function readTargets({ config, data, say, progress }: ExperimentContext<Config>): Promise<Targets> {
  const { faces, missed } = await readFaceSet(data, {
    size: 16,
    ...(config.photographs > 0 && { perPerson: config.photographs }),
    onProgress: (done, total) => progress("reading photographs", done, total),
  });
  if (missed.length > 0) say(`${missed.length} photographs show no face and take no part`);
  const first = [...Map.groupBy(faces, ({ path }) => path).values()].map(([face]) => face!);
  if (first.length < faces.length) say(`${faces.length - first.length} further faces in photographs take no part`);
  const personsOf = (split: Split) => first.filter((face) => face.identitySplit === split).map(({ person }) => person);
  for (const split of SPLITS) {
    if (personsOf(split).length === 0) {
      throw cannot("forge photographs", `persons of the identity split ${split}`, "none", data);
    }
  }
  assertDisjoint(Object.fromEntries(SPLITS.map((split) => [split, personsOf(split)])));
  const pairs = SPLITS.flatMap((split) => pairPersons(personsOf(split), split));
  const sources = sourcesOf(pairs);
  const targets: Target[] = [];
  for (const face of first) {
    const { path, person, identitySplit: split } = face;
    const { photo: picture, landmarks } = await facePhoto(data, face);
    const crop = faceCrop(picture, landmarks, config.resolution);
    const source = sources.get(person)!;
    targets.push({ photo: path, person, source, split, landmarks, crop, real: cutCrop(picture, crop) });
  }
  const order = ({ split, photo }: Target) => `${SPLITS.indexOf(split)} ${photo}`;
  return { targets: targets.sort((a, b) => order(a) < order(b) ? -1 : 1), pairs };
}

/** A target's photograph, as generators take it. */
export async function facePhotoOf(data: string, { photo, landmarks }: Target): Promise<FacePhoto> {
  return { photo: await readPicture(join(data, photo)), landmarks };
}
