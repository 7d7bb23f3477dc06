import sharp from "sharp";
import { cannot } from "doppel/problem.ts";

/**
 * The size of a picture file, from its header alone: that of the upright picture, as `readPicture` gives it.
 *
 * @param path The file.
 * @returns Columns and rows.
 * @throws {Problem} When the file is missing or no picture.
 */
export async function readPictureSize(path: string): Promise<{ width: number; height: number }> {
  try {
    const { autoOrient } = await sharp(path).metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  } catch (error) {
    const missing = await Deno.stat(path).then(() => false, () => true);
    if (missing) throw cannot("read picture size", "an existing file", "none", path);
    const message = error instanceof Error ? error.message.trim().replaceAll(/\s+/g, " ") : String(error);
    throw cannot("read picture size", "a picture file", message, path);
  }
}
