import { centredCosine, IDENTITY_CENTRE, meanVector } from "doppel/faces/mod.ts";

/**
 * From which centred cosine of `face_api` descriptors on a face is taken for the person's: towards another face, and towards
 * the mean of the person's.
 *
 * Among the 426 bundled faces two of one person reach 0.63 in 99 of 100 pairs, two of different persons 0.48 or less; towards
 * the mean of a person's others, own ones 0.78 and strangers 0.49 or less. Those are photographs of one sitting each, so the
 * bound is set where strangers end rather than where own faces begin.
 */
export const SAME_PERSON = 0.5;

/** How many faces are tried as the middle of a person; more are spread evenly over. */
const CANDIDATES = 500;

/** Whom a folder or a video shows most. */
export interface MainPerson {
  /** Centred cosine to the mean of the main person's faces, for each face and then for each other. */
  readonly similarity: readonly number[];
  /**
   * For each face whether it is somebody else; nobody is where no person has the majority, or where there are fewer than
   * three faces.
   */
  readonly stranger: readonly boolean[];
  /** Whether most of the faces are of one person. */
  readonly isOnePerson: boolean;
}

/**
 * Finds the person that most of the faces show, and who else there is.
 *
 * The face that is like the most others stands for the person first; the mean of those that are like it, for the person
 * then. A mean of all would be drawn towards the strangers.
 *
 * @param faces Descriptors of `face_api`, one a face.
 * @param others Descriptors that are compared with the person, but have no say in who it is.
 * @returns How like each face is to that person, and which are strangers.
 */
export function findMainPerson(faces: readonly Float32Array[], others: readonly Float32Array[] = []): MainPerson {
  const count = faces.length;
  if (count + others.length === 0) return { similarity: [], stranger: [], isOnePerson: true };
  const like = (a: Float32Array, b: Float32Array) => centredCosine(a, b, IDENTITY_CENTRE);
  const towards = (mean: Float32Array) => [...faces, ...others].map((own) => like(own, mean));
  if (count < 3) {
    const similarity = towards(meanVector(count > 0 ? faces : others));
    return { similarity, stranger: faces.map(() => false), isOnePerson: true };
  }
  const first = meanVector(nearestToMiddle(faces, like));
  const members = faces.filter((own) => like(own, first) >= SAME_PERSON);
  const similarity = towards(members.length > 0 ? meanVector(members) : first);
  const unlike = faces.map((_, i) => similarity[i]! < SAME_PERSON);
  const isOnePerson = unlike.filter(Boolean).length * 2 < count;
  return { similarity, stranger: unlike.map((value) => value && isOnePerson), isOnePerson };
}

/** The faces that are like the one which is like the most. */
function nearestToMiddle(
  faces: readonly Float32Array[],
  like: (a: Float32Array, b: Float32Array) => number,
): Float32Array[] {
  let best: { near: Float32Array[]; sum: number } = { near: [], sum: -Infinity };
  for (let at = 0; at < faces.length; at += Math.max(1, faces.length / CANDIDATES)) {
    const values = faces.map((other) => like(faces[Math.floor(at)]!, other));
    const near = faces.filter((_, i) => values[i]! >= SAME_PERSON);
    const sum = values.reduce((a, b) => a + b, 0);
    if (near.length > best.near.length || (near.length === best.near.length && sum > best.sum)) best = { near, sum };
  }
  return best.near;
}
