/**
 * What segmentation is measured on: hand-made masks of persons that no mask is learned from, the same faces with synthetic
 * occluders, and photographs that exist with and without something before the face.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  createPicture,
  dilate,
  erode,
  gaussianBlur,
  type Picture,
  readPicture,
  warpPicture,
} from "doppel/image/mod.ts";
import { alignFace, findFaces, hullMask } from "doppel/faces/mod.ts";
import {
  cutFromMask,
  cutTextures,
  drawMask,
  drawOccluder,
  type OccluderKind,
  pasteOccluder,
  readFaceList,
  readFaceSet,
  readMasks,
  type SetFace,
  withHandMasks,
} from "doppel/data/mod.ts";
import { randomSource } from "doppel/random.ts";
import { FOLDER } from "./photo_distance.ts";

/** A face with what is to be predicted. */
export interface Trial {
  /** `[size, size, 3]`. */
  readonly picture: Picture;
  /** 68 `x, y` pairs in its pixels. */
  readonly landmarks: Float32Array;
  /** The part of the face that is seen, `[size, size, 1]`. */
  readonly truth: Picture;
  /** The part of the face that is covered. */
  readonly covered?: Picture;
}

/** Faces to learn from and to measure on. */
export interface MaskedSet {
  /** Faces with hand-made masks of 20 persons. */
  readonly train: readonly SetFace[];
  /** Textures cut from the photographs of those. */
  readonly textures: readonly Picture[];
  /** Hand-made masks of the persons of the test split; nothing is before their faces but hair. */
  readonly heldOut: readonly Trial[];
  /** The same faces with synthetic occluders. */
  readonly synthetic: readonly Trial[];
  /** Person 20, a hand, a finger or an arm before the face, with hand-made masks. */
  readonly hands: readonly Trial[];
}

/** The person whose hands are before the face in some photographs: measured on, not learned from. */
export const PERSON_WITH_HANDS = "person20";

const PER_FACE = 8;
const KINDS: readonly OccluderKind[] = ["blob", "ellipse", "bar", "fingers", "cloth", "strands"];

/**
 * Reads the faces with hand-made masks.
 *
 * @param size Side of the aligned faces in pixels.
 * @returns What to learn from and what to measure on; no person is in both.
 */
export async function readMaskedSet(size: number): Promise<MaskedSet> {
  const set = await readFaceSet(FOLDER, { size });
  const photographs = set.faces.map(({ path }) => path);
  const { masks } = await readMasks(join(FOLDER, "masks"), { photographs, photoFolder: FOLDER });
  const { faces } = withHandMasks(set.faces, masks);
  const isTest = ({ identitySplit, person }: SetFace) => identitySplit === "test" || person === PERSON_WITH_HANDS;
  const train = faces.filter((face) => !isTest(face));
  const trials = faces.filter(isTest).map((face) => {
    const hand = masks.find(({ photograph }) => photograph === face.path)!;
    const layers = drawMask(hand, { matrix: face.matrix, width: size, height: size });
    const covered = createPicture(size, size, 1, layers.face.data.map((value, i) => value * layers.occluder.data[i]!));
    return { person: face.person, picture: face.picture, landmarks: face.landmarks, truth: layers.mask, covered };
  });
  const heldOut = trials.filter(({ person }) => person !== PERSON_WITH_HANDS);
  const strange = await texturesOf(faces.filter(isTest), "measure");
  return {
    train,
    textures: await texturesOf(train, "train"),
    heldOut,
    hands: trials.filter(({ person }) => person === PERSON_WITH_HANDS),
    synthetic: heldOut.flatMap((trial, i) =>
      Array.from({ length: PER_FACE }, (_, k): Trial => {
        const random = randomSource(1, "measure masks", i, k);
        const occluder = drawOccluder(size, random, strange, { kinds: [KINDS[(i + k) % KINDS.length]!] });
        const covered = trial.truth.data.map((value, pixel) => value * occluder.alpha.data[pixel]!);
        return {
          picture: pasteOccluder(trial.picture, occluder),
          landmarks: trial.landmarks,
          truth: cutFromMask(trial.truth, occluder),
          covered: createPicture(size, size, 1, covered),
        };
      })
    ),
  };
}

/** Textures from the surroundings and the cheeks of photographs. */
async function texturesOf(faces: readonly SetFace[], stream: string): Promise<Picture[]> {
  const landmarks = new Map((await readFaceList(FOLDER)).faces.map((face) => [face.path, face.landmarks]));
  const textures: Picture[] = [];
  for (const { path } of faces) {
    const photo = await readPicture(join(FOLDER, path));
    const random = randomSource(1, "textures", stream, path);
    textures.push(...cutTextures(photo, landmarks.get(path)!, random, { count: 4 }));
    textures.push(...cutTextures(photo, landmarks.get(path)!, random, { count: 2, from: "skin" }));
  }
  return textures;
}

/**
 * Reads pairs of the same photograph without and with a face mask, `without_mask/<n>.jpg` and
 * `with_mask/<n>-with-mask.jpg`. What differs is the occluder, roughly; the truth is the hull of the landmarks found
 * without it, less the occluder.
 *
 * @param folder The folder of pairs.
 * @param size Side of the aligned faces in pixels.
 * @returns The trials, and how many pairs gave none because no face was found; undefined when there is no such folder.
 */
export async function readMaskPairs(
  folder: string,
  size: number,
): Promise<{ trials: Trial[]; missed: number } | undefined> {
  if (!existsSync(join(folder, "without_mask"))) return undefined;
  const names = Array.from(Deno.readDirSync(join(folder, "without_mask")), ({ name }) => name.replace(/\.jpg$/, ""));
  const trials: Trial[] = [];
  for (const name of names.sort()) {
    const bare = await readPicture(join(folder, "without_mask", `${name}.jpg`));
    const worn = await readPicture(join(folder, "with_mask", `${name}-with-mask.jpg`));
    const [face] = await findFaces(bare);
    if (!face) continue;
    const { picture, landmarks, matrix } = alignFace(bare, face.landmarks, { size });
    const covered = warpPicture(worn, matrix, { width: size, height: size });
    const occluder = difference(picture, covered);
    const hull = hullMask(landmarks, size, size);
    const within = (value: (i: number) => number) =>
      createPicture(size, size, 1, hull.data.map((inside, i) => inside * value(i)));
    trials.push({
      picture: covered,
      landmarks,
      truth: within((i) => 1 - occluder.data[i]!),
      covered: within((i) => occluder.data[i]!),
    });
  }
  return { trials, missed: names.length - trials.length };
}

/** Where two pictures differ plainly, without holes and specks. */
function difference(a: Picture, b: Picture): Picture {
  const distance = createPicture(a.width, a.height, 1);
  for (let i = 0; i < distance.data.length; i++) {
    for (let c = 0; c < 3; c++) distance.data[i]! += Math.abs(a.data[3 * i + c]! - b.data[3 * i + c]!) / 3;
  }
  const smooth = gaussianBlur(distance, a.width / 64);
  const plain = createPicture(a.width, a.height, 1, smooth.data.map((value) => value > 0.06 ? 1 : 0));
  const radius = a.width / 32;
  return dilate(erode(erode(dilate(plain, radius), radius), radius / 2), radius / 2);
}
