/**
 * Sample grids of AEI-Net and HEAR-Net in training: what the model makes of a few faces with a few identities.
 *
 * @module
 */

import type { SetFace } from "../../data/mod.ts";
import { describeFaces, identityDirections } from "../../faces/mod.ts";
import { type AeiModel, swapFaces } from "../../generators/mod.ts";
import { createPicture, labelPicture, type Picture, pictureGrid, writePicture } from "../../image/mod.ts";
import { enlarge, spread } from "./grid_faces.ts";

/** A face with its identity. */
interface Shown {
  readonly person: string;
  readonly picture: Picture;
  readonly identity: Float32Array;
}

/** Draws grids of the same faces, step by step. */
export interface IdentitySamples {
  /**
   * Writes the grid of a step: targets in the first row; then a row a source, its face first, and the targets with its
   * identity. All that the model made is labelled.
   *
   * @param path Where to, ending in `.png`.
   * @param model The model as it is now.
   * @param provenance What made the grid.
   */
  write(path: string, model: AeiModel, provenance: Readonly<Record<string, string>>): Promise<void>;
}

/**
 * Chooses the faces of a training's sample grids, one of each of a few persons, and describes them.
 *
 * @param faces Aligned faces of the model's resolution, of two persons or more.
 * @param centre Where identities are seen from.
 * @param options `targets` and `sources`: how many at most. Default 5 and 4.
 * @returns What draws the grids.
 */
export async function identitySamples(
  faces: readonly SetFace[],
  centre: Float32Array,
  { targets = 5, sources = 4 }: { readonly targets?: number; readonly sources?: number } = {},
): Promise<IdentitySamples> {
  const first = [...Map.groupBy(faces, ({ person }) => person).values()].map(([one]) => one!);
  const chosen = spread(first, Math.max(targets, sources));
  const descriptors = await describeFaces(chosen.map(({ picture }) => picture), { encoder: "face_api_grey" });
  const identities = identityDirections(descriptors, centre);
  const shown: Shown[] = chosen.map(({ person, picture }, i) => ({ person, picture, identity: identities[i]! }));
  const seen = shown.slice(0, targets);
  return {
    async write(path, model, provenance) {
      const rows: Picture[][] = [[createPicture(128, 128, 3, 1), ...seen.map(({ picture }) => enlarge(picture))]];
      for (const { picture, identity } of shown.slice(0, sources)) {
        const made = await swapFaces(model, seen.map((target) => target.picture), identity);
        rows.push([enlarge(picture), ...made.map((face) => labelPicture(enlarge(face)))]);
      }
      const rowLabels = ["target", ...shown.slice(0, sources).map(({ person }) => `as ${person}`)];
      await writePicture(path, pictureGrid(rows, { rowLabels, textSize: 10 }), { provenance });
    },
  };
}
