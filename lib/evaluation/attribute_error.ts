/**
 * The attribute figure of faces: landmarks and expression of a swap against those of its target.
 *
 * @module
 */

import { index, randomSource } from "doppel/random.ts";
import { attributeDistance, featureDistance, landmarkError } from "./attributes.ts";

/** What a swap is to keep of its target's face. */
export interface FaceAttributes {
  /** 68 `x, y` pairs, flat, in aligned pixels: found in the picture, then carried into the aligned square. */
  readonly landmarks: ArrayLike<number>;
  /** Features of the expression, from `describeExpressions`. */
  readonly expression: ArrayLike<number>;
}

/** Distances between the attributes of two faces. */
export interface AttributeDistances {
  /** Mean distance of the landmarks in eye distances, see `landmarkError`. */
  readonly landmarks: number;
  /** Euclidean distance of the expression features. */
  readonly expression: number;
}

/**
 * Compares the attributes of a face with those of a target.
 *
 * @param face A swap, or any face.
 * @param target What it is compared with, its landmarks in the same frame.
 * @returns Both distances.
 * @throws {RangeError} When there are not 68 landmarks each, or features of two lengths.
 */
export function attributeDistances(face: FaceAttributes, target: FaceAttributes): AttributeDistances {
  return {
    landmarks: landmarkError(face.landmarks, target.landmarks),
    expression: featureDistance(face.expression, target.expression),
  };
}

/**
 * The distances that two photographs of different persons have by chance: the unit of {@linkcode attributeError}.
 *
 * @param faces Real photographs, each aligned by its own landmarks to one size and face type: at least two persons.
 * @param options Which pairs.
 * @param options.pairs How many, drawn with replacement. Default 10,000: the mean is then known to about half a percent.
 * @param options.seed Default 1.
 * @returns The mean of each distance over the pairs.
 * @throws {RangeError} When there are fewer than two persons.
 */
export function randomPairDistances(
  faces: readonly (FaceAttributes & { readonly person: string })[],
  { pairs = 10_000, seed = 1 }: { readonly pairs?: number; readonly seed?: number } = {},
): AttributeDistances {
  const persons = new Set(faces.map(({ person }) => person));
  if (persons.size < 2) {
    throw new RangeError(`Cannot draw random pairs: expected faces of at least two persons, got ${persons.size}`);
  }
  const random = randomSource(seed, "attribute pairs");
  const total = { landmarks: 0, expression: 0 };
  for (let drawn = 0; drawn < pairs;) {
    const [a, b] = [faces[index(random, faces.length)]!, faces[index(random, faces.length)]!];
    if (a.person === b.person) continue;
    const { landmarks, expression } = attributeDistances(a, b);
    total.landmarks += landmarks;
    total.expression += expression;
    drawn++;
  }
  return { landmarks: total.landmarks / pairs, expression: total.expression / pairs };
}

/**
 * The figure *attr*: landmark error and expression distance of a swap to its target photograph, each over its value for
 * random pairs, averaged. 0 is the target's own face; 1 is what any other person's photograph has.
 *
 * @example Landmarks found in the swap, carried into the target's aligned square
 * ```ts
 * import { type AttributeDistances, attributeError, type FaceAttributes } from "doppel/evaluation/mod.ts";
 * import { alignFace, describeExpressions, findOneFace } from "doppel/faces/mod.ts";
 * import { type Picture, transformPoints } from "doppel/image/mod.ts";
 *
 * export async function attr(swap: Picture, photo: Picture, random: AttributeDistances): Promise<number> {
 *   const { landmarks } = await findOneFace(photo);
 *   const { matrix } = alignFace(photo, landmarks, { size: 128 });
 *   const attributesOf = async (picture: Picture): Promise<FaceAttributes> => {
 *     const found = await findOneFace(picture);
 *     const [expression] = await describeExpressions([alignFace(picture, landmarks, { size: 128 }).picture]);
 *     return { landmarks: transformPoints(matrix, found.landmarks), expression: expression! };
 *   };
 *   return attributeError(await attributesOf(swap), await attributesOf(photo), random);
 * }
 * ```
 *
 * @param swap The swapped face. One in which no face is found has no attributes: count it apart.
 * @param target The target photograph's face, its landmarks in the same frame and found by the same network.
 * @param random From {@linkcode randomPairDistances}; the same for all swaps of a table.
 * @returns At least 0.
 * @throws {RangeError} When landmarks or features do not match, or a distance of random pairs is not above 0.
 */
export function attributeError(swap: FaceAttributes, target: FaceAttributes, random: AttributeDistances): number {
  return attributeDistance<keyof AttributeDistances>({ ...attributeDistances(swap, target) }, { ...random });
}
