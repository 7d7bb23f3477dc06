/**
 * Self-blended pictures (Shiohara and Yamasaki, "Detecting Deepfakes with Self-Blended Images", CVPR 2022, arXiv 2204.08376): a
 * real face laid onto itself. Colours and sharpness of one of the two copies are changed, the copy on top is moved a little,
 * and the mask of its landmarks is deformed, eroded and softened. What is left is what all face swaps have in common: a border
 * at which two pictures do not quite agree.
 *
 * Lengths are the authors' for faces of 380 pixels, in proportion to the face's width.
 *
 * @module
 */

import { hullMask } from "../faces/mod.ts";
import {
  type Affine,
  blendByMask,
  createPicture,
  gaussianBlur,
  type Picture,
  resizePicture,
  sharpen,
  warpPicture,
} from "../image/mod.ts";
import { index, normal, type RandomSource, uniform } from "../random.ts";
import { varyLight } from "./light_augmentation.ts";
import { sampleAlong } from "./warp_augmentation.ts";

/** A real face; every `SetFace` is one. */
export interface BlendableFace {
  /** `[R, R, 3]` in [0, 1]. */
  readonly picture: Picture;
  /** 68 `x, y` pairs in the picture's pixels, flat. */
  readonly landmarks: Float32Array;
}

/** How faces are blended onto themselves. */
export interface SelfBlendOptions {
  /** How much of the upper copy is seen; one of these is drawn. Default 0.25, 0.5, 0.75 and three times 1. */
  readonly ratios?: readonly number[];
  /** Largest shift to the side and upwards, in widths. Default [0.03, 0.015]. */
  readonly shift?: readonly [number, number];
  /** The upper copy's scale is drawn between this and its inverse. Default 0.95. */
  readonly scale?: number;
  /** Root mean square by which the mask is deformed, in widths. Default 0.003. */
  readonly deformation?: number;
  /** Smallest and largest standard deviation of the mask's softening, in widths. Default [0.003, 0.011]. */
  readonly softening?: readonly [number, number];
}

/** A face and the same face forged. */
export interface SelfBlended {
  /** The lower copy as it is, `[R, R, 3]`. */
  readonly real: Picture;
  /** The blend, `[R, R, 3]`. */
  readonly forged: Picture;
  /** How much of the upper copy is in it, `[R, R, 1]` in [0, 1]. */
  readonly mask: Picture;
}

/**
 * Blends a face onto itself.
 *
 * @param face The real face.
 * @param random Where numbers come from.
 * @param options How.
 * @returns The lower copy, the blend, and the mask.
 * @throws {Problem} When there are not 68 landmarks.
 */
export function selfBlend(
  face: BlendableFace,
  random: RandomSource,
  {
    ratios = [0.25, 0.5, 0.75, 1, 1, 1],
    shift: [aside, upwards] = [0.03, 0.015],
    scale = 0.95,
    deformation = 0.003,
    softening = [0.003, 0.011],
  }: SelfBlendOptions = {},
): SelfBlended {
  const { width, height } = face.picture;
  const changed = changeLook(face.picture, random);
  // Either copy may be the changed one: a detector must not learn that the outside is always as the camera made it.
  const [upper, real] = uniform(random, 0, 1) < 0.5 ? [changed, face.picture] : [face.picture, changed];
  const zoom = uniform(random, scale, 1 / scale);
  const matrix: Affine = [
    ...[zoom, 0, (1 - zoom) * width / 2 + uniform(random, -aside, aside) * width] as const,
    ...[0, zoom, (1 - zoom) * height / 2 + uniform(random, -upwards, upwards) * height] as const,
  ];
  const moved = warpPicture(upper, matrix, { width, height });
  const hull = hullMask(face.landmarks, width, height, { browExpansion: uniform(random, 0, 1.5) });
  const placed = warpPicture(hull, matrix, { width, height, interpolation: "bilinear", outside: "black" });
  const soft = erodeAndSoften(deform(placed, random, deformation), random, softening);
  const ratio = ratios[index(random, ratios.length)] ?? 1;
  const mask = createPicture(width, height, 1, soft.data.map((value) => value * ratio));
  return { real, forged: blendByMask(real, moved, mask), mask };
}

/** Other colours, other light, and either less detail or harder edges. */
function changeLook(picture: Picture, random: RandomSource): Picture {
  const { width, height } = picture;
  let out = picture;
  if (uniform(random, 0, 1) < 0.3) {
    const shifts = [0, 1, 2].map(() => uniform(random, -20, 20) / 255);
    out = createPicture(width, height, 3, out.data.map((value, i) => Math.min(1, Math.max(0, value + shifts[i % 3]!))));
  }
  const [light, colour] = [uniform(random, 0, 1) < 0.3, uniform(random, 0, 1) < 0.3];
  out = varyLight(out, random, {
    ...(light ? { brightness: 0.1, contrast: 0.1 } : { brightness: 0, contrast: 0 }),
    ...(colour ? { hue: 15, saturation: 0.3 } : { hue: 0, saturation: 0 }),
    degrade: 0,
  });
  if (uniform(random, 0, 1) < 0.5) {
    const side = 1 / (2 + index(random, 3));
    const small = resizePicture(out, Math.max(1, Math.round(width * side)), Math.max(1, Math.round(height * side)), {
      interpolation: "area",
    });
    return resizePicture(small, width, height, { interpolation: "bicubic" });
  }
  return sharpen(out, uniform(random, 0.5, 2));
}

/** Moves each pixel of a mask by smooth noise (elastic deformation, Simard et al. 2003). */
function deform(mask: Picture, random: RandomSource, strength: number): Picture {
  const { width, height } = mask;
  const map = new Float32Array(width * height * 2);
  for (let axis = 0; axis < 2; axis++) {
    const noise = createPicture(width, height, 1, Float32Array.from({ length: width * height }, () => normal(random)));
    const { data } = gaussianBlur(noise, 7 / 380 * width);
    const rms = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
    for (let i = 0; i < data.length; i++) {
      const at = axis === 0 ? i % width : Math.floor(i / width);
      map[2 * i + axis] = at + strength * width * data[i]! / rms;
    }
  }
  const out = createPicture(width, height, 1);
  sampleAlong(mask.data, width, 1, map, out.data);
  return out;
}

/** Two blurs: what the first reaches is given up, so that the second does not spread beyond the face. */
function erodeAndSoften(mask: Picture, random: RandomSource, [least, most]: readonly [number, number]): Picture {
  const { width, height } = mask;
  const blurred = gaussianBlur(mask, uniform(random, least, most) * width);
  const inside = createPicture(width, height, 1, blurred.data.map((value) => value > 0.99 ? 1 : 0));
  return gaussianBlur(inside, uniform(random, least, most) * width);
}
