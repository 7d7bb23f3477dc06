import sharp from "sharp";
import { fromBytes, type Picture } from "./picture.ts";
import { encodePicture } from "./write_picture.ts";

/**
 * A picture after JPEG compression.
 *
 * @param picture 3 channels in [0, 1].
 * @param quality 1 to 100.
 * @returns What a reader of the file sees, of the same size.
 * @throws {Problem} When the quality is not a whole number from 1 to 100.
 */
export async function compressPicture(picture: Picture, quality: number): Promise<Picture> {
  const file = await encodePicture(picture, { format: "jpeg", quality });
  const { data, info } = await sharp(file).toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  return fromBytes(data, info.width, info.height, 3);
}
