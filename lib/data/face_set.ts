import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { cannot } from "doppel/problem.ts";
import type { Affine, Picture } from "doppel/image/mod.ts";
import { readPicture } from "doppel/image/mod.ts";
import { alignFace, eyesMouthMask, type FaceType, findFaces, hullMask } from "doppel/faces/mod.ts";
import { JOURNAL } from "./extraction/journal.ts";
import { readFaceList } from "./face_list.ts";
import { type IdentitySplit, type PhotoSplit, readManifest } from "./manifest.ts";
import { listPhotographs } from "./photo_folder.ts";

/** Which faces are wanted, and how they are cut out. */
export interface FaceSetOptions {
  /** Side of the aligned square in pixels. */
  readonly size: number;
  /** Default `full`. */
  readonly faceType?: FaceType;
  /** Only these persons; default all. */
  readonly persons?: readonly string[];
  /** Only persons of this split; default all. */
  readonly identitySplit?: IdentitySplit;
  /** Only photographs of this split; default all. */
  readonly photoSplit?: PhotoSplit;
  /** Whether each face gets a map of its eyes and mouth. Default false. */
  readonly eyesMouth?: boolean;
  /** At most so many photographs of each person, spread evenly over those there are; default all. */
  readonly perPerson?: number;
  /** Called after each photograph, for a progress line. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** One aligned face of a set. */
export interface SetFace {
  /** Whose face it is. */
  readonly person: string;
  /** Path of the photograph, from the set's folder. */
  readonly path: string;
  /** The person's role. */
  readonly identitySplit: IdentitySplit;
  /** The photograph's role within its person. */
  readonly photoSplit: PhotoSplit;
  /** `[size, size, 3]`. */
  readonly picture: Picture;
  /** Hull of the landmarks, `[size, size, 1]`, brows raised. */
  readonly mask: Picture;
  /** Eyes and mouth, `[size, size, 1]`, when asked for. */
  readonly eyesMouth?: Picture;
  /** 68 `x, y` pairs in aligned pixels. */
  readonly landmarks: Float32Array;
  /** From the photograph to the aligned picture. */
  readonly matrix: Affine;
}

/** Aligned faces, and the photographs that gave none. */
export interface FaceSet {
  /** The manifest's name, or that of the folder. */
  readonly name: string;
  /** Side of the aligned squares in pixels. */
  readonly size: number;
  /** How much of the head they show. */
  readonly faceType: FaceType;
  /** The faces, by person. */
  readonly faces: readonly SetFace[];
  /** Wanted photographs without a usable face, and why. */
  readonly missed: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Reads a set of faces: a bundled or public set (a folder with `manifest.json` and `faces.json`), the folder of an
 * extraction, which has both too, or anybody's folder with one sub-folder a person, in which faces are found on the way
 * (about 0.15 s a photograph on two cores); without sub-folders all of it is one person's.
 *
 * Of an extraction each kept face is cut anew out of its photograph, at the size and type asked for here; one whose
 * picture in `aligned/` has been deleted is left out.
 *
 * In a folder without manifest every fourth photograph of a person is held out, and of five persons or more a fifth each
 * are for validation and test, by a fixed seed.
 *
 * @example The training photographs of two persons
 * ```ts
 * import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
 *
 * const { faces } = await readFaceSet(BUNDLED_FACES, {
 *   size: 64,
 *   persons: ["person05", "person09"],
 *   photoSplit: "train",
 * });
 * faces[0]!.picture.width; // 64
 * ```
 *
 * @param folder The set's folder.
 * @param options Which faces, and how they are cut out.
 * @returns The faces in the order of the manifest or of the names; photographs without a face are listed, not dropped
 * in silence.
 * @throws {Problem} When the folder is no set, a person is not in it, or no face is left.
 */
export async function readFaceSet(folder: string, options: FaceSetOptions): Promise<FaceSet> {
  const { size, faceType = "full", persons, onProgress } = options;
  const stored = existsSync(join(folder, "manifest.json"));
  if (!stored && existsSync(join(folder, JOURNAL))) {
    throw cannot("read face set", "a finished extraction", "one that was broken off; call it again to go on", folder);
  }
  const { name, photographs, missed: unusable } = stored ? await fromManifest(folder) : await listPhotographs(folder);
  requirePersons(photographs.map((photo) => photo.person), persons, folder);
  const matching = photographs.filter((photo) =>
    (persons?.includes(photo.person) ?? true) &&
    (options.identitySplit ?? photo.identity_split) === photo.identity_split &&
    (options.photoSplit ?? photo.photo_split) === photo.photo_split
  );
  const wanted = options.perPerson ? spread(matching, options.perPerson) : matching;
  const find = stored ? await storedLandmarks(folder) : foundLandmarks;
  const faces: SetFace[] = [];
  const missed = [...unusable.filter(({ person }) => persons?.includes(person) ?? true)];
  for (const [i, { person, path, identity_split, photo_split }] of wanted.entries()) {
    const where = join(folder, path);
    const photo = await readPicture(where).catch((error: Error) => error);
    const found = photo instanceof Error ? photo.message : await find(path, photo);
    if (photo instanceof Error || typeof found === "string") {
      // A listed photograph that cannot be read is a broken set; in anybody's folder it is one of many.
      if (photo instanceof Error && stored) throw photo;
      missed.push({ path, person, reason: found as string });
    } else {
      for (const landmarks of found) {
        const aligned = alignFace(photo, landmarks, { size, faceType });
        const mask = hullMask(aligned.landmarks, size, size);
        faces.push({
          ...{ person, path, identitySplit: identity_split, photoSplit: photo_split, mask, ...aligned },
          ...(options.eyesMouth && { eyesMouth: eyesMouthMask(aligned.landmarks, size, size) }),
        });
      }
    }
    onProgress?.(i + 1, wanted.length);
  }
  if (faces.length === 0) {
    throw cannot("read face set", "at least one face", `none in ${wanted.length} photographs`, folder);
  }
  return { name, size, faceType, faces, missed: missed.map(({ path, reason }) => ({ path, reason })) };
}

function spread<T extends { readonly person: string }>(photographs: readonly T[], perPerson: number): T[] {
  return [...Map.groupBy(photographs, ({ person }) => person).values()].flatMap((own) => {
    const count = Math.min(perPerson, own.length);
    return Array.from({ length: count }, (_, i) => own[Math.floor(i * own.length / count)]!);
  });
}

async function fromManifest(folder: string) {
  const { name, photographs } = await readManifest(folder);
  return { name: name || basename(folder), photographs, missed: [] };
}

function requirePersons(known: readonly string[], wanted: readonly string[] | undefined, folder: string): void {
  const stranger = wanted?.find((person) => !known.includes(person));
  if (stranger === undefined) return;
  throw cannot("read face set", `persons of ${[...new Set(known)].join(", ")}`, `"${stranger}"`, folder);
}

/** Landmarks of the faces of a photograph, or the reason why there are none. */
type Finder = (path: string, photo: Picture) => Promise<readonly Float32Array[] | string>;

async function storedLandmarks(folder: string): Promise<Finder> {
  const { faces, missed } = await readFaceList(folder);
  const listed = Map.groupBy(faces, (face) => face.path);
  const reasons = new Map(missed.map(({ path, reason }) => [path, reason]));
  return async (path) => {
    const own = listed.get(path);
    const reason = reasons.get(path);
    if (own === undefined && reason === undefined) {
      throw cannot(
        "read face set",
        "every photograph among the faces or the missed",
        `neither for ${path}`,
        `${folder}/faces.json`,
      );
    }
    if (own === undefined) return reason!;
    // Somebody has looked through the aligned pictures of an extraction and thrown some out.
    const there = await Promise.all(own.map(({ aligned }) => aligned === undefined || exists(join(folder, aligned))));
    const kept = own.filter((_, i) => there[i]).map(({ landmarks }) => landmarks);
    return kept.length > 0 ? kept : "its aligned picture has been removed by hand";
  };
}

const exists = (path: string): Promise<boolean> => Deno.stat(path).then(() => true, () => false);

const foundLandmarks: Finder = async (_, photo) => {
  const [largest] = await findFaces(photo);
  return largest ? [largest.landmarks] : "no face was found in it";
};
