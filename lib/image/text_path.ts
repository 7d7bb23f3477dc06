import { glyphsOf } from "./glyphs.ts";

/** A line of text as a path. */
export interface TextPath {
  /** Path data of SVG: open strokes, for a pen of about 0.85/6 of the height of a capital. */
  readonly path: string;
  /** Width of the strokes' box in pixels; it begins at 0. */
  readonly width: number;
}

/**
 * The strokes of a line of text in the built-in alphabet, to be turned, scaled and drawn like any other shape; `drawText`
 * writes straight lines of text into a picture.
 *
 * @example Slanted letters
 * ```ts
 * import { drawCover, textPath } from "doppel/image/mod.ts";
 *
 * const { path } = textPath("Doppel", 12);
 * const letters = `<path transform="translate(8 20) rotate(20)" d="${path}" fill="none" stroke="#000" stroke-width="2"/>`;
 * const cover = drawCover(letters, 64, 64);
 * ```
 *
 * @param text One line; accents are dropped, unknown characters become a box.
 * @param size Height of a capital in pixels; capitals reach from 0 down to it.
 * @returns The path and its width.
 */
export function textPath(text: string, size: number): TextPath {
  const unit = size / 6;
  let left = 0;
  let path = "";
  for (const { width, strokes } of glyphsOf(text)) {
    for (const stroke of strokes) {
      const points = Array.from(
        { length: stroke.length / 2 },
        (_, i) => `${(left + stroke[2 * i]!) * unit} ${stroke[2 * i + 1]! * unit}`,
      );
      // A single point needs a line of no length to be a dot under round caps.
      path += `M${points[0]}L${(points.length > 1 ? points.slice(1) : points).join("L")}`;
    }
    left += width + 2;
  }
  return { path, width: Math.max(0, left - 2) * unit };
}
