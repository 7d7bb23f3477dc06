/**
 * The faces of one person, from anybody's folder, a bundled set or an extraction.
 *
 * @module
 */

import type { SetFace } from "../../data/mod.ts";
import type { FaceType } from "../../faces/mod.ts";
import { cannot } from "../../problem.ts";
import { noteMissed, onePersonOf, readFacesWithProgress } from "../_faces.ts";

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
  const set = await readFacesWithProgress(folder, {
    ...{ title: `Reading faces of the ${side}`, size, faceType, eyesMouth },
    ...(person === undefined ? {} : { persons: [person] }),
  });
  const { faces } = set;
  const name = onePersonOf(faces, { doing: "train", option: `--${side}-person`, folder });
  noteMissed(set);
  const heldOut = faces.filter(({ photoSplit }) => photoSplit === "held_out");
  const train = useAll ? faces : faces.filter(({ photoSplit }) => photoSplit !== "held_out");
  if (train.length === 0) {
    throw cannot("train", "a face to train on", "none that is not held out", `${folder}; --use-all`);
  }
  return { person: name, train, shown: heldOut.length > 0 ? heldOut : train };
}
