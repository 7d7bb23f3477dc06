import { createPicture, type Picture } from "./picture.ts";

/** A neighbour and its share. */
export interface Tap {
  readonly dx: number;
  readonly dy: number;
  readonly weight: number;
}

/**
 * Widens a picture on all sides; the edge pixels go on outside.
 *
 * @param picture 1 or 3 channels.
 * @param reach By how many pixels.
 * @returns The wider picture.
 */
export function padPicture({ width, height, channels, data }: Picture, reach: number): Picture {
  const out = createPicture(width + 2 * reach, height + 2 * reach, channels);
  const stride = out.width * channels;
  for (let y = 0; y < out.height; y++) {
    const row = Math.min(height - 1, Math.max(0, y - reach)) * width;
    for (let x = 0; x < out.width; x++) {
      const from = (row + Math.min(width - 1, Math.max(0, x - reach))) * channels;
      for (let c = 0; c < channels; c++) out.data[y * stride + x * channels + c] = data[from + c]!;
    }
  }
  return out;
}

/**
 * Makes each pixel a weighted sum of its neighbours; the edge pixels go on outside.
 *
 * @param picture 1 or 3 channels.
 * @param taps The neighbours; their weights are used as they are.
 * @returns The filtered picture.
 */
export function convolve(picture: Picture, taps: readonly Tap[]): Picture {
  const { width, height, channels } = picture;
  const reach = Math.max(...taps.map(({ dx, dy }) => Math.max(Math.abs(dx), Math.abs(dy))));
  const wide = padPicture(picture, reach);
  const stride = width * channels;
  const out = createPicture(width, height, channels);
  const row = new Float64Array(stride);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (const { dx, dy, weight } of taps) {
      const from = ((y + reach + dy) * wide.width + reach + dx) * channels;
      for (let x = 0; x < stride; x++) row[x]! += weight * wide.data[from + x]!;
    }
    out.data.set(row, y * stride);
  }
  return out;
}
