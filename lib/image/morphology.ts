import { cannot } from "doppel/problem.ts";
import { createPicture, type Picture, requirePicture } from "./picture.ts";

/**
 * Grows the bright parts of a mask: each pixel becomes the largest value within a disc.
 *
 * @param mask 1 channel; soft masks are allowed.
 * @param radius Radius of the disc in pixels: all offsets with `dx^2 + dy^2 <= radius^2`. 0 gives a copy.
 * @returns The dilated mask.
 * @throws {Problem} When the radius is negative or the picture has colour.
 */
export function dilate(mask: Picture, radius: number): Picture {
  requirePicture(mask, "dilate mask", "a mask", { channels: 1 });
  return largestInDisc(mask, radius);
}

/**
 * Shrinks the bright parts of a mask: each pixel becomes the smallest value within a disc.
 *
 * @param mask 1 channel; soft masks are allowed.
 * @param radius Radius of the disc in pixels; 0 gives a copy.
 * @param options `outside`: whether the surroundings continue the edge (default) or are black and eat into a mask that
 * touches the frame.
 * @returns The eroded mask.
 * @throws {Problem} When the radius is negative or the picture has colour.
 */
export function erode(
  mask: Picture,
  radius: number,
  { outside = "edge" }: { readonly outside?: "edge" | "black" } = {},
): Picture {
  requirePicture(mask, "erode mask", "a mask", { channels: 1 });
  const negated = createPicture(mask.width, mask.height, 1, mask.data.map((value) => -value));
  const out = largestInDisc(negated, radius, outside === "black" ? 0 : -Infinity);
  for (let i = 0; i < out.data.length; i++) out.data[i] = -out.data[i]! + 0; // + 0: no negative zeros
  return out;
}

function largestInDisc(mask: Picture, radius: number, beyond = -Infinity): Picture {
  if (!(radius >= 0 && Number.isFinite(radius))) {
    throw cannot("change mask", "a radius of 0 or more pixels", String(radius));
  }
  const { width, height } = mask;
  const reach = Math.floor(radius);
  const out = new Float32Array(width * height).fill(-Infinity);
  for (let dy = -reach; dy <= reach; dy++) {
    // A disc is a stack of horizontal bars; the largest value in a bar comes from a sliding window.
    const half = Math.floor(Math.sqrt(radius * radius - dy * dy));
    for (let y = 0; y < height; y++) {
      const row = y + dy;
      const target = out.subarray(y * width, (y + 1) * width);
      if (row < 0 || row >= height) { for (let x = 0; x < width; x++) target[x] = Math.max(target[x]!, beyond); }
      else slidingLargest(mask.data.subarray(row * width, (row + 1) * width), half, target, beyond);
    }
  }
  return createPicture(width, height, 1, out);
}

/** Raises `target[x]` to the largest of `line[x - half .. x + half]`, in one pass with a falling queue. */
function slidingLargest(line: Float32Array, half: number, target: Float32Array, beyond: number): void {
  const queue = new Int32Array(line.length);
  let [head, tail] = [0, 0];
  for (let x = 0; x < line.length + half; x++) {
    if (x < line.length) {
      while (tail > head && line[queue[tail - 1]!]! <= line[x]!) tail--;
      queue[tail++] = x;
    }
    const centre = x - half;
    if (centre < 0) continue;
    while (queue[head]! < centre - half) head++;
    const cut = centre - half < 0 || centre + half >= line.length ? beyond : -Infinity;
    target[centre] = Math.max(target[centre]!, line[queue[head]!]!, cut);
  }
}
