/**
 * Reading faces in front of a user: a progress line, and a word on what was left out.
 *
 * @module
 */

import { type FaceSet, type FaceSetOptions, readFaceSet, type SetFace } from "../data/mod.ts";
import { cannot } from "../problem.ts";
import { note, progress } from "./_terminal.ts";

/**
 * Reads a set of faces with a progress line.
 *
 * @param folder The set.
 * @param options Size, persons, splits; `title`: what the line says; `summary`: what it ends with, by default how many faces.
 * @returns The faces, and what was missed.
 * @throws {Problem} When the folder holds no faces.
 */
export async function readFacesWithProgress(
  folder: string,
  { title = "Reading faces", summary = (faces) => `${faces.length} faces`, ...options }:
    & Omit<FaceSetOptions, "onProgress">
    & { readonly title?: string; readonly summary?: (faces: readonly SetFace[]) => string },
): Promise<FaceSet> {
  const bar = progress(title, { unit: "photograph" });
  const set = await readFaceSet(folder, {
    ...options,
    onProgress: (done, total) => bar.update(done, { total }),
  }).catch((error) => {
    bar.clear();
    throw error;
  });
  bar.finish(summary(set.faces));
  return set;
}

/** Says which photographs gave no face, and why. */
export function noteMissed({ missed }: Pick<FaceSet, "missed">): void {
  for (const { path, reason } of missed) note(`Left out: ${path}, for ${reason}`);
}

/**
 * Makes sure that faces are one person's.
 *
 * @param faces The faces.
 * @param where `doing`, `option` and `folder`, for the message.
 * @returns The person's name.
 * @throws {Problem} When they are several persons'.
 */
export function onePersonOf(
  faces: readonly SetFace[],
  { doing, option, folder }: { readonly doing: string; readonly option: string; readonly folder: string },
): string {
  const persons = [...new Set(faces.map(({ person }) => person))];
  if (persons.length > 1) {
    throw cannot(doing, `a person's name by ${option}`, `a folder of ${persons.join(", ")}`, folder);
  }
  return persons[0]!;
}
