import { meanVector } from "doppel/faces/mod.ts";

/**
 * Up to which Euclidean distance of `face_api` descriptors two faces are taken for one person's, and a face for that of the
 * person whose mean it is compared with.
 *
 * Towards the mean of a person's other photographs, the 426 bundled faces have 0.37 or less in 99 of 100 cases (at most
 * 0.53), those of other persons 0.57 or more (at least 0.47). The network was trained for this distance; a centred cosine
 * parts the bundled persons as well, but takes strangers from elsewhere, who all lie on one side of the centre, for one.
 */
export const SAME_PERSON = 0.5;

/** How many faces are tried as the middle of a person; where there are more, those are spread evenly over them. */
const CANDIDATES = 500;

/** Whom a folder or a video shows most. */
export interface MainPerson {
  /** Distance to the mean of the main person's faces, for each face and then for each other. */
  readonly distance: readonly number[];
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
 * @returns How far each face is from that person, and which are strangers.
 */
export function findMainPerson(faces: readonly Float32Array[], others: readonly Float32Array[] = []): MainPerson {
  const all = [...faces, ...others];
  if (all.length === 0) return { distance: [], stranger: [], isOnePerson: true };
  if (faces.length < 3) {
    const mean = meanVector(faces.length > 0 ? faces : others);
    return { distance: all.map((own) => euclidean(own, mean)), stranger: faces.map(() => false), isOnePerson: true };
  }
  const first = meanVector(nearMiddle(faces));
  const members = faces.filter((own) => euclidean(own, first) <= SAME_PERSON);
  const mean = members.length > 0 ? meanVector(members) : first;
  const distance = all.map((own) => euclidean(own, mean));
  const unlike = faces.map((_, i) => distance[i]! > SAME_PERSON);
  const isOnePerson = unlike.filter(Boolean).length * 2 < faces.length;
  return { distance, stranger: unlike.map((value) => value && isOnePerson), isOnePerson };
}

/** The faces near the one that has the most of them near it. */
function nearMiddle(faces: readonly Float32Array[]): Float32Array[] {
  let best: { near: Float32Array[]; sum: number } = { near: [], sum: Infinity };
  for (let at = 0; at < faces.length; at += Math.max(1, faces.length / CANDIDATES)) {
    const distances = faces.map((other) => euclidean(faces[Math.floor(at)]!, other));
    const near = faces.filter((_, i) => distances[i]! <= SAME_PERSON);
    const sum = distances.reduce((a, b) => a + b, 0);
    if (near.length > best.near.length || (near.length === best.near.length && sum < best.sum)) best = { near, sum };
  }
  return best.near;
}

function euclidean(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}
