/**
 * What happens to any picture before a detector sees it, in training and in use alike: cut, brought to one size, and compressed
 * by one JPEG encoder at one quality.
 *
 * @module
 */

import { type Face, faceSquare, findFaces } from "../faces/mod.ts";
import { cropPicture, encodePicture, type Picture, readPicture, type Region, resizePicture } from "../image/mod.ts";
import { cannot } from "../problem.ts";

/** How pictures are prepared. */
export interface Preparation {
  /** Side of the square in pixels. */
  readonly resolution: number;
  /** Rectangle that is cut out of every picture first, such as what lies inside of a frame; null for none. */
  readonly crop: Region | null;
  /** Margin of the square round the face, see `faceSquare`; null for whole pictures, stretched to a square. */
  readonly margin: number | null;
  /** JPEG quality of what a detector sees, 1 to 100; null for none. */
  readonly quality: number | null;
}

/**
 * Cuts out what a detector is to see of a picture, not compressed yet.
 *
 * @param picture 3 channels in [0, 1].
 * @param preparation Rectangle, margin and size.
 * @param options `faces`: the largest face or all, default "largest"; `minScore`: least score of a face, default 0.5; `where`:
 * the picture's name, for messages.
 * @returns Squares `[resolution, resolution, 3]`, the largest face's first; none where faces are wanted and none is found.
 * @throws {Problem} When the rectangle does not lie in the picture.
 */
export async function cutPicture(
  picture: Picture,
  { resolution, crop, margin }: Omit<Preparation, "quality">,
  { faces = "largest", minScore, where }: {
    readonly faces?: "largest" | "all";
    readonly minScore?: number;
    readonly where?: string;
  } = {},
): Promise<{ readonly squares: Picture[]; readonly faces: number | null }> {
  const inside = crop ? cropPicture(picture, requireInside(crop, picture, where)) : picture;
  if (margin === null) return { squares: [resizePicture(inside, resolution, resolution)], faces: null };
  const found: readonly Face[] = await findFaces(inside, minScore === undefined ? {} : { minScore });
  const wanted = faces === "all" ? found : found.slice(0, 1);
  const squares = wanted.map(({ landmarks }) =>
    resizePicture(cropPicture(inside, faceSquare(landmarks, inside, margin)), resolution, resolution)
  );
  return { squares, faces: found.length };
}

/**
 * Compresses a square as all others are.
 *
 * @param square What {@linkcode cutPicture} gave.
 * @param quality The preparation's quality.
 * @returns What a reader of the file sees, and the file's bytes; without compression the square itself, and none.
 */
export async function compressSquare(
  square: Picture,
  quality: number | null,
): Promise<{ readonly picture: Picture; readonly file: Uint8Array | undefined }> {
  if (quality === null) return { picture: square, file: undefined };
  const file = await encodePicture(square, { format: "jpeg", quality });
  return { picture: await readPicture(file), file };
}

function requireInside(crop: Region, { width, height }: Picture, where?: string): Region {
  const isInside = crop.x >= 0 && crop.y >= 0 && crop.width > 0 && crop.height > 0 &&
    crop.x + crop.width <= width && crop.y + crop.height <= height;
  if (isInside) return crop;
  const words = `${crop.width}x${crop.height} from ${crop.x}, ${crop.y}`;
  throw cannot("cut picture", `a picture that holds ${words}`, `one of ${width}x${height}`, where);
}
