/**
 * Whose face AEI-Net is to make: the identity of a photograph, or the mean of several.
 *
 * @module
 */

import { basename } from "node:path";
import { alignFace, describeFaces, findOneFace, identityDirections, meanVector } from "../../faces/mod.ts";
import { type Picture, readPicture } from "../../image/mod.ts";
import { cannot } from "../../problem.ts";
import { noteMissed, onePersonOf, readFacesWithProgress } from "../_faces.ts";

/** A source. */
export interface SourceIdentity {
  /** z_id, of length 1. */
  readonly identity: Float32Array;
  /** The person's name, or that of the photograph. */
  readonly name: string;
}

/**
 * Embeds the source of a swap.
 *
 * @param path A photograph, whose largest face counts, or a folder with photographs of one person.
 * @param options `person`: whose, of a folder of several; `size`: side of the faces in pixels, as the model was trained on
 * them; `centre`: what identities are seen from.
 * @returns The identity.
 * @throws {Problem} When there is no face, or the folder is of several persons and none is named.
 */
export async function readSource(
  path: string,
  { person, size, centre }: {
    readonly person: string | undefined;
    readonly size: number;
    readonly centre: Float32Array;
  },
): Promise<SourceIdentity> {
  const stat = await Deno.stat(path).catch(() => undefined);
  if (!stat) throw cannot("read source", "a photograph or a folder of them", "none", path);
  const { name, faces } = stat.isFile ? await ofPhotograph(path, size) : await ofFolder(path, size, person);
  const descriptors = await describeFaces(faces, { encoder: "face_api_grey" });
  return { name, identity: identityDirections([meanVector(descriptors)], centre)[0]! };
}

interface SourceFaces {
  readonly name: string;
  readonly faces: readonly Picture[];
}

async function ofPhotograph(path: string, size: number): Promise<SourceFaces> {
  const photo = await readPicture(path);
  const { landmarks } = await findOneFace(photo, { where: path });
  return { name: basename(path), faces: [alignFace(photo, landmarks, { size, faceType: "full" }).picture] };
}

async function ofFolder(path: string, size: number, person: string | undefined): Promise<SourceFaces> {
  const set = await readFacesWithProgress(path, {
    ...{ title: "Reading faces of the source", size },
    ...(person === undefined ? {} : { persons: [person] }),
  });
  const name = onePersonOf(set.faces, { doing: "read source", option: "--source-person", folder: path });
  noteMissed(set);
  return { name, faces: set.faces.map(({ picture }) => picture) };
}
