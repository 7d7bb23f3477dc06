import { createPicture, type Picture } from "./picture.ts";

/**
 * Moves a picture by whole pixels: every value stays what it was, so that traces of how the picture was made stay too.
 *
 * @param picture The picture.
 * @param right Pixels to the right; negative: to the left.
 * @param down Pixels down; negative: up.
 * @returns It, with its edge repeated where nothing came in.
 */
export function shiftPicture({ width, height, channels, data }: Picture, right: number, down: number): Picture {
  const out = createPicture(width, height, channels);
  const within = (value: number, size: number) => Math.min(size - 1, Math.max(0, value));
  for (let y = 0; y < height; y++) {
    const row = within(y - down, height) * width;
    for (let x = 0; x < width; x++) {
      const from = (row + within(x - right, width)) * channels;
      for (let c = 0; c < channels; c++) out.data[(y * width + x) * channels + c] = data[from + c]!;
    }
  }
  return out;
}
