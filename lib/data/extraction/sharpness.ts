import { type Picture, requirePicture } from "doppel/image/mod.ts";

/** Rec. 601 weights of red, green and blue in grey, as OpenCV's. */
const GREY = [0.299, 0.587, 0.114] as const;

/**
 * The grey values of a picture.
 *
 * @param picture 1 or 3 channels.
 * @returns `height * width` values in the picture's own range.
 */
export function greyOf({ data, channels }: Picture): Float32Array {
  if (channels === 1) return data.slice();
  return Float32Array.from(
    { length: data.length / 3 },
    (_, i) => GREY[0] * data[3 * i]! + GREY[1] * data[3 * i + 1]! + GREY[2] * data[3 * i + 2]!,
  );
}

/**
 * The variance of the Laplacian inside a mask: the higher, the sharper. Blur takes away what changes from pixel to pixel,
 * and with it this variance (Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000).
 *
 * The Laplacian is that of the four neighbours, edges mirrored without the outermost pixel (OpenCV's `Laplacian` with
 * aperture 1). Compare only pictures of one size: faces are measured `full` at 128 pixels.
 *
 * @param picture 1 or 3 channels.
 * @param mask `[height, width, 1]`, each pixel's weight; without it the whole picture.
 * @returns In squared steps of 1/255; 0 where the mask is empty.
 * @throws {Problem} When the mask has another size.
 */
export function laplacianVariance(picture: Picture, mask?: Picture): number {
  const { width, height } = picture;
  if (mask) requirePicture(mask, "measure sharpness", "the mask", { width, height, channels: 1 });
  const grey = greyOf(picture);
  const mirrored = (at: number, size: number) => size === 1 ? 0 : at < 0 ? -at : at >= size ? 2 * size - 2 - at : at;
  let [weights, sum, squares] = [0, 0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    const [above, below] = [mirrored(y - 1, height) * width, mirrored(y + 1, height) * width];
    for (let x = 0; x < width; x++, i++) {
      const weight = mask ? mask.data[i]! : 1;
      if (weight === 0) continue;
      const [left, right] = [y * width + mirrored(x - 1, width), y * width + mirrored(x + 1, width)];
      const value = 255 * (grey[above + x]! + grey[below + x]! + grey[left]! + grey[right]! - 4 * grey[i]!);
      weights += weight;
      sum += weight * value;
      squares += weight * value * value;
    }
  }
  if (weights === 0) return 0;
  return Math.max(0, squares / weights - (sum / weights) ** 2);
}

/**
 * The mean grey value inside a mask.
 *
 * @param picture 1 or 3 channels.
 * @param mask `[height, width, 1]`, each pixel's weight.
 * @returns In the picture's own range; 0 where the mask is empty.
 */
export function meanGrey(picture: Picture, mask: Picture): number {
  let [weights, sum] = [0, 0];
  greyOf(picture).forEach((value, i) => {
    weights += mask.data[i]!;
    sum += mask.data[i]! * value;
  });
  return weights > 0 ? sum / weights : 0;
}
