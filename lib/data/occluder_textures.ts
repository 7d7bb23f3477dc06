import type { FacePhoto } from "../faces/mod.ts";
import type { Picture } from "../image/mod.ts";
import { randomSource } from "../random.ts";
import { facePhoto } from "./face_photo.ts";
import type { SetFace } from "./face_set.ts";
import { cutTextures } from "./textures.ts";

/** A photograph that textures are cut from. */
export interface TexturedPhoto {
  /** What it is called; decides where textures are cut. */
  readonly name: string;
  /** Reads it: photographs are large, and one after another is enough. */
  readonly open: () => Promise<FacePhoto>;
}

/** How many textures, and which. */
export interface OccluderTexturesOptions {
  readonly seed: number;
  /** How many of the surroundings from each photograph; there are half as many of skin. Default 4. */
  readonly count?: number;
}

/**
 * What occluders are painted with while training: surroundings and skin of photographs that are trained on.
 *
 * @param photographs The photographs.
 * @param options `seed`, and how many of each.
 * @returns Textures, `[64, 64, 3]`.
 */
export async function occluderTextures(
  photographs: Iterable<TexturedPhoto>,
  { seed, count = 4 }: OccluderTexturesOptions,
): Promise<Picture[]> {
  const textures: Picture[] = [];
  for (const { name, open } of photographs) {
    const { photo, landmarks } = await open();
    const random = randomSource(seed, "textures", name);
    textures.push(
      ...cutTextures(photo, landmarks, random, { count }),
      ...cutTextures(photo, landmarks, random, { count: count / 2, from: "skin" }),
    );
  }
  return textures;
}

/** More photographs than these add little to occluders, and each has to be read. */
const MOST = 300;

/**
 * The first photographs of each person, to cut textures from; of a large set 300, evenly from all of it.
 *
 * @param folder Folder of the set.
 * @param faces Its faces.
 * @param each Photographs of each person. Default 3.
 * @returns The photographs.
 */
export function photosOfEach(folder: string, faces: readonly SetFace[], each = 3): TexturedPhoto[] {
  const chosen = [...Map.groupBy(faces, ({ person }) => person).values()].flatMap((own) => own.slice(0, each));
  const count = Math.min(chosen.length, MOST);
  const evenly = Array.from({ length: count }, (_, i) => chosen[Math.floor(i * chosen.length / count)]!);
  return evenly.map((face) => ({ name: face.path, open: () => facePhoto(folder, face) }));
}
