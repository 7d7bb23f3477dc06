/**
 * Pictures of a run: each with its label and its provenance.
 *
 * @module
 */

import { basename, join } from "node:path";
import type { SetFace } from "doppel/data/mod.ts";
import type { Run } from "doppel/experiment/mod.ts";
import { alignFace } from "doppel/faces/mod.ts";
import type { Conversion, FacePhoto } from "doppel/generators/mod.ts";
import {
  invertAffine,
  labelPicture,
  type Picture,
  pictureGrid,
  readPicture,
  transformPoints,
  writePicture,
} from "doppel/image/mod.ts";

/**
 * The photograph of an aligned face, with the landmarks in its own pixels.
 *
 * @param data Folder of the set.
 * @param face A face of the set.
 * @returns What conversion needs.
 */
export async function facePhoto(data: string, face: SetFace): Promise<FacePhoto> {
  return {
    photo: await readPicture(join(data, face.path)),
    landmarks: transformPoints(invertAffine(face.matrix), face.landmarks),
  };
}

/**
 * Saves swapped photographs at full size, labelled, with what made them written into the files.
 *
 * @param folder Where to.
 * @param run The run.
 * @param name What the files are called.
 * @param photos The untouched photographs.
 * @param swaps The conversions, without labels.
 */
export async function saveSwaps(
  folder: string,
  run: Run,
  name: string,
  photos: readonly FacePhoto[],
  swaps: readonly Conversion[],
): Promise<void> {
  for (const i of photos.keys()) {
    await writePicture(join(folder, `${name}_${i + 1}.png`), labelPicture(swaps[i]!.picture), {
      provenance: { synthetic: "true", generator: "DF", run: run.name, config: run.hash, experiment: run.experiment },
    });
  }
}

/**
 * The sample grid of one direction: held-out photographs, their swaps, and the source person to compare with.
 *
 * @param person The source person.
 * @param photos The untouched photographs.
 * @param swaps The conversions, without labels.
 * @param source Faces of the source person.
 * @param data Folder of the set.
 * @returns The grid; every swap in it is labelled.
 */
export async function gridOf(
  person: string,
  photos: readonly FacePhoto[],
  swaps: readonly Conversion[],
  source: readonly SetFace[],
  data: string,
): Promise<Picture> {
  const columns = Math.min(6, photos.length);
  const cut = (picture: Picture, landmarks: Float32Array) =>
    alignFace(picture, landmarks, { size: 160, faceType: "whole" }).picture;
  const sources = await Promise.all(
    Array.from({ length: columns }, async (_, i) => {
      const { photo, landmarks } = await facePhoto(data, source[Math.floor(i * source.length / columns)]!);
      return cut(photo, landmarks);
    }),
  );
  const rows = [
    photos.slice(0, columns).map(({ photo, landmarks }) => cut(photo, landmarks)),
    photos.slice(0, columns).map(({ landmarks }, i) => labelPicture(cut(swaps[i]!.picture, landmarks))),
    sources,
  ];
  return pictureGrid(rows, { rowLabels: ["photograph", "swap", person], textSize: 10 });
}

/**
 * Writes the sample grid of one direction, with its provenance.
 *
 * @param path Where to.
 * @param grid What {@linkcode gridOf} made.
 */
export async function writeGrid(path: string, grid: Picture): Promise<void> {
  await writePicture(path, grid, { provenance: { synthetic: "true", generator: "DF", grid: basename(path) } });
}
