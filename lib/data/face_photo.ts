import { join } from "node:path";
import type { FacePhoto } from "../faces/mod.ts";
import { invertAffine, readPicture, transformPoints } from "../image/mod.ts";
import type { SetFace } from "./face_set.ts";

/**
 * The photograph of an aligned face, with the landmarks in its own pixels.
 *
 * @param folder Folder of the set.
 * @param face A face of the set.
 * @returns What conversion needs.
 * @throws {Problem} When the photograph cannot be read.
 */
export async function facePhoto(folder: string, { path, matrix, landmarks }: SetFace): Promise<FacePhoto> {
  return {
    photo: await readPicture(join(folder, path)),
    landmarks: transformPoints(invertAffine(matrix), landmarks),
  };
}
