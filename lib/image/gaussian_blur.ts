import { cannot } from "doppel/problem.ts";
import { createPicture, type Picture } from "./picture.ts";

/**
 * Gaussian blur, separable, cut off at four standard deviations; the edge pixels go on outside.
 *
 * @param picture 1 or 3 channels.
 * @param sigma Standard deviation in pixels; 0 gives a copy.
 * @returns The blurred picture.
 * @throws {Problem} When sigma is negative or not a number.
 */
export function gaussianBlur(picture: Picture, sigma: number): Picture {
  if (!(sigma >= 0 && Number.isFinite(sigma))) throw cannot("blur picture", "a sigma of 0 or more", String(sigma));
  const { width, height, channels } = picture;
  if (sigma === 0) return createPicture(width, height, channels, picture.data.slice());
  const kernel = gaussianKernel(sigma);
  const once = along(picture.data, kernel, height, width, channels);
  return createPicture(width, height, channels, along(once, kernel, width, height, channels));
}

function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const kernel = Float64Array.from(
    { length: 2 * radius + 1 },
    (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = kernel.reduce((a, b) => a + b, 0);
  return kernel.map((value) => value / sum);
}

/** Filters the lines of `[lines, length, channels]` and returns `[length, lines, channels]`: twice gives back the order. */
function along(
  data: Float32Array,
  kernel: Float64Array,
  lines: number,
  length: number,
  channels: number,
): Float32Array {
  const radius = (kernel.length - 1) / 2;
  const out = new Float32Array(data.length);
  const padded = new Float64Array(length + 2 * radius);
  for (let line = 0; line < lines; line++) {
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < padded.length; i++) {
        const at = Math.min(length - 1, Math.max(0, i - radius));
        padded[i] = data[(line * length + at) * channels + c]!;
      }
      for (let x = 0; x < length; x++) {
        let sum = 0;
        for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * padded[x + k]!;
        out[(x * lines + line) * channels + c] = sum;
      }
    }
  }
  return out;
}
