import { extname } from "node:path";
import sharp from "sharp";
import { cannot } from "doppel/problem.ts";
import { type Picture, toBytes } from "./picture.ts";
import { insertPngXmp, type Provenance, provenanceToXmp } from "./provenance.ts";
import { writeFileWhole } from "./write_file.ts";

/** The formats that pictures are written in. */
export type PictureFormat = "png" | "jpeg";

/** How to encode a picture. */
export interface EncodeOptions {
  /** `png` is lossless: bytes come back as they were. Default of {@linkcode encodePicture}: `png`. */
  readonly format?: PictureFormat;
  /** JPEG quality, 1-100. Default 95. */
  readonly quality?: number;
  /** JPEG chroma: `4:2:0` halves the colour resolution, as cameras and most programs do. Default `4:2:0`. */
  readonly chroma?: "4:2:0" | "4:4:4";
  /** What made the picture; written into the file, and read back by `readProvenance`. */
  readonly provenance?: Provenance;
}

/**
 * Encodes a picture as PNG or JPEG (libjpeg-turbo through sharp; not progressive).
 *
 * @param picture 1 or 3 channels; values are clipped to `[0, 1]` and rounded to 8 bits.
 * @param options Format, quality, chroma and provenance.
 * @returns The bytes of the file.
 * @throws {Problem} When the quality or the provenance cannot be written.
 */
export async function encodePicture(picture: Picture, options: EncodeOptions = {}): Promise<Uint8Array> {
  const { format = "png", quality = 95, chroma = "4:2:0", provenance } = options;
  if (format !== "png" && format !== "jpeg") throw cannot("encode picture", "format png or jpeg", String(format));
  if (!(Number.isInteger(quality) && quality >= 1 && quality <= 100)) {
    throw cannot("encode picture", "a whole quality from 1 to 100", String(quality));
  }
  const { width, height, channels } = picture;
  const image = sharp(toBytes(picture), { raw: { width, height, channels } })
    .toColourspace(channels === 1 ? "b-w" : "srgb");
  const xmp = provenance === undefined ? undefined : provenanceToXmp(provenance);
  if (format === "jpeg") {
    if (xmp !== undefined) image.withXmp(xmp);
    return await image.jpeg({ quality, chromaSubsampling: chroma, optimizeCoding: true, mozjpeg: false }).toBuffer();
  }
  const png = await image.png({ compressionLevel: 6, palette: false }).toBuffer();
  return xmp === undefined ? png : insertPngXmp(png, xmp);
}

/**
 * Writes a picture to a file, whole or not at all.
 *
 * @example Write a labelled picture that says what made it
 * ```ts
 * import { createPicture, labelPicture, writePicture } from "doppel/image/mod.ts";
 *
 * const swap = labelPicture(createPicture(128, 128, 3, 0.5));
 * await writePicture("/tmp/swap.jpg", swap, { provenance: { generator: "df", run: "2026-01-01" } });
 * ```
 *
 * @param path Ends in `.png`, `.jpg` or `.jpeg`; missing folders are made.
 * @param picture The picture.
 * @param options As for {@linkcode encodePicture}; the format follows from the path when it is left out.
 * @throws {Problem} When the path has another ending and no format is given.
 */
export async function writePicture(path: string, picture: Picture, options: EncodeOptions = {}): Promise<void> {
  const format = options.format ?? formatOf(path);
  await writeFileWhole(path, await encodePicture(picture, { ...options, format }));
}

function formatOf(path: string): PictureFormat {
  const extension = extname(path).toLowerCase();
  if (extension === ".png") return "png";
  if (extension === ".jpg" || extension === ".jpeg") return "jpeg";
  throw cannot("write picture", "a name ending in .png, .jpg or .jpeg", `"${extension}"`, path);
}
