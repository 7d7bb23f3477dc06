import { cannot } from "doppel/problem.ts";
import { createPicture, type Picture, requirePicture } from "./picture.ts";
import { createPoissonSolver } from "./poisson_solver.ts";

// An eighth of a step of 8-bit colour for the last correction; the errors that stay were measured to be below 1e-4.
const TOLERANCE = 5e-4;

/**
 * Lays a face into a photograph without a seam: inside the mask the result has the gradients of the face, and at its border
 * the values of the photograph (Pérez, Gangnet and Blake, "Poisson image editing", 2003, equation 7 with the guidance of
 * equation 9; DeepFaceLab's seamless mode, which uses OpenCV's NORMAL_CLONE).
 *
 * The pixels whose mask is above `threshold` are solved for; all others are the photograph's, bit for bit. At the frame
 * of the photograph nothing is prescribed. A border that lies on hair or background tints the face; where a soft mask
 * reaches beyond it, a threshold of 0.5 keeps the border on the face. With `soft`, the solution is then laid over the
 * photograph by the mask, as DeepFaceLab does: `photo * (1 - mask) + solution * mask`.
 *
 * @example Lay a face into a photograph
 * ```ts
 * import { createPicture, poissonBlend } from "doppel/image/mod.ts";
 *
 * const mask = createPicture(64, 64, 1);
 * for (let y = 16; y < 48; y++) mask.data.fill(1, y * 64 + 16, y * 64 + 48);
 * const photo = createPicture(64, 64, 3, [0.5, 0.4, 0.4]);
 * const blended = poissonBlend(photo, createPicture(64, 64, 3, [0.7, 0.6, 0.5]), mask);
 * ```
 *
 * @param photo The picture underneath, 1 or 3 channels in `[0, 1]`.
 * @param face The picture whose gradients are wanted, same size.
 * @param mask 1 channel in `[0, 1]`, same size.
 * @param options `threshold` in `[0, 1)`, default 0; `soft`, default false.
 * @returns The blend, clipped to `[0, 1]` inside the mask.
 * @throws {Problem} When sizes differ, or the mask has no pixel above the threshold or none below.
 */
export function poissonBlend(
  photo: Picture,
  face: Picture,
  mask: Picture,
  { threshold = 0, soft = false }: { readonly threshold?: number; readonly soft?: boolean } = {},
): Picture {
  const { width, height, channels } = photo;
  requirePicture(face, "blend seamlessly", "the face", { width, height, channels });
  requirePicture(mask, "blend seamlessly", "the mask", { width, height, channels: 1 });
  const box = boxOf(mask, threshold);
  const solve = createPoissonSolver(box);
  const data = photo.data.slice();
  for (let c = 0; c < channels; c++) {
    // Solved for is what has to be added to the face: it has no sources inside, and is known at the border.
    const added = solve(
      borderLoad(box, (i) => photo.data[i * channels + c]! - face.data[i * channels + c]!),
      TOLERANCE,
    );
    for (let at = 0; at < added.length; at++) {
      if (!box.inside[at]) continue;
      const i = pixelOf(box, at);
      const value = Math.min(1, Math.max(0, face.data[i * channels + c]! + added[at]!));
      const share = soft ? Math.min(1, mask.data[i]!) : 1;
      const under = photo.data[i * channels + c]!;
      data[i * channels + c] = share === 1 ? value : under * (1 - share) + value * share;
    }
  }
  return createPicture(width, height, channels, data);
}

/** The mask's bounding box with a ring of one pixel, which may lie outside the photograph. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly photo: { readonly width: number; readonly height: number };
  readonly inside: Uint8Array;
  readonly neighbours: Uint8Array;
}

const pixelOf = ({ left, top, width, photo }: Omit<Box, "inside" | "neighbours">, at: number): number =>
  (top + Math.floor(at / width)) * photo.width + left + at % width;

function boxOf({ width, height, data }: Picture, threshold: number): Box {
  let [left, right, top, bottom, count] = [width, -1, height, -1, 0];
  for (let i = 0; i < data.length; i++) {
    if (!(data[i]! > threshold)) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    count++;
  }
  if (count === 0) throw cannot("blend seamlessly", "a mask with some pixels in it", "an empty one");
  if (count === data.length) {
    throw cannot("blend seamlessly", "a mask that leaves some of the photograph", "one that covers all of it");
  }
  const place = { left: left - 1, top: top - 1, width: right - left + 3, height: bottom - top + 3 };
  const inside = new Uint8Array(place.width * place.height);
  const neighbours = new Uint8Array(inside.length);
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      if (!(data[y * width + x]! > threshold)) continue;
      const at = (y - place.top) * place.width + x - place.left;
      inside[at] = 1;
      neighbours[at] = +(x > 0) + +(x < width - 1) + +(y > 0) + +(y < height - 1);
    }
  }
  return { ...place, photo: { width, height }, inside, neighbours };
}

/** For each pixel inside, the sum of known values next to it. */
function borderLoad(box: Box, known: (pixel: number) => number): Float64Array {
  const { left, top, width, photo, inside } = box;
  const load = new Float64Array(inside.length);
  for (let at = 0; at < inside.length; at++) {
    if (!inside[at]) continue;
    for (const [dx, dy] of [[-1, 0], [1, 0], [0, -1], [0, 1]] as const) {
      const next = at + dy * width + dx;
      if (inside[next]) continue;
      const [x, y] = [left + next % width, top + Math.floor(next / width)];
      if (x >= 0 && y >= 0 && x < photo.width && y < photo.height) load[at]! += known(y * photo.width + x);
    }
  }
  return load;
}
