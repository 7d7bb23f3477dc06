import { createPicture, type Picture, warpPicture } from "doppel/image/mod.ts";
import { index, type RandomSource, uniform } from "../random.ts";

/** Which part of a photograph textures are cut from. */
export type TextureSource = "background" | "skin";

/**
 * Cuts square textures out of a photograph: from what surrounds the face (walls, clothes, hair), or from the cheeks. What
 * occluders are painted with.
 *
 * @param photo 3 channels.
 * @param landmarks 68 `x, y` pairs of the face in it, flat.
 * @param random Where numbers come from.
 * @param options `from`: default `background`; `count`: how many, default 4; `size`: side in pixels, default 64.
 * @returns The textures `[size, size, 3]`; fewer than asked for where the face leaves no room.
 */
export function cutTextures(
  photo: Picture,
  landmarks: Float32Array,
  random: RandomSource,
  { from = "background", count = 4, size = 64 }: {
    readonly from?: TextureSource;
    readonly count?: number;
    readonly size?: number;
  } = {},
): Picture[] {
  const place = from === "skin" ? cheek : beside;
  const textures: Picture[] = [];
  for (let i = 0; i < count; i++) {
    const square = place(photo, landmarks, random);
    if (!square) continue;
    const { left, top, side } = square;
    const scale = size / side;
    const matrix = [scale, 0, -left * scale, 0, scale, -top * scale] as const;
    textures.push(warpPicture(photo, matrix, { width: size, height: size, interpolation: "bilinear" }));
  }
  return textures;
}

interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** A square that keeps off the face and its hair. */
function beside({ width, height }: Picture, landmarks: Float32Array, random: RandomSource): Square | undefined {
  const xs = landmarks.filter((_, i) => i % 2 === 0);
  const ys = landmarks.filter((_, i) => i % 2 === 1);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const [wide, high] = [right - left, bottom - top];
  const shorter = Math.min(width, height);
  for (let attempt = 0; attempt < 50; attempt++) {
    const side = uniform(random, 0.12, 0.35) * shorter;
    const x = uniform(random, 0, width - side);
    const y = uniform(random, 0, height - side);
    const clear = x + side < left - 0.1 * wide || x > right + 0.1 * wide ||
      y + side < top - 0.6 * high || y > bottom + 0.1 * high;
    if (clear) return { left: x, top: y, side };
  }
  return undefined;
}

/** A square on a cheek: between the outer corner of an eye, the corner of the mouth and the jaw. */
function cheek(_: Picture, landmarks: Float32Array, random: RandomSource): Square {
  const [eye, mouth, jaw] = index(random, 2) === 0 ? [36, 48, 3] : [45, 54, 13];
  const at = (axis: 0 | 1) =>
    (landmarks[2 * eye! + axis]! + landmarks[2 * mouth! + axis]! + landmarks[2 * jaw! + axis]!) / 3;
  const side = uniform(random, 0.1, 0.16) * Math.abs(landmarks[2 * 16]! - landmarks[0]!);
  return { left: at(0) - side / 2, top: at(1) - side / 2, side };
}

/**
 * Covers a square with a texture in a random turn and scale, mirrored at its edges, in changed colours, darker to one
 * side; or with one colour where there is no texture.
 *
 * @param size Side of the square in pixels.
 * @param random Where numbers come from.
 * @param textures What to choose from, each square.
 * @returns `[size, size, 3]` in [0, 1].
 */
export function paintTexture(size: number, random: RandomSource, textures: readonly Picture[]): Picture {
  const out = createPicture(size, size, 3);
  const plain = textures.length === 0 || uniform(random, 0, 1) < 0.2;
  const texture = plain
    ? createPicture(1, 1, 3, [0, 1, 2].map(() => uniform(random, 0, 1)))
    : textures[index(random, textures.length)]!;
  const turn = uniform(random, 0, 2 * Math.PI);
  const scale = texture.width / size * uniform(random, 0.4, 1.6);
  const [cos, sin] = [Math.cos(turn) * scale, Math.sin(turn) * scale];
  const [x0, y0] = [uniform(random, 0, texture.width), uniform(random, 0, texture.width)];
  const light = uniform(random, 0.5, 1.5);
  const gains = [0, 1, 2].map(() => light * uniform(random, 0.85, 1.15));
  const [shadeX, shadeY] = [uniform(random, -0.4, 0.4) / size, uniform(random, -0.4, 0.4) / size];
  for (let y = 0, at = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const column = mirrored(cos * x - sin * y + x0, texture.width);
      const row = mirrored(sin * x + cos * y + y0, texture.height);
      const shade = 1 + shadeX * (x - size / 2) + shadeY * (y - size / 2);
      for (let c = 0; c < 3; c++, at++) {
        const value = texture.data[(row * texture.width + column) * 3 + c]! * gains[c]! * shade;
        out.data[at] = value < 0 ? 0 : value > 1 ? 1 : value;
      }
    }
  }
  return out;
}

/** A whole position inside a row of pixels that goes on as its own mirror image. */
function mirrored(position: number, length: number): number {
  const period = 2 * length;
  const inside = ((Math.floor(position) % period) + period) % period;
  return inside < length ? inside : period - 1 - inside;
}
