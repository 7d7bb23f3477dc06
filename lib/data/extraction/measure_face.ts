import { type Picture, toBytes } from "doppel/image/mod.ts";
import { alignFace, convexHull, describeFaces, ENCODER_SHAPES, type FaceType, hullMask } from "doppel/faces/mod.ts";
import { cutAround } from "./cut_around.ts";
import { COMPARED_SIDE } from "./face_distance.ts";
import type { PosedFace } from "./find_turned_faces.ts";
import type { FaceRecord } from "./records.ts";
import { laplacianVariance, meanGrey } from "./sharpness.ts";

/** Side of the aligned face (type `full`) whose sharpness and brightness are measured. */
const MEASURED_SIDE = 128;

/** A face cut out, with its mask and all that is measured on it. */
export interface MeasuredFace {
  /** `[size, size, 3]`. */
  readonly picture: Picture;
  /** Hull of the landmarks, `[size, size, 1]`, brows raised. */
  readonly mask: Picture;
  /** The measurements. */
  readonly record: Omit<FaceRecord, "index" | "name">;
}

/**
 * Cuts a face out of its photograph and measures it: size, sharpness, brightness, whose face it is.
 *
 * @param photo 3 channels.
 * @param face A face found in it.
 * @param options `size` of the aligned picture in pixels and its `faceType`.
 * @returns The aligned picture, its mask and the record.
 */
export async function measureFace(
  photo: Picture,
  face: PosedFace,
  { size, faceType }: { readonly size: number; readonly faceType: FaceType },
): Promise<MeasuredFace> {
  // Landmarks are stored to hundredths; the aligned picture is cut by the stored ones, so that it can be cut again.
  const landmarks = face.landmarks.map((value) => Math.round(value * 100) / 100);
  const near = cutAround(photo, landmarks);
  const cut = (side: number) => alignFace(near.picture, near.landmarks, { size: side, faceType: "full" });
  const { picture, matrix, landmarks: aligned } = alignFace(photo, landmarks, { size, faceType });
  const measured = cut(MEASURED_SIDE);
  const inside = hullMask(measured.landmarks, MEASURED_SIDE, MEASURED_SIDE);
  const [descriptor] = await describeFaces([cut(ENCODER_SHAPES.face_api.side).picture], { encoder: "face_api" });
  const { x, y, width, height } = face.box;
  return {
    picture,
    mask: hullMask(aligned, size, size),
    record: {
      box: [x, y, width, height].map((value) => rounded(value, 2)) as [number, number, number, number],
      score: rounded(face.score, 4),
      landmarks,
      matrix,
      size: rounded(Math.min(width, height), 1),
      hullRatio: rounded(polygonArea(convexHull(landmarks)) / (width * height), 3),
      sharpness: rounded(laplacianVariance(measured.picture, inside), 1),
      brightness: rounded(meanGrey(measured.picture, inside), 4),
      pose: face.pose && {
        yaw: rounded(face.pose.yaw, 2),
        pitch: rounded(face.pose.pitch, 2),
        roll: rounded(turned(face.pose.roll), 2),
      },
      descriptor: descriptor!,
      thumbnail: toBytes(cut(COMPARED_SIDE).picture),
    },
  };
}

/** An angle brought into (-180, 180]. */
const turned = (degrees: number): number => degrees - 360 * Math.ceil((degrees - 180) / 360);

function polygonArea(corners: Float32Array): number {
  let twice = 0;
  for (let i = 0; i < corners.length; i += 2) {
    const next = (i + 2) % corners.length;
    twice += corners[i]! * corners[next + 1]! - corners[next]! * corners[i + 1]!;
  }
  return Math.abs(twice) / 2;
}

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;
