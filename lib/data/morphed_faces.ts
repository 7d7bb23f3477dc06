/**
 * Faces between two persons: pictures of identities that nobody has, so that a generator that is told by an embedding whose
 * face to make sees more of the space of embeddings than the persons that it has photographs of.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import { createPicture, erode, gaussianBlur, type Picture, piecewiseWarp, resizePicture } from "../image/mod.ts";
import { describeFaces, hullMask } from "../faces/mod.ts";
import { index, randomSource, uniform } from "../random.ts";
import type { EmbeddedFace } from "./embedded_faces.ts";
import type { SetFace } from "./face_set.ts";

/** A face that can be morphed: aligned, with its landmarks in it. */
export type MorphableFace = Pick<SetFace, "person" | "picture" | "landmarks">;

/** How far a morph lies from the first face to the second. */
export interface MorphOptions {
  /** Of the landmarks, 0 for the first face's, 1 for the second's. Default 0.5. */
  readonly shape?: number;
  /** Of the colours inside the face, 0 for the first one's, 1 for the second's. Default 0.5. */
  readonly texture?: number;
}

/**
 * Morphs two aligned faces: both are warped piece by piece onto landmarks between theirs, and mixed inside the face; hair and
 * what is behind are the first one's, warped along.
 *
 * @param first The face that gives hair and surroundings, `[R, R, 3]`.
 * @param second The other, of the same size.
 * @param options How far the morph lies between them.
 * @returns `[R, R, 3]`.
 * @throws {Problem} When the pictures differ in size.
 */
export function morphFaces(
  first: MorphableFace,
  second: MorphableFace,
  { shape = 0.5, texture = 0.5 }: MorphOptions = {},
): Picture {
  const { width, height } = first.picture;
  if (second.picture.width !== width || second.picture.height !== height) {
    throw cannot(
      "morph faces",
      `two pictures of ${width}x${height}`,
      `${second.picture.width}x${second.picture.height}`,
    );
  }
  const between = first.landmarks.map((value, i) => value + shape * (second.landmarks[i]! - value));
  // The border stays where it is, so that the surroundings are warped along instead of being cut off.
  const border = borderOf(width, height);
  const [a, b] = [first, second].map(({ picture, landmarks }) =>
    piecewiseWarp(picture, joined(landmarks, border), joined(between, border), { width, height }).picture
  ) as [Picture, Picture];
  const softness = Math.max(1, width / 40);
  const mask = gaussianBlur(erode(hullMask(between, width, height, { browExpansion: 1.5 }), softness), softness);
  const data = a.data.map((value, i) => value + texture * mask.data[Math.floor(i / 3)]! * (b.data[i]! - value));
  return createPicture(width, height, 3, data);
}

/** Which morphs to make. */
export interface MorphedFacesOptions {
  /** How many. */
  readonly count: number;
  /** Seed of the pairs and of how far each lies between them. */
  readonly seed: number;
  /** Side of the faces that come out; those that go in had better be larger, since each warp blurs a little. */
  readonly size: number;
}

/**
 * Morphs faces of different persons at random, each 30 to 70 % of the way, and describes them: about 60 ms a face on two cores.
 *
 * @example Identities between the persons of a set
 * ```ts
 * import { BUNDLED_FACES, embedFaces, morphedFaces, readFaceSet } from "doppel/data/mod.ts";
 *
 * export async function moreIdentities() {
 *   const { faces } = await readFaceSet(BUNDLED_FACES, { size: 64, identitySplit: "train", photoSplit: "train" });
 *   const large = await readFaceSet(BUNDLED_FACES, { size: 128, identitySplit: "train", photoSplit: "train" });
 *   return { ...await embedFaces(faces), morphs: await morphedFaces(large.faces, { count: 400, seed: 1, size: 64 }) };
 * }
 * ```
 *
 * @param faces Aligned faces of two persons or more.
 * @param options How many, of which seed and size.
 * @returns The morphs with descriptors; `person` names both, "person01~person02".
 * @throws {Problem} When there are fewer than two persons.
 */
export async function morphedFaces(
  faces: readonly MorphableFace[],
  { count, seed, size }: MorphedFacesOptions,
): Promise<EmbeddedFace[]> {
  const random = randomSource(seed, "morphs");
  const persons = [...Map.groupBy(faces, ({ person }) => person).values()];
  if (persons.length < 2) throw cannot("morph faces", "two persons or more", String(persons.length));
  const made = Array.from({ length: count }, () => {
    const place = index(random, persons.length);
    const other = (place + 1 + index(random, persons.length - 1)) % persons.length;
    const [first, second] = [persons[place]!, persons[other]!].map((own) => own[index(random, own.length)]!) as [
      MorphableFace,
      MorphableFace,
    ];
    const [shape, texture] = [uniform(random, 0.3, 0.7), uniform(random, 0.3, 0.7)];
    const picture = resizePicture(morphFaces(first, second, { shape, texture }), size, size);
    return { person: `${first.person}~${second.person}`, picture };
  });
  const descriptors = await describeFaces(made.map(({ picture }) => picture), { encoder: "face_api_grey" });
  return made.map((face, i) => ({ ...face, descriptor: descriptors[i]! }));
}

/** Eight points on each side of the frame. */
function borderOf(width: number, height: number): Float32Array {
  const points: number[] = [];
  for (let i = 0; i < 8; i++) {
    const along = i / 8;
    points.push(along * width, 0, width, along * height, (1 - along) * width, height, 0, (1 - along) * height);
  }
  return Float32Array.from(points);
}

const joined = (landmarks: Float32Array, border: Float32Array) => Float32Array.from([...landmarks, ...border]);
