/**
 * The faces of one person, from anybody's folder, a bundled set or an extraction.
 *
 * @module
 */

import { readFaceSet, type SetFace } from "../../data/mod.ts";
import type { FaceType } from "../../faces/mod.ts";
import { cannot } from "../../problem.ts";
import { note, progress } from "../mod.ts";

/** One person's faces. */
export interface PersonFaces {
  readonly person: string;
  /** What is trained on. */
  readonly train: readonly SetFace[];
  /** What the sample grids show: faces that training does not see, where some are held out. */
  readonly shown: readonly SetFace[];
}

/** Which faces, and how they are cut out. */
export interface PersonOptions {
  readonly folder: string;
  /** Whose; needed where the folder is of several. */
  readonly person: string | undefined;
  /** "source" or "destination", for messages. */
  readonly side: "source" | "destination";
  readonly size: number;
  readonly faceType: FaceType;
  readonly eyesMouth: boolean;
  /** Whether held-out photographs are trained on as well. */
  readonly useAll: boolean;
}

/**
 * Reads one person's faces.
 *
 * @param options Folder, person, size.
 * @returns The faces.
 * @throws {Problem} When the folder has no faces, or several persons and none is named.
 */
export async function readPerson(
  { folder, person, side, size, faceType, eyesMouth, useAll }: PersonOptions,
): Promise<PersonFaces> {
  const bar = progress(`Reading faces of the ${side}`, { unit: "photograph" });
  const { faces, missed } = await readFaceSet(folder, {
    ...{ size, faceType, eyesMouth },
    ...(person === undefined ? {} : { persons: [person] }),
    onProgress: (done, total) => bar.update(done, { total }),
  }).catch((error) => {
    bar.clear();
    throw error;
  });
  bar.finish(`${faces.length} faces`);
  const persons = [...new Set(faces.map((face) => face.person))];
  if (persons.length > 1) {
    throw cannot("train", `a person's name by --${side}-person`, `a folder of ${persons.join(", ")}`, folder);
  }
  for (const { path, reason } of missed) note(`Left out: ${path}, for ${reason}`);
  const heldOut = faces.filter(({ photoSplit }) => photoSplit === "held_out");
  const train = useAll ? faces : faces.filter(({ photoSplit }) => photoSplit !== "held_out");
  if (train.length === 0) {
    throw cannot("train", "a face to train on", "none that is not held out", `${folder}; --use-all`);
  }
  return { person: persons[0]!, train, shown: heldOut.length > 0 ? heldOut : train };
}
