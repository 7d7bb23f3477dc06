import { createPicture, type Picture, requirePicture } from "./picture.ts";
import type { VideoFrame } from "./read_video.ts";
import type { Region } from "./region.ts";

/** The pixels of a frame. */
type Pixels = Pick<VideoFrame, "data" | "width" | "height">;

/**
 * Cuts a rectangle out of a frame: a face needs a tenth of the frame's pixels as numbers, not all of them.
 *
 * @param frame The frame.
 * @param region A rectangle inside it.
 * @returns 3 channels, values byte / 255.
 */
export function cropFrame({ data, width }: Pixels, region: Region): Picture {
  const out = createPicture(region.width, region.height, 3);
  const row = region.width * 3;
  for (let y = 0; y < region.height; y++) {
    const from = ((region.y + y) * width + region.x) * 3;
    for (let i = 0; i < row; i++) out.data[y * row + i] = data[from + i]! / 255;
  }
  return out;
}

/**
 * Lays a picture into a frame, whose bytes are changed: byte = round(value * 255), values outside `[0, 1]` clipped.
 *
 * @param frame The frame.
 * @param part 3 channels, of the region's size.
 * @param region Where it goes, inside the frame.
 * @throws {Problem} When the part has another size.
 */
export function pasteIntoFrame({ data, width }: Pixels, part: Picture, region: Region): void {
  requirePicture(part, "lay a picture into a frame", "the picture", {
    channels: 3,
    width: region.width,
    height: region.height,
  });
  const row = region.width * 3;
  for (let y = 0; y < region.height; y++) {
    const to = ((region.y + y) * width + region.x) * 3;
    for (let i = 0; i < row; i++) {
      const value = part.data[y * row + i]!;
      data[to + i] = value <= 0 ? 0 : value >= 1 ? 255 : Math.round(value * 255);
    }
  }
}
