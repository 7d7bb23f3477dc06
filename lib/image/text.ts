import { glyphsOf } from "./glyphs.ts";
import { createPicture, type Picture } from "./picture.ts";

const CAPITAL = 6; // grid units from the top of a capital to the baseline
const DESCENDER = 2;
const SPACING = 2;

/** Where and how text is drawn. */
export interface TextOptions {
  /** Left edge in pixels. */
  readonly x: number;
  /** Top of the capitals in pixels. */
  readonly y: number;
  /** Height of a capital in pixels. Default 9. */
  readonly size?: number;
  /** One value a channel in `[0, 1]`. Default black. */
  readonly colour?: readonly number[];
}

/**
 * The room that one line of text takes.
 *
 * @param text One line.
 * @param size Height of a capital in pixels.
 * @returns Width and height in pixels, pen width and descenders counted.
 */
export function textSize(text: string, size = 9): { width: number; height: number } {
  const unit = size / CAPITAL;
  const units = glyphsOf(text).reduce((sum, glyph) => sum + glyph.width + SPACING, -SPACING);
  return {
    width: Math.ceil(Math.max(0, units) * unit + pen(unit)),
    height: Math.ceil(size + DESCENDER * unit + pen(unit)),
  };
}

/**
 * Draws one line of text, anti-aliased, with a built-in alphabet (ASCII and a few signs); no font is needed.
 *
 * @param picture 1 or 3 channels.
 * @param text One line; accents are dropped, unknown characters show as a box.
 * @param options Place, size and colour.
 * @returns A copy with the text on it; what falls outside of the picture is cut off.
 */
export function drawText(picture: Picture, text: string, options: TextOptions): Picture {
  const { x, y, size = 9, colour = [0, 0, 0] } = options;
  const { width, height, channels } = picture;
  const unit = size / CAPITAL;
  const half = pen(unit) / 2;
  const ink = new Float32Array(width * height);
  let left = x + half;
  for (const glyph of glyphsOf(text)) {
    for (const stroke of glyph.strokes) {
      for (let i = 0; i < Math.max(2, stroke.length - 2); i += 2) {
        const end = Math.min(i + 2, stroke.length - 2);
        const at = (k: number): Point => [left + stroke[k]! * unit, y + half + stroke[k + 1]! * unit];
        inkSegment(ink, width, height, at(i), at(end), half);
      }
    }
    left += (glyph.width + SPACING) * unit;
  }
  const data = picture.data.slice();
  for (let i = 0; i < ink.length; i++) {
    const share = ink[i]!;
    if (share === 0) continue;
    for (let c = 0; c < channels; c++) data[i * channels + c]! += share * ((colour[c] ?? 0) - data[i * channels + c]!);
  }
  return createPicture(width, height, channels, data);
}

type Point = readonly [number, number];

const pen = (unit: number): number => Math.max(1.1, unit * 0.85);

/** Raises the ink to the coverage by a round pen drawn from one point to another. */
function inkSegment(ink: Float32Array, width: number, height: number, from: Point, to: Point, half: number): void {
  const [x0, y0] = from;
  const [dx, dy] = [to[0] - x0, to[1] - y0];
  const squared = dx * dx + dy * dy;
  const reach = half + 1;
  const lastRow = Math.min(height - 1, Math.ceil(Math.max(y0, to[1]) + reach));
  const lastColumn = Math.min(width - 1, Math.ceil(Math.max(x0, to[0]) + reach));
  for (let row = Math.max(0, Math.floor(Math.min(y0, to[1]) - reach)); row <= lastRow; row++) {
    for (let column = Math.max(0, Math.floor(Math.min(x0, to[0]) - reach)); column <= lastColumn; column++) {
      const [px, py] = [column + 0.5 - x0, row + 0.5 - y0];
      const along = squared > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / squared)) : 0;
      const distance = Math.hypot(px - along * dx, py - along * dy);
      const cover = Math.min(1, Math.max(0, half - distance + 0.5));
      const at = row * width + column;
      if (cover > ink[at]!) ink[at] = cover;
    }
  }
}
