import { cannot } from "../problem.ts";
import type { Picture } from "../image/mod.ts";
import { centreOf, describeFaces, identityDirections, meanVector } from "../faces/mod.ts";

/** An aligned face with its identity's descriptor. */
export interface EmbeddedFace {
  /** Whose face it is. */
  readonly person: string;
  /** `[R, R, 3]` in [0, 1], aligned with face type `full`. */
  readonly picture: Picture;
  /** What the training encoder, face-api on luminance, says of it: 128 numbers, not centred. */
  readonly descriptor: Float32Array;
}

/** Faces with descriptors, and the point that identities are seen from. */
export interface EmbeddedFaces {
  readonly faces: readonly EmbeddedFace[];
  /** Mean of the persons' means, 128 numbers. */
  readonly centre: Float32Array;
  /** Faces between two persons, to train on beside them; see `morphedFaces`. They have no part in the centre. */
  readonly morphs?: readonly EmbeddedFace[];
}

/**
 * Describes the identities of aligned faces for training: about 60 ms a face on two cores.
 *
 * @param faces Faces of two persons or more, such as `SetFace`s; a set that takes no part in training must not be in it,
 * since the centre is computed of all.
 * @returns The faces with descriptors by face-api, in their order, and the centre.
 * @throws {Problem} When there are fewer than two persons, around whose mean nothing can be told apart.
 */
export async function embedFaces(
  faces: readonly { readonly person: string; readonly picture: Picture }[],
): Promise<EmbeddedFaces> {
  const persons = new Set(faces.map(({ person }) => person)).size;
  if (persons < 2) throw cannot("embed faces", "two persons or more", String(persons));
  const descriptors = await describeFaces(faces.map(({ picture }) => picture), { encoder: "face_api_grey" });
  const embedded = faces.map(({ person, picture }, i) => ({ person, picture, descriptor: descriptors[i]! }));
  const means = [...Map.groupBy(embedded, ({ person }) => person).values()].map((own) =>
    meanVector(own.map(({ descriptor }) => descriptor))
  );
  return { faces: embedded, centre: centreOf(means) };
}

/**
 * z_id of each person: the direction of the mean of their photographs from the centre.
 *
 * @param faces Photographs with their descriptors.
 * @param centre What identities are seen from, see {@linkcode EmbeddedFaces}.
 * @returns 128 numbers of length 1 by person.
 * @throws {Problem} When a mean is the centre itself.
 */
export function personIdentities(
  faces: readonly Pick<EmbeddedFace, "person" | "descriptor">[],
  centre: Float32Array,
): Map<string, Float32Array> {
  return new Map(
    [...Map.groupBy(faces, ({ person }) => person)].map(([person, own]) => {
      const mean = meanVector(own.map(({ descriptor }) => descriptor));
      return [person, identityDirections([mean], centre)[0]!];
    }),
  );
}
