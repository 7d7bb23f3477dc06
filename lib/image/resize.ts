import { createPicture, type Picture } from "./picture.ts";
import { type Interpolation, KERNELS } from "./kernels.ts";

/**
 * Resizes a picture without aliasing: when it shrinks, the kernel is widened by the factor, so that every input pixel
 * counts (as Pillow and libvips do; `area` is the plain mean of the covered pixels).
 *
 * @param picture 1 or 3 channels.
 * @param width New columns.
 * @param height New rows.
 * @param options `interpolation`: default `bilinear`. Cubic and Lanczos overshoot at edges; values are clipped to the
 * range of the input's values.
 * @returns The resized picture.
 */
export function resizePicture(
  picture: Picture,
  width: number,
  height: number,
  { interpolation = "bilinear" }: { readonly interpolation?: Interpolation | "area" } = {},
): Picture {
  const out = createPicture(width, height, picture.channels);
  const { channels } = picture;
  const columns = weightsFor(picture.width, width, interpolation);
  const rows = weightsFor(picture.height, height, interpolation);
  const narrow = new Float32Array(picture.height * width * channels);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < width; x++) {
      const { first, weights } = columns[x]!;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        let at = (y * picture.width + first) * channels + c;
        for (const weight of weights) {
          sum += weight * picture.data[at]!;
          at += channels;
        }
        narrow[(y * width + x) * channels + c] = sum;
      }
    }
  }
  const stride = width * channels;
  for (let y = 0; y < height; y++) {
    const { first, weights } = rows[y]!;
    for (let x = 0; x < stride; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * narrow[(first + k) * stride + x]!;
      out.data[y * stride + x] = sum;
    }
  }
  if (interpolation === "bicubic" || interpolation === "lanczos") clipToRange(out.data, picture.data);
  return out;
}

/**
 * What {@linkcode resizePicture} does along one side, as a matrix, for resizing tensors by products.
 *
 * @param from Pixels before.
 * @param to Pixels after.
 * @param interpolation Default `bilinear`.
 * @returns `[to, from]`, row-major; each row adds up to 1.
 */
export function resizeMatrix(
  from: number,
  to: number,
  interpolation: Interpolation | "area" = "bilinear",
): Float32Array {
  const matrix = new Float32Array(to * from);
  for (const [row, { first, weights }] of weightsFor(from, to, interpolation).entries()) {
    matrix.set(weights, row * from + first);
  }
  return matrix;
}

/** Brings overshoot back into the range of the values it came from. */
export function clipToRange(data: Float32Array, source: Float32Array): void {
  let low = Infinity;
  let high = -Infinity;
  for (const value of source) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  for (let i = 0; i < data.length; i++) data[i] = Math.min(high, Math.max(low, data[i]!));
}

interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

function weightsFor(from: number, to: number, interpolation: Interpolation | "area"): Taps[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    if (interpolation === "area") return areaTaps(i * scale, (i + 1) * scale, from);
    const kernel = KERNELS[interpolation];
    const stretch = Math.max(1, scale);
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - kernel.radius * stretch));
    const last = Math.min(from, Math.ceil(centre + kernel.radius * stretch));
    const weights = Float64Array.from(
      { length: last - first },
      (_, k) => kernel.weight((first + k + 0.5 - centre) / stretch),
    );
    return { first, weights: normalised(weights) };
  });
}

function areaTaps(start: number, end: number, from: number): Taps {
  const first = Math.floor(start);
  const last = Math.min(from, Math.ceil(end - 1e-9));
  const weights = Float64Array.from(
    { length: last - first },
    (_, k) => Math.min(end, first + k + 1) - Math.max(start, first + k),
  );
  return { first, weights: normalised(weights) };
}

function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
