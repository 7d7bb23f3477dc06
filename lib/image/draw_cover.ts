import { Resvg } from "@resvg/resvg-js";
import { createPicture, type Picture } from "./picture.ts";

/**
 * Draws SVG shapes and tells how much of each pixel they cover, anti-aliased (resvg). Units are pixels, continuous as
 * everywhere: the centre of the first pixel lies at (0.5, 0.5).
 *
 * @example A thick line with round ends
 * ```ts
 * import { drawCover } from "doppel/image/mod.ts";
 *
 * const line = '<path d="M8 8L56 40" stroke="#fff" stroke-width="6" stroke-linecap="round"/>';
 * const cover = drawCover(line, 64, 64);
 * ```
 *
 * @param shapes SVG elements without the `<svg>` around them; what they cover counts by their opacity, not their colour.
 * @param width Columns.
 * @param height Rows.
 * @returns `[height, width, 1]` in [0, 1].
 */
export function drawCover(shapes: string, width: number, height: number): Picture {
  const out = createPicture(width, height, 1);
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${shapes}</svg>`;
  const { pixels } = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
  for (let i = 0; i < out.data.length; i++) out.data[i] = pixels[4 * i + 3]! / 255;
  return out;
}

/**
 * Fills polygons; where they overlap, their union. They need not be convex, nor in any turning sense.
 *
 * @param polygons Corners as `x, y` pairs, flat, at least three each, in order round the polygon, in pixels; parts beyond
 * the picture are cut off.
 * @param width Columns.
 * @param height Rows.
 * @returns `[height, width, 1]`: 1 inside, 0 outside, in between on the border.
 */
export function fillPolygons(polygons: readonly Float32Array[], width: number, height: number): Picture {
  if (polygons.length === 0) return createPicture(width, height, 1);
  // One path of polygons that all turn alike: non-zero winding is then their union, without seams where they touch.
  const path = polygons.map((polygon) => {
    const pairs = Array.from({ length: polygon.length / 2 }, (_, i) => `${polygon[2 * i]} ${polygon[2 * i + 1]}`);
    return `M${(signedArea(polygon) < 0 ? pairs.reverse() : pairs).join("L")}Z`;
  });
  return drawCover(`<path d="${path.join("")}" fill-rule="nonzero"/>`, width, height);
}

function signedArea(polygon: Float32Array): number {
  let area = 0;
  for (let i = 0; i < polygon.length; i += 2) {
    const next = (i + 2) % polygon.length;
    area += polygon[i]! * polygon[next + 1]! - polygon[next]! * polygon[i + 1]!;
  }
  return area / 2;
}
