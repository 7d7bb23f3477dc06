/**
 * The faces of many persons, described for the networks that are told by an embedding whose face to make.
 *
 * @module
 */

import {
  type EmbeddedFaces,
  embedFaces,
  morphedFaces,
  photosOfEach,
  resizeFace,
  type SetFace,
  type TexturedPhoto,
} from "../../data/mod.ts";
import { cannot } from "../../problem.ts";
import { noteMissed, readFacesWithProgress } from "../_faces.ts";

/** Faces to train on and to look at. */
export interface ManyPersons {
  /** What is trained on, with descriptors and centre. */
  readonly embedded: EmbeddedFaces;
  /** What the sample grids show: faces that training does not see, where some are held out. */
  readonly shown: readonly SetFace[];
  /** Photographs of these to cut textures of occluders from, three of each person. */
  readonly painted: readonly TexturedPhoto[];
  /** How many faces of how many persons are trained on. */
  readonly data: Readonly<Record<"faces" | "persons", number>>;
}

/** Which faces. */
export interface ManyPersonsOptions {
  /** "aei" or "hear", for messages. */
  readonly model: string;
  readonly folder: string;
  /** Side of the aligned faces in pixels. */
  readonly size: number;
  /** Whether persons and photographs that are held out are trained on as well. */
  readonly useAll: boolean;
  /** How many faces between two persons to make beside them. Default 0. */
  readonly morphs?: number;
}

/**
 * Reads and describes the faces of many persons.
 *
 * @param options Folder and size.
 * @returns The faces.
 * @throws {Problem} When the folder has no faces, or of fewer than two persons.
 */
export async function readManyPersons(
  { model, folder, size, useAll, morphs = 0 }: ManyPersonsOptions,
): Promise<ManyPersons> {
  const trainOn = (faces: readonly SetFace[]) =>
    useAll ? faces : faces.filter(({ photoSplit }) => photoSplit !== "held_out");
  const personsOf = (faces: readonly SetFace[]) => new Set(faces.map(({ person }) => person)).size;
  const set = await readFacesWithProgress(folder, {
    // Morphs are made larger than they are needed, since warping blurs.
    size: morphs > 0 ? 2 * size : size,
    ...(useAll ? {} : { identitySplit: "train" as const }),
    summary: (faces) => `${trainOn(faces).length} faces of ${personsOf(trainOn(faces))} persons to train on`,
  });
  noteMissed(set);
  const large = trainOn(set.faces);
  const faces = morphs > 0 ? set.faces.map((face) => resizeFace(face, size)) : set.faces;
  const train = trainOn(faces);
  const persons = personsOf(train);
  if (persons < 2) {
    throw cannot(`train ${model}`, "one sub-folder a person, of two persons or more", `${persons}`, folder);
  }
  const heldOut = faces.filter(({ photoSplit }) => photoSplit === "held_out");
  return {
    embedded: {
      ...await embedFaces(train),
      ...(morphs > 0 && { morphs: await morphedFaces(large, { count: morphs, seed: 1, size }) }),
    },
    painted: photosOfEach(folder, train),
    shown: heldOut.length > 0 ? heldOut : train,
    data: { faces: train.length, persons },
  };
}
