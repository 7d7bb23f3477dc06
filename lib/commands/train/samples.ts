/**
 * Sample grids of a pair in training: what the model makes of faces of both persons.
 *
 * @module
 */

import type { SetFace } from "../../data/mod.ts";
import { type FacePairModel, predictFaces, type Side } from "../../generators/mod.ts";
import { labelPicture, type Picture, pictureGrid, writePicture } from "../../image/mod.ts";
import { enlarge, spread } from "./grid_faces.ts";

/**
 * Writes the sample grid of a step: faces of both persons, each reconstructed, and each with the other's face. All that
 * the model made is labelled.
 *
 * @param path Where to, ending in `.png`.
 * @param model The model as it is now.
 * @param faces Faces of both persons.
 * @param provenance What made the grid.
 */
export async function writeSamples(
  path: string,
  model: FacePairModel,
  faces: Readonly<Record<Side, readonly SetFace[]>>,
  provenance: Readonly<Record<string, string>>,
): Promise<void> {
  const rows: Picture[][] = [];
  for (const side of ["source", "destination"] as const) {
    const own = spread(faces[side], 6).map(({ picture }) => picture);
    const other: Side = side === "source" ? "destination" : "source";
    rows.push(own.map(enlarge));
    for (const to of [side, other]) {
      rows.push((await predictFaces(model, own, { to })).map(({ face }) => labelPicture(enlarge(face))));
    }
  }
  const rowLabels = [
    ...["source", "reconstructed", "as destination"],
    ...["destination", "reconstructed", "as source"],
  ];
  await writePicture(path, pictureGrid(rows, { rowLabels, textSize: 10 }), { provenance });
}
