import { cannot } from "doppel/problem.ts";
import { createPicture, type Picture } from "./picture.ts";
import { drawText, textSize } from "./text.ts";

/**
 * Writes a visible label into a corner: white on a dark plate, so that it can be read on any ground, its size a
 * twentieth of the picture's shorter side, but never under five pixels.
 *
 * @example Mark a forged picture
 * ```ts
 * import { createPicture, labelPicture } from "doppel/image/mod.ts";
 *
 * const marked = labelPicture(createPicture(256, 256, 3, 0.5));
 * ```
 *
 * @param picture 1 or 3 channels.
 * @param text What it says. Default `SYNTHETIC`.
 * @param options `corner`: default `bottom-left`.
 * @returns A copy with the label.
 * @throws {Problem} When the picture is too small for the text to be read.
 */
export function labelPicture(
  picture: Picture,
  text = "SYNTHETIC",
  { corner = "bottom-left" }: { readonly corner?: "top-left" | "top-right" | "bottom-left" | "bottom-right" } = {},
): Picture {
  const { width, height, channels } = picture;
  const smallest = 4.5;
  const wanted = Math.max(smallest, Math.min(width, height) / 20);
  const room = width - 4;
  const size = Math.min(wanted, wanted * room / textSize(text, wanted).width);
  const ink = textSize(text, size);
  const margin = Math.max(2, Math.round(size / 3));
  if (size < smallest * 0.8 || ink.height + margin > height) {
    const needed = textSize(text, smallest);
    throw cannot("label picture", `at least ${needed.width}x${needed.height} pixels`, `${width}x${height}`);
  }
  const plateWidth = Math.min(width, ink.width + 2 * margin);
  const plateHeight = Math.min(height, Math.ceil(size) + 2 * margin + 1);
  const left = corner.endsWith("left") ? 0 : width - plateWidth;
  const top = corner.startsWith("top") ? 0 : height - plateHeight;
  const data = picture.data.slice();
  for (let y = top; y < top + plateHeight; y++) {
    for (let i = (y * width + left) * channels; i < (y * width + left + plateWidth) * channels; i++) data[i]! *= 0.25;
  }
  return drawText(createPicture(width, height, channels, data), text, {
    x: left + (plateWidth - ink.width) / 2,
    y: top + margin,
    size,
    colour: [1, 1, 1],
  });
}
