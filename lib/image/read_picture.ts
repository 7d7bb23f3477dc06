import sharp from "sharp";
import { cannot } from "doppel/problem.ts";
import { fromBytes, type Picture } from "./picture.ts";

/**
 * Reads a JPEG, PNG, WebP, TIFF, GIF or AVIF picture as 8-bit sRGB colour.
 *
 * The EXIF orientation is applied, an embedded colour profile is converted to sRGB, grey becomes three equal channels,
 * 16 bits become 8, transparency is laid on black, and of an animation the first frame is taken. A file that is cut
 * short is refused, not padded with grey.
 *
 * @example Read and look at the size
 * ```ts
 * import { readPicture } from "doppel/image/mod.ts";
 *
 * const photo = await readPicture("datasets/caltech_faces/photos/person01/image_0001.jpg");
 * photo.data.length === photo.width * photo.height * 3; // true
 * ```
 *
 * @param source The path of a file, or the bytes of one.
 * @param where What to call the source in a message; the path when a path is given.
 * @returns The picture, 3 channels, values `byte / 255`.
 * @throws {Problem} When the file is missing, empty, damaged or no picture.
 */
export async function readPicture(source: string | URL | Uint8Array, where?: string): Promise<Picture> {
  const name = where ?? (source instanceof Uint8Array ? "bytes in memory" : String(source));
  const bytes = source instanceof Uint8Array ? source : await readBytes(source, name);
  if (bytes.length === 0) throw cannot("read picture", "a picture file", "an empty file", name);
  try {
    const { data, info } = await sharp(bytes, { failOn: "warning" })
      .autoOrient()
      .flatten({ background: "#000" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return fromBytes(threeChannels(data, info.channels), info.width, info.height, 3);
  } catch (error) {
    throw cannot("read picture", "a whole picture file", found(error), name);
  }
}

async function readBytes(path: string | URL, name: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw cannot("read picture", "an existing file", "none", name);
    if (error instanceof Deno.errors.IsADirectory || (await isFolder(path))) {
      throw cannot("read picture", "a picture file", "a folder", name);
    }
    throw error;
  }
}

async function isFolder(path: string | URL): Promise<boolean> {
  return await Deno.stat(path).then((stat) => stat.isDirectory, () => false);
}

function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const pixels = data.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) rgb.fill(data[i * channels]!, i * 3, i * 3 + 3);
  return rgb;
}

function found(error: unknown): string {
  const message = error instanceof Error ? error.message.trim().replaceAll(/\s+/g, " ") : String(error);
  if (/unsupported image format/.test(message)) return "bytes of no known picture format";
  return `damaged data: ${message}`;
}
