import { cannot } from "doppel/problem.ts";
import { type Picture, requirePicture, toBytes } from "doppel/image/mod.ts";
import { tf } from "doppel/runtime/mod.ts";
import type { Face } from "./face.ts";
import { type FaceApiFace, loadFaceApi } from "./face_api.ts";

/**
 * Finds all faces of a picture, with 68 landmarks each (`@vladmandic/face-api`: SSD MobileNet v1 and its landmark net).
 *
 * About 0.15 s on two cores; starts TensorFlow when it is not running. The weights come with the npm package.
 *
 * @example Find and align
 * ```ts
 * import { readPicture } from "doppel/image/mod.ts";
 * import { alignFace, findFaces } from "doppel/faces/mod.ts";
 *
 * const photo = await readPicture("datasets/caltech_faces/photos/person01/image_0001.jpg");
 * const [face] = await findFaces(photo);
 * const { picture } = alignFace(photo, face!.landmarks, { size: 128 });
 * ```
 *
 * @param picture 3 channels.
 * @param options `minScore`: faces under this score are left out. Default 0.5.
 * @returns The faces, largest first; empty when there are none.
 * @throws {Problem} When the picture has one channel or the score is out of range.
 */
export async function findFaces(
  picture: Picture,
  { minScore = 0.5 }: { readonly minScore?: number } = {},
): Promise<Face[]> {
  requirePicture(picture, "find faces", "a colour picture", { channels: 3 });
  if (!(minScore > 0 && minScore < 1)) throw cannot("find faces", "a minScore between 0 and 1", String(minScore));
  const faceApi = await loadFaceApi("ssdMobilenetv1", "faceLandmark68Net");
  const options = new faceApi.SsdMobilenetv1Options({ minConfidence: minScore, maxResults: 100 });
  const input = tf.tensor3d(Int32Array.from(toBytes(picture)), [picture.height, picture.width, 3], "int32");
  try {
    const faces = (await faceApi.detectAllFaces(input, options).withFaceLandmarks()).map(toFace);
    return faces.sort((a, b) => area(b) - area(a));
  } finally {
    input.dispose();
  }
}

/**
 * Finds the largest face of a picture.
 *
 * @param picture 3 channels.
 * @param options As for {@linkcode findFaces}; `where` names the picture in a message.
 * @returns The face.
 * @throws {Problem} When there is none.
 */
export async function findOneFace(
  picture: Picture,
  { where, ...options }: { readonly minScore?: number; readonly where?: string } = {},
): Promise<Face> {
  const [largest] = await findFaces(picture, options);
  if (!largest) {
    throw cannot("find face", "a picture with a face", `a ${picture.width}x${picture.height} picture without`, where);
  }
  return largest;
}

function toFace({ detection: { box, score }, landmarks }: FaceApiFace): Face {
  return {
    box: { x: box.x, y: box.y, width: box.width, height: box.height },
    score,
    landmarks: Float32Array.from(landmarks.positions.flatMap(({ x, y }) => [x, y])),
  };
}

const area = ({ box }: Face): number => box.width * box.height;
