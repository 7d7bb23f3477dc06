/**
 * How plainly the border of a pasted face shows.
 *
 * @module
 */

import { type Picture, requirePicture, toLab } from "doppel/image/mod.ts";
import { requireWeight } from "./pixels.ts";

/**
 * The mean colour step across the mask's border: at every border pixel the colours half a ring's width inside and
 * outside, along the border's normal, as a CIE76 difference in L*a*b*. Skin has a step of its own there, so that only
 * differences between pictures with the same mask mean anything.
 *
 * @param picture The finished picture, `[height, width, 3]` in [0, 1].
 * @param mask `[height, width, 1]`: inside where it is above 0.5.
 * @param options The ring.
 * @param options.width Width of the ring in pixels.
 * @returns Mean difference in L*a*b* units; 2.3 is just noticeable, 0 means no step.
 * @throws {Problem} When shapes differ.
 * @throws {RangeError} When the mask has no border inside the picture.
 */
export function seamGap(picture: Picture, mask: Picture, { width: ring = 3 }: { width?: number } = {}): number {
  const { width, height } = picture;
  requirePicture(mask, "measure the seam", "the mask", { width, height, channels: 1 });
  const lab = toLab(picture);
  const inside = (x: number, y: number) => mask.data[y * width + x]! > 0.5 ? 1 : 0;
  let total = 0;
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!inside(x, y)) continue;
      // Each step over the border between two neighbours, so that both of its sides count once.
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
        const [ox, oy] = [x + dx, y + dy];
        if (ox < 0 || oy < 0 || ox >= width || oy >= height || inside(ox, oy)) continue;
        const [cx, cy] = [x + dx / 2, y + dy / 2];
        const [nx, ny] = outwards(inside, cx, cy, width, height);
        const near = [cx - nx * ring / 2, cy - ny * ring / 2] as const;
        const far = [cx + nx * ring / 2, cy + ny * ring / 2] as const;
        if (![near, far].every(([px, py]) => px >= 0 && py >= 0 && px <= width - 1 && py <= height - 1)) continue;
        const [a, b] = [colourAt(lab, width, near), colourAt(lab, width, far)];
        total += Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        count++;
      }
    }
  }
  return total / requireWeight(count, "measure the seam");
}

/** Unit normal of the border at a place between two pixels, from the mask's centre of mass in a 7 pixel neighbourhood. */
function outwards(
  inside: (x: number, y: number) => number,
  cx: number,
  cy: number,
  width: number,
  height: number,
): [number, number] {
  let [nx, ny] = [0, 0];
  for (let y = Math.max(0, Math.ceil(cy - 3)); y <= Math.min(height - 1, cy + 3); y++) {
    for (let x = Math.max(0, Math.ceil(cx - 3)); x <= Math.min(width - 1, cx + 3); x++) {
      if (Math.hypot(x - cx, y - cy) > 3) continue;
      const side = inside(x, y) ? -1 : 1;
      nx += side * (x - cx);
      ny += side * (y - cy);
    }
  }
  const length = Math.hypot(nx, ny);
  return length > 0 ? [nx / length, ny / length] : [0, 0];
}

/** Bilinear colour at a place inside the picture. */
function colourAt(lab: Float32Array, width: number, [x, y]: readonly [number, number]): [number, number, number] {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
  const at = (column: number, row: number, channel: number) => lab[(row * width + column) * 3 + channel] ?? 0;
  const channel = (c: number) =>
    (1 - fy) * ((1 - fx) * at(left, top, c) + fx * at(left + 1, top, c)) +
    fy * ((1 - fx) * at(left, top + 1, c) + fx * at(left + 1, top + 1, c));
  return [channel(0), channel(1), channel(2)];
}
