import sharp from "sharp";
import { cannot } from "doppel/problem.ts";
import { readJpegTables } from "./jpeg_tables.ts";

/** What a picture file tells of itself, whatever it shows. */
export interface PictureCoding {
  /** "jpeg", "png", "webp" and so on. */
  readonly format: string;
  /** Columns of the upright picture. */
  readonly width: number;
  /** Rows of the upright picture. */
  readonly height: number;
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** How colours are sampled, such as "4:2:0", where the format says it. */
  readonly chroma: string | null;
  /** Whether it is coded in passes from coarse to fine. */
  readonly isProgressive: boolean;
  /** Quality of a JPEG file in the scale of libjpeg, 1 to 100. */
  readonly quality: number | null;
  /** A JPEG file's quantisation tables as text; equal tables give equal texts. */
  readonly tables: string | null;
  /** Which kinds of metadata it carries: "exif", "icc", "iptc", "xmp". */
  readonly metadata: readonly string[];
  /** Bytes of all of them. */
  readonly metadataBytes: number;
}

/**
 * Reads how a picture file is coded: all that a detector could go by that is no part of the picture.
 *
 * @param bytes The file.
 * @param where What to call it in a message.
 * @returns Its coding.
 * @throws {Problem} When it is no picture.
 */
export async function readPictureCoding(bytes: Uint8Array, where?: string): Promise<PictureCoding> {
  const found = await sharp(bytes).metadata().catch((error: unknown) => {
    const message = error instanceof Error ? error.message.trim().replaceAll(/\s+/g, " ") : String(error);
    throw cannot("read picture", "a picture file", message, where);
  });
  const jpeg = found.format === "jpeg" ? readJpegTables(bytes, where) : undefined;
  const kinds = ["exif", "icc", "iptc", "xmp"] as const;
  return {
    ...{ format: found.format, width: found.autoOrient.width, height: found.autoOrient.height, bytes: bytes.length },
    chroma: found.chromaSubsampling ?? null,
    isProgressive: found.isProgressive ?? false,
    quality: jpeg?.quality ?? null,
    tables: jpeg ? jpeg.tables.map((table) => table.join(" ")).join("; ") : null,
    metadata: kinds.filter((kind) => found[kind] !== undefined),
    metadataBytes: kinds.reduce((sum, kind) => sum + (found[kind]?.length ?? 0), 0),
  };
}
