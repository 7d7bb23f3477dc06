import { createPicture, type Picture } from "./picture.ts";

/**
 * The mirror image.
 *
 * @param picture The picture.
 * @returns It with left and right exchanged.
 */
export function mirrorPicture({ width, height, channels, data }: Picture): Picture {
  const out = createPicture(width, height, channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + width - 1 - x) * channels;
      for (let c = 0; c < channels; c++) out.data[(y * width + x) * channels + c] = data[from + c]!;
    }
  }
  return out;
}
