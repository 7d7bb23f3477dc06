import { cannot } from "doppel/problem.ts";
import { convolve, type Tap } from "./convolve.ts";
import { createPicture, type Picture } from "./picture.ts";

/**
 * Blurs a picture as if it had moved while the shutter was open: each pixel becomes the mean along a straight line
 * through its centre; the edge pixels go on outside.
 *
 * A pixel counts by the length of the line inside its square, so a horizontal line of odd length is a plain box.
 *
 * @param picture 1 or 3 channels.
 * @param options `length` of the line in pixels, 0 to 500, 1 or less along an axis changes nothing; `angle` in degrees: 0
 * lies along the rows, 90 along the columns, clockwise as the picture is seen.
 * @returns The blurred picture.
 * @throws {Problem} When the length is out of range or the angle not a number.
 */
export function motionBlur(
  picture: Picture,
  { length, angle }: { readonly length: number; readonly angle: number },
): Picture {
  if (!(length >= 0 && length <= 500)) {
    throw cannot("blur along a line", "a length from 0 to 500 pixels", String(length));
  }
  if (!Number.isFinite(angle)) throw cannot("blur along a line", "an angle in degrees", String(angle));
  const { width, height, channels, data } = picture;
  const taps = lineTaps(length, angle * Math.PI / 180);
  return taps.length === 1 ? createPicture(width, height, channels, data.slice()) : convolve(picture, taps);
}

function lineTaps(length: number, angle: number): Tap[] {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const half = length / 2;
  const reach = Math.ceil(half);
  const taps: Tap[] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const [inX, outX] = crossing(dx, cosine);
      const [inY, outY] = crossing(dy, sine);
      const inside = Math.min(half, outX, outY) - Math.max(-half, inX, inY);
      if (inside > 1e-9) taps.push({ dx, dy, weight: inside / length });
    }
  }
  return taps.length === 0 ? [{ dx: 0, dy: 0, weight: 1 }] : normalised(taps);
}

/** Between which distances a line through 0 is within half a pixel of `offset`, along one coordinate. */
function crossing(offset: number, slope: number): [number, number] {
  if (Math.abs(slope) < 1e-12) return offset === 0 ? [-Infinity, Infinity] : [Infinity, -Infinity];
  const [a, b] = [(offset - 0.5) / slope, (offset + 0.5) / slope];
  return a < b ? [a, b] : [b, a];
}

function normalised(taps: readonly Tap[]): Tap[] {
  const sum = taps.reduce((total, { weight }) => total + weight, 0);
  return taps.map(({ dx, dy, weight }) => ({ dx, dy, weight: weight / sum }));
}
