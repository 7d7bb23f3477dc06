import { Problem } from "doppel/problem.ts";
import {
  invertAffine,
  type Picture,
  type Quarters,
  transformPoints,
  turnMatrix,
  turnPicture,
} from "doppel/image/mod.ts";
import { estimateHeadPoses, type Face, findFaces, type HeadPose } from "doppel/faces/mod.ts";
import { cutAround } from "./cut_around.ts";

/** A face and where its head points. */
export interface PosedFace extends Face {
  /** `null` where the mesh network sees no face in it. */
  readonly pose: HeadPose | null;
}

/** From which score on the best face of a picture, if the mesh network sees it too, is taken for upright at once. */
const CERTAIN = 0.98;

/**
 * Finds faces as `findFaces` does, and where they are doubtful, or there are none, looks again in the picture turned by 90,
 * 270 and 180 degrees, as DeepFaceLab's extraction does: a scan or a frame may lie on its side without saying so.
 *
 * The detector finds most faces that lie on their side, too, but the landmark network then makes up an upright face. What
 * tells is the score: of 45 photographs turned all four ways, it was highest for the upright one each time. To look four
 * times at each picture would be slow, so a good first look is enough; that takes 6 of 135 turned ones for upright.
 *
 * @param picture 3 channels.
 * @param options `minScore`: see `findFaces`. `upright`: true to look once only.
 * @returns The faces in pixels of the picture as it was given, largest first; the box of a turned face is the rectangle
 * that its own box becomes.
 */
export async function findTurnedFaces(
  picture: Picture,
  { minScore, upright = false }: { readonly minScore?: number; readonly upright?: boolean } = {},
): Promise<PosedFace[]> {
  const look = async (quarters: Quarters) => {
    const found = await findFaces(turnPicture(picture, quarters), minScore === undefined ? {} : { minScore });
    return found.map((face) => quarters === 0 ? face : turnBack(face, picture, quarters));
  };
  const best = (faces: readonly Face[]) => faces.reduce((most, { score }) => Math.max(most, score), 0);
  let faces = await pose(picture, await look(0));
  if (upright || faces.some(({ score, pose }) => score >= CERTAIN && pose !== null)) return faces;
  for (const quarters of [1, 3, 2] as const) {
    const turned = await look(quarters);
    if (best(turned) > best(faces)) faces = await pose(picture, turned);
  }
  return faces;
}

async function pose(picture: Picture, faces: readonly Face[]): Promise<PosedFace[]> {
  const posed: PosedFace[] = [];
  for (const face of faces) posed.push({ ...face, pose: await headPose(picture, face.landmarks) });
  return posed;
}

async function headPose(picture: Picture, landmarks: Float32Array): Promise<HeadPose | null> {
  try {
    const [pose] = await estimateHeadPoses([cutAround(picture, landmarks)]);
    return pose!;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

function turnBack({ box, score, landmarks }: Face, { width, height }: Picture, quarters: Quarters): Face {
  const back = invertAffine(turnMatrix(width, height, quarters));
  const corners = transformPoints(back, Float32Array.of(box.x, box.y, box.x + box.width, box.y + box.height));
  const [x0, y0, x1, y1] = [...corners] as [number, number, number, number];
  return {
    box: { x: Math.min(x0, x1), y: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0) },
    score,
    landmarks: transformPoints(back, landmarks),
  };
}
