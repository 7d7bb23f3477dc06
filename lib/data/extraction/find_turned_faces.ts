import {
  type Affine,
  composeAffine,
  invertAffine,
  type Picture,
  type Quarters,
  resizePicture,
  transformPoints,
  turnMatrix,
  turnPicture,
} from "doppel/image/mod.ts";
import { type Face, findFaces } from "doppel/faces/mod.ts";

/** Larger pictures are searched at this length of their longer side: the detector sees 512 pixels of them anyhow. */
const SEARCHED_SIDE = 2048;

const UPRIGHT_FIRST: readonly Quarters[] = [0, 1, 3, 2];

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
  const longer = Math.max(picture.width, picture.height);
  const share = Math.min(1, SEARCHED_SIDE / longer);
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * share)));
  const searched = share < 1 ? resizePicture(picture, width!, height!) : picture;
  const reduce: Affine = [searched.width / picture.width, 0, 0, 0, searched.height / picture.height, 0];
  for (const quarters of upright ? [0 as const] : UPRIGHT_FIRST) {
    const turned = quarters === 0 ? searched : turnPicture(searched, quarters);
    const faces = await findFaces(turned, minScore === undefined ? {} : { minScore });
    if (faces.length === 0) continue;
    const back = invertAffine(composeAffine(turnMatrix(searched.width, searched.height, quarters), reduce));
    return faces.map((face) => moveFace(face, back));
  }
  return [];
}

function moveFace({ box, score, landmarks }: Face, matrix: Affine): Face {
  const corners = transformPoints(matrix, Float32Array.of(box.x, box.y, box.x + box.width, box.y + box.height));
  const [x0, y0, x1, y1] = corners as unknown as [number, number, number, number];
  return {
    box: { x: Math.min(x0, x1), y: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0) },
    score,
    landmarks: transformPoints(matrix, landmarks),
  };
}
