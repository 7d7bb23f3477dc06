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
  type FaceSample,
  type IdentitySplit,
  type MaskLayers,
  type OccluderKind,
  pasteOccluder,
  readFaceList,
  readManifest,
  readMasks,
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

/** A photograph with a hand-made mask. */
export interface MaskedFace extends FaceSample {
  readonly person: string;
  readonly identitySplit: IdentitySplit;
  /** 68 `x, y` pairs in aligned pixels. */
  readonly landmarks: Float32Array;
  /** The mask and its layers, aligned. */
  readonly layers: MaskLayers;
  /** Textures from the photograph's surroundings and from the cheeks. */
  readonly textures: readonly Picture[];
}

/** Faces to learn from and to measure on. */
export interface MaskedSet {
  /** Faces with hand-made masks of 20 persons. */
  readonly train: readonly MaskedFace[];
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
 * Reads and aligns the photographs with hand-made masks.
 *
 * @param size Side of the aligned faces in pixels.
 * @returns All of them, in the order of the manifest.
 */
export async function readMaskedFaces(size: number): Promise<MaskedFace[]> {
  const { photographs } = await readManifest(FOLDER);
  const landmarksOf = new Map((await readFaceList(FOLDER)).faces.map((face) => [face.path, face.landmarks]));
  const { masks } = await readMasks(join(FOLDER, "masks"), {
    photographs: photographs.map(({ path }) => path),
    photoFolder: FOLDER,
  });
  return await Promise.all(masks.map(async (hand): Promise<MaskedFace> => {
    const { path, person, identity_split } = photographs.find(({ path }) => path === hand.photograph)!;
    const photo = await readPicture(join(FOLDER, path));
    const found = landmarksOf.get(path)!;
    const { picture, landmarks, matrix } = alignFace(photo, found, { size });
    const layers = drawMask(hand, { matrix, width: size, height: size });
    const random = randomSource(1, "textures", path);
    const textures = [
      ...cutTextures(photo, found, random, { count: 4 }),
      ...cutTextures(photo, found, random, { count: 2, from: "skin" }),
    ];
    return { person, identitySplit: identity_split, picture, mask: layers.mask, landmarks, layers, textures };
  }));
}

/**
 * Reads the faces with hand-made masks and parts them.
 *
 * @param size Side of the aligned faces in pixels.
 * @returns What to learn from and what to measure on; no person is in both.
 */
export async function readMaskedSet(size: number): Promise<MaskedSet> {
  const faces = await readMaskedFaces(size);
  const isStrange = ({ identitySplit, person }: MaskedFace) => identitySplit === "test" || person === PERSON_WITH_HANDS;
  const train = faces.filter((face) => !isStrange(face));
  const strange = faces.filter(isStrange);
  const trialOf = ({ picture, landmarks, layers: { mask, face, occluder } }: MaskedFace): Trial => ({
    picture,
    landmarks,
    truth: mask,
    covered: createPicture(size, size, 1, face.data.map((value, i) => value * occluder.data[i]!)),
  });
  const heldOut = strange.filter(({ person }) => person !== PERSON_WITH_HANDS).map(trialOf);
  const textures = strange.flatMap((face) => face.textures);
  return {
    train,
    textures: train.flatMap((face) => face.textures),
    heldOut,
    hands: strange.filter(({ person }) => person === PERSON_WITH_HANDS).map(trialOf),
    synthetic: heldOut.flatMap((trial, i) =>
      Array.from({ length: PER_FACE }, (_, k) => coveredTrial(trial, KINDS[(i + k) % KINDS.length]!, textures, i, k))
    ),
  };
}

/** A trial with a synthetic occluder before the face. */
function coveredTrial(
  { picture, landmarks, truth }: Trial,
  kind: OccluderKind,
  textures: readonly Picture[],
  ...draw: number[]
): Trial {
  const { width } = picture;
  const occluder = drawOccluder(width, randomSource(1, "measure masks", ...draw), textures, { kinds: [kind] });
  const covered = truth.data.map((value, i) => value * occluder.alpha.data[i]!);
  return {
    picture: pasteOccluder(picture, occluder),
    landmarks,
    truth: cutFromMask(truth, occluder),
    covered: createPicture(width, width, 1, covered),
  };
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
