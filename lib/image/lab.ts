import { createPicture, type Picture, requirePicture } from "./picture.ts";

// IEC 61966-2-1 (sRGB) primaries, white point D65, 2 degree observer.
const [WHITE_X, WHITE_Y, WHITE_Z] = [0.95047, 1, 1.08883];
const EPSILON = 0.008856;
const KAPPA = 7.787;

const linear = (v: number): number => v > 0.04045 ? Math.pow((v + 0.055) / 1.055, 2.4) : v / 12.92;
const encoded = (v: number): number => v > 0.0031308 ? 1.055 * Math.pow(v, 1 / 2.4) - 0.055 : 12.92 * v;
const root = (t: number): number => t > EPSILON ? Math.cbrt(t) : KAPPA * t + 16 / 116;
const cube = (t: number): number => t > 0.2068966 ? t * t * t : (t - 16 / 116) / KAPPA;

/**
 * sRGB to CIE L*a*b* (1976), white point D65.
 *
 * @param picture 3 channels in `[0, 1]`.
 * @returns `[height, width, 3]`, row-major: L* in `[0, 100]`, a* and b* about `[-110, 110]`.
 */
export function toLab(picture: Picture): Float32Array {
  requirePicture(picture, "convert to L*a*b*", "a colour picture", { channels: 3 });
  const lab = new Float32Array(picture.data.length);
  for (let i = 0; i < lab.length; i += 3) {
    const r = linear(picture.data[i]!);
    const g = linear(picture.data[i + 1]!);
    const b = linear(picture.data[i + 2]!);
    const x = root((0.412453 * r + 0.35758 * g + 0.180423 * b) / WHITE_X);
    const y = root((0.212671 * r + 0.71516 * g + 0.072169 * b) / WHITE_Y);
    const z = root((0.019334 * r + 0.119193 * g + 0.950227 * b) / WHITE_Z);
    lab[i] = 116 * y - 16;
    lab[i + 1] = 500 * (x - y);
    lab[i + 2] = 200 * (y - z);
  }
  return lab;
}

/**
 * CIE L*a*b* to sRGB; colours outside of sRGB are clipped to `[0, 1]`. Inverse of {@linkcode toLab}.
 *
 * @param lab `[height, width, 3]`, row-major.
 * @param width Columns.
 * @param height Rows.
 * @returns The picture, 3 channels.
 */
export function fromLab(lab: Float32Array, width: number, height: number): Picture {
  const picture = createPicture(width, height, 3);
  const clip = (v: number) => Math.min(1, Math.max(0, v));
  for (let i = 0; i < lab.length; i += 3) {
    const fy = (lab[i]! + 16) / 116;
    const x = cube(fy + lab[i + 1]! / 500) * WHITE_X;
    const y = cube(fy) * WHITE_Y;
    const z = cube(fy - lab[i + 2]! / 200) * WHITE_Z;
    picture.data[i] = clip(encoded(3.24048134 * x - 1.53715152 * y - 0.49853633 * z));
    picture.data[i + 1] = clip(encoded(-0.96925495 * x + 1.87599 * y + 0.04155593 * z));
    picture.data[i + 2] = clip(encoded(0.05564664 * x - 0.20404134 * y + 1.05731107 * z));
  }
  return picture;
}
