import type { JudgedFace } from "./judge_faces.ts";
import type { FaceOrder } from "./settings.ts";

/** What each order goes by; the face with the least value comes first, one without a value last. */
const VALUES: Readonly<Record<Exclude<FaceOrder, "name">, (face: JudgedFace) => number | undefined>> = {
  blur: ({ face }) => -face.sharpness,
  yaw: ({ face }) => face.pose?.yaw,
  pitch: ({ face }) => face.pose?.pitch,
  similarity: ({ personDistance }) => personDistance,
  brightness: ({ face }) => face.brightness,
  size: ({ face }) => -face.size,
};

/**
 * Puts the faces of each person in order, so that what should be thrown out lies together.
 *
 * @param faces The faces, in the order of their photographs.
 * @param order `name`: as they are. `blur`: the sharpest first. `yaw`: from looking left to looking right in the picture.
 * `pitch`: from looking down to looking up. `similarity`: the most like its person first. `brightness`: the darkest first.
 * `size`: the largest first. Equal ones stay in their order; those without a pose come last.
 * @returns A sorted copy.
 */
export function sortFaces(faces: readonly JudgedFace[], order: FaceOrder): JudgedFace[] {
  if (order === "name") return [...faces];
  const value = (face: JudgedFace) => VALUES[order](face) ?? Infinity;
  return [...Map.groupBy(faces, ({ photo }) => photo.person).values()].flatMap((own) =>
    own.toSorted((a, b) => {
      const [u, w] = [value(a), value(b)];
      return u === w ? 0 : u - w;
    })
  );
}
