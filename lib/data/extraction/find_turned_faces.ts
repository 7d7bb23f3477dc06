import {
  invertAffine,
  type Picture,
  type Quarters,
  transformPoints,
  turnMatrix,
  turnPicture,
} from "doppel/image/mod.ts";
import { type Face, findFaces } from "doppel/faces/mod.ts";

/**
 * Finds faces as `findFaces` does, and where there are none looks again in the picture turned by 90, 270 and 180 degrees, as
 * DeepFaceLab's extraction does: a scan or a frame may lie on its side without saying so.
 *
 * @param picture 3 channels.
 * @param options `minScore`: see `findFaces`. `upright`: true to look once only.
 * @returns The faces in pixels of the picture as it was given, largest first; the box of a turned face is the rectangle
 * that its own box becomes.
 */
export async function findTurnedFaces(
  picture: Picture,
  { minScore, upright = false }: { readonly minScore?: number; readonly upright?: boolean } = {},
): Promise<Face[]> {
  const options = minScore === undefined ? {} : { minScore };
  const faces = await findFaces(picture, options);
  if (faces.length > 0 || upright) return faces;
  for (const quarters of [1, 3, 2] as const) {
    const found = await findFaces(turnPicture(picture, quarters), options);
    if (found.length > 0) return found.map((face) => turnBack(face, picture, quarters));
  }
  return [];
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
