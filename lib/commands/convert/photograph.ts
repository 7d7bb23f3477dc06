/**
 * Converts one photograph.
 *
 * @module
 */

import { findFaces } from "../../faces/mod.ts";
import { type ConvertOptions, convertPhotos, type FaceConverter } from "../../generators/mod.ts";
import { labelPicture, type Provenance, readPicture, writePicture } from "../../image/mod.ts";
import { cannot } from "../../problem.ts";
import type { Target } from "./targets.ts";

/** How photographs are converted. */
export interface PhotographOptions extends ConvertOptions {
  readonly faces: "largest" | "all";
  readonly minScore: number;
  readonly provenance: Provenance;
}

/**
 * Swaps the faces of a photograph and writes it.
 *
 * @param models The models.
 * @param target The photograph and where to.
 * @param options Which faces, and how.
 * @returns How many faces were swapped.
 * @throws {Problem} When it cannot be read or shows no face; nothing is written then.
 */
export async function convertPhotograph(
  models: readonly FaceConverter[],
  { path, name, out }: Target,
  { faces: which, minScore, provenance, label = "SYNTHETIC", ...options }: PhotographOptions,
): Promise<number> {
  const photo = await readPicture(path);
  const found = await findFaces(photo, { minScore });
  if (found.length === 0) throw cannot("convert photograph", "a face", "none that the detector sees", path);
  const wanted = which === "all" ? found : found.slice(0, 1);
  let picture = photo;
  for (const { landmarks } of wanted) {
    const [swap] = await convertPhotos(models, [{ photo: picture, landmarks }], { ...options, label: false });
    picture = swap!.picture;
  }
  if (label !== false) picture = labelPicture(picture, label);
  await writePicture(out, picture, { provenance: { ...provenance, target: name } });
  return wanted.length;
}
