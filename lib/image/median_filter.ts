import { cannot } from "doppel/problem.ts";
import { padPicture } from "./convolve.ts";
import { createPicture, type Picture } from "./picture.ts";

/**
 * Makes each value the median of a square around it, channel by channel; the edge pixels go on outside.
 *
 * @param picture 1 or 3 channels.
 * @param options `size` of the square, odd, default 5; `passes`, how often, default 1: of a fractional number the last pass
 * is mixed in by its fraction.
 * @returns The filtered picture.
 * @throws {Problem} When the size is not odd and positive, or the passes are negative.
 */
export function medianFilter(
  picture: Picture,
  { size = 5, passes = 1 }: { readonly size?: number; readonly passes?: number } = {},
): Picture {
  if (!(size > 0 && size % 2 === 1)) throw cannot("take median", "an odd size", String(size));
  if (!(passes >= 0 && Number.isFinite(passes))) throw cannot("take median", "0 or more passes", String(passes));
  const { width, height, channels, data } = picture;
  let out = createPicture(width, height, channels, data.slice());
  for (let left = passes; left > 0; left--) {
    const filtered = onePass(out, size);
    out = left >= 1
      ? filtered
      : createPicture(width, height, channels, out.data.map((v, i) => v * (1 - left) + filtered.data[i]! * left));
  }
  return out;
}

function onePass(picture: Picture, size: number): Picture {
  const { width, height, channels } = picture;
  const wide = padPicture(picture, (size - 1) / 2);
  const out = createPicture(width, height, channels);
  const stride = width * channels;
  const wideStride = wide.width * channels;
  const square = new Float64Array(size * size);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < stride; x++) {
      let n = 0;
      for (let v = 0; v < size; v++) {
        let at = (y + v) * wideStride + x;
        for (let u = 0; u < size; u++, at += channels) square[n++] = wide.data[at]!;
      }
      out.data[y * stride + x] = median(square);
    }
  }
  return out;
}

/** The middle value of an odd number of values, which are reordered (Hoare's selection). */
function median(values: Float64Array): number {
  const middle = values.length >> 1;
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[middle]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swap = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swap;
    }
    if (j < middle) low = i;
    if (i > middle) high = j;
  }
  return values[middle]!;
}
