import { cannot } from "doppel/problem.ts";
import { createPicture, type Picture, requirePicture } from "./picture.ts";

/**
 * Smooths a picture but for its edges: each pixel becomes the mean of its neighbours, weighted by how near they are and
 * how like it (Tomasi and Manduchi, "Bilateral filtering for gray and color images", 1998).
 *
 * Neighbours are those of a disc of 1.5 `sigmaSpace`; likeness is measured by the sum of the three channels' absolute
 * differences (both as OpenCV does). What lies beyond the picture has no say.
 *
 * @param picture 3 channels; values may be of any range.
 * @param options Standard deviations: `sigmaSpace` in pixels, `sigmaValue` in units of the values.
 * @returns The smoothed picture.
 * @throws {Problem} When a deviation is not above 0.
 */
export function bilateralFilter(
  picture: Picture,
  { sigmaSpace, sigmaValue }: { readonly sigmaSpace: number; readonly sigmaValue: number },
): Picture {
  requirePicture(picture, "smooth picture", "a colour picture", { channels: 3 });
  for (const [name, sigma] of [["sigmaSpace", sigmaSpace], ["sigmaValue", sigmaValue]] as const) {
    if (!(sigma > 0 && Number.isFinite(sigma))) throw cannot("smooth picture", `a ${name} above 0`, String(sigma));
  }
  const { width, height } = picture;
  const scale = PER_SIGMA / sigmaValue;
  const scaled = picture.data.map((value) => value * scale);
  const radius = Math.max(1, Math.round(1.5 * sigmaSpace));
  const near = Float64Array.from({ length: radius * radius + 1 }, (_, d2) => Math.exp(-d2 / (2 * sigmaSpace ** 2)));
  const likeness = likenessTable();
  const out = createPicture(width, height, 3);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - radius);
    const bottom = Math.min(height - 1, y + radius);
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 3;
      // Plain variables: this loop runs some two thousand times a pixel.
      const red = scaled[i]!;
      const green = scaled[i + 1]!;
      const blue = scaled[i + 2]!;
      let sum = 0;
      let sumRed = 0;
      let sumGreen = 0;
      let sumBlue = 0;
      for (let v = top; v <= bottom; v++) {
        const dy2 = (v - y) * (v - y);
        const half = Math.floor(Math.sqrt(radius * radius - dy2));
        const left = Math.max(0, x - half);
        const right = Math.min(width - 1, x + half);
        for (let u = left, j = (v * width + left) * 3; u <= right; u++, j += 3) {
          const r = scaled[j]!;
          const g = scaled[j + 1]!;
          const b = scaled[j + 2]!;
          const unlike = Math.abs(r - red) + Math.abs(g - green) + Math.abs(b - blue);
          if (unlike >= CUT) continue;
          const weight = near[dy2 + (u - x) * (u - x)]! * likeness[unlike | 0]!;
          sum += weight;
          sumRed += weight * r;
          sumGreen += weight * g;
          sumBlue += weight * b;
        }
      }
      out.data[i] = sumRed / sum / scale;
      out.data[i + 1] = sumGreen / sum / scale;
      out.data[i + 2] = sumBlue / sum / scale;
    }
  }
  return out;
}

// The exponential is read from a table: so many entries a standard deviation, up to 5 of them (weight 4e-6).
const PER_SIGMA = 512;
const CUT = 5 * PER_SIGMA;

const likenessTable = (): Float64Array =>
  Float64Array.from({ length: CUT }, (_, k) => Math.exp(-(((k + 0.5) / PER_SIGMA) ** 2) / 2));
