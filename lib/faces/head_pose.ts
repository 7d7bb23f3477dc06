import { cannot } from "doppel/problem.ts";
import { type Affine, type Picture, requirePicture, resizePicture } from "doppel/image/mod.ts";
import { tf } from "doppel/runtime/mod.ts";
import { alignFace } from "./align_face.ts";
import { loadHumanModel } from "./face_api.ts";

/** Where a head points, in degrees. */
export interface HeadPose {
  /** Positive when the nose points to the right of the picture. */
  readonly yaw: number;
  /** Positive when the face looks up. Zero is the mesh's own idea of level: compare poses, do not read one alone. */
  readonly pitch: number;
  /** Positive when the head leans clockwise, as seen in the picture. */
  readonly roll: number;
}

const SIDE = 192;
// Points of the 468-point mesh: top of the forehead, chin, and the cheeks left and right in the picture.
const [TOP, CHIN, LEFT, RIGHT] = [10, 152, 234, 454];

/**
 * Estimates head poses from the mesh network of `@vladmandic/human` (MediaPipe face mesh).
 *
 * @param photos Photographs with the landmarks of their faces, or aligned crops (face type `whole` suits best, `full`
 * will do) without; the roll of a crop is the roll inside of it.
 * @returns One pose each.
 * @throws {Problem} When the network sees no face in a crop.
 */
export async function estimateHeadPoses(
  photos: readonly { readonly picture: Picture; readonly landmarks?: Float32Array }[],
): Promise<HeadPose[]> {
  const model = await loadHumanModel("facemesh");
  const poses: HeadPose[] = [];
  for (const [i, { picture, landmarks }] of photos.entries()) {
    requirePicture(picture, "estimate head pose", "a colour picture", { channels: 3 });
    const { crop, matrix } = cut(picture, landmarks);
    const [mesh, flag] = tf.tidy(() =>
      model.execute(tf.tensor4d(crop.data, [1, SIDE, SIDE, 3]), ["output_mesh", "output_faceflag"]) as tf.Tensor[]
    );
    const points = await mesh!.data() as Float32Array;
    const [probability] = await flag!.data();
    tf.dispose([mesh!, flag!]);
    if (!(probability! > 0.5)) throw cannot("estimate head pose", "a picture of a face", "none", `picture ${i}`);
    poses.push(poseOf(points, matrix));
  }
  return poses;
}

function cut(picture: Picture, landmarks?: Float32Array): { crop: Picture; matrix: Affine } {
  if (!landmarks) return { crop: resizePicture(picture, SIDE, SIDE), matrix: [1, 0, 0, 0, 1, 0] };
  const { picture: crop, matrix } = alignFace(picture, landmarks, { size: SIDE, faceType: "whole" });
  return { crop, matrix };
}

/** Mesh points are `x, y, z` in pixels of the crop; z grows away from the camera. */
function poseOf(points: Float32Array, [a, , , d]: Affine): HeadPose {
  const between = (from: number, to: number, axis: number) => points[to * 3 + axis]! - points[from * 3 + axis]!;
  const degrees = (radians: number) => radians * 180 / Math.PI;
  const across = Math.hypot(between(LEFT, RIGHT, 0), between(LEFT, RIGHT, 1));
  const down = Math.hypot(between(TOP, CHIN, 0), between(TOP, CHIN, 1));
  const rollInCrop = Math.atan2(between(LEFT, RIGHT, 1), between(LEFT, RIGHT, 0));
  return {
    yaw: degrees(Math.atan2(between(LEFT, RIGHT, 2), across)),
    pitch: degrees(Math.atan2(-between(TOP, CHIN, 2), down)),
    roll: degrees(rollInCrop - Math.atan2(d, a)),
  };
}
