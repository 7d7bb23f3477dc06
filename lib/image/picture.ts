import { Problem } from "doppel/problem.ts";

/**
 * A picture in memory: `[height, width, channels]`, row-major, sRGB-encoded values in `[0, 1]`.
 *
 * Three channels are red, green, blue; one channel is a mask or a grey picture.
 */
export interface Picture {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** 3 for colour, 1 for masks. */
  readonly channels: 1 | 3;
  /** `height * width * channels` values; value = byte / 255. */
  readonly data: Float32Array;
}

/**
 * Makes a picture of one colour, or round existing values.
 *
 * @param width Columns, a positive whole number.
 * @param height Rows, a positive whole number.
 * @param channels 1 or 3.
 * @param fill One value for all channels, one value a channel, or the whole data (taken over, not copied).
 * @returns The picture.
 * @throws {Problem} When the size is not a positive whole number or the data have another length.
 */
export function createPicture(
  width: number,
  height: number,
  channels: 1 | 3,
  fill: number | readonly number[] | Float32Array = 0,
): Picture {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new Problem(`Cannot create picture: expected a positive whole size, got ${width}x${height}`);
  }
  const length = width * height * channels;
  if (fill instanceof Float32Array) {
    if (fill.length !== length) {
      throw new Problem(`Cannot create picture: expected ${length} values, got ${fill.length}`);
    }
    return { width, height, channels, data: fill };
  }
  const data = new Float32Array(length);
  if (typeof fill === "number") data.fill(fill);
  else for (let i = 0; i < length; i++) data[i] = fill[i % channels] ?? 0;
  return { width, height, channels, data };
}

/**
 * Bytes to a picture, exactly: value = byte / 255.
 *
 * @param bytes `[height, width, channels]`, row-major.
 * @param width Columns.
 * @param height Rows.
 * @param channels 1 or 3.
 * @returns The picture.
 */
export function fromBytes(bytes: Uint8Array, width: number, height: number, channels: 1 | 3): Picture {
  const data = new Float32Array(bytes.length);
  for (let i = 0; i < data.length; i++) data[i] = bytes[i]! / 255;
  return createPicture(width, height, channels, data);
}

/**
 * A picture to bytes: byte = round(value * 255), values outside `[0, 1]` clipped. Inverse of {@linkcode fromBytes}.
 *
 * @param picture The picture.
 * @returns `[height, width, channels]`, row-major.
 */
export function toBytes(picture: Picture): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(picture.data.length);
  // Not left to Uint8ClampedArray: that rounds halves to even.
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round(Math.min(1, Math.max(0, picture.data[i]!)) * 255);
  return bytes;
}

/**
 * Checks a picture's channels, and its size when one is given.
 *
 * @param picture The picture.
 * @param action What is being attempted, for the message ("blend by mask").
 * @param name What the picture is ("the mask").
 * @param expected The channels and size it must have; what is left out is not checked.
 * @throws {Problem} When it differs.
 */
export function requirePicture(
  picture: Picture,
  action: string,
  name: string,
  expected: { channels?: 1 | 3; width?: number; height?: number },
): void {
  const { channels = picture.channels, width = picture.width, height = picture.height } = expected;
  if (picture.channels === channels && picture.width === width && picture.height === height) return;
  const shape = (h: number, w: number, c: number) => `[${h}, ${w}, ${c}]`;
  throw new Problem(
    `Cannot ${action}: expected ${name} of shape ${shape(height, width, channels)}, got ${
      shape(picture.height, picture.width, picture.channels)
    }`,
  );
}
