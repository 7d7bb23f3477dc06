/**
 * A finished chart: drawn as SVG and PNG, and written to files.
 *
 * @module
 */

import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { writeFileWhole } from "doppel/image/mod.ts";
import { fontFiles } from "./theme.ts";

/** A chart. */
export interface Chart {
  /** Drawing that scales; text in it is text. */
  readonly svg: string;
  /** The same as pixels, on white, at twice the size, with its own font. */
  readonly png: Uint8Array;
  /** Vega-Lite specification with its data, where the chart has one. */
  readonly vegaLite?: Readonly<Record<string, unknown>>;
}

/**
 * Draws SVG as PNG, with a font that the project brings along.
 *
 * @param svg The drawing.
 * @param options How.
 * @param options.scale Pixels for each unit of the drawing.
 * @param options.background Colour behind it.
 * @returns A PNG file.
 * @throws {Problem} When the font's package is not installed.
 */
export function svgToPng(
  svg: string,
  { scale = 2, background = "white" }: { scale?: number; background?: string } = {},
): Uint8Array {
  return new Uint8Array(
    new Resvg(svg, { font: font(), background, fitTo: { mode: "zoom", value: scale } }).render().asPng(),
  );
}

/**
 * The box round everything that a drawing shows.
 *
 * @param svg The drawing.
 * @returns The box in the drawing's own units; `undefined` when it shows nothing.
 * @throws {Problem} When the font's package is not installed.
 */
export function drawnBox(svg: string): { x: number; y: number; width: number; height: number } | undefined {
  return new Resvg(svg, { font: font() }).getBBox();
}

/**
 * A drawing whose text is outlines: it looks the same where the font is not installed.
 *
 * @param svg The drawing.
 * @returns SVG without text.
 * @throws {Problem} When the font's package is not installed.
 */
export function outlined(svg: string): string {
  const drawn = new Resvg(svg, { font: font() }).toString();
  // A hundredth of a pixel is finer than any screen; the digits behind it are most of the file.
  const short = (path: string) =>
    path.replaceAll(/-?\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))));
  return drawn.replaceAll(/ d="[^"]*"/g, short).replaceAll(/\n\s+/g, "\n");
}

/** The project's font and no other, so that a chart is the same on every machine. */
function font() {
  return { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: "Inter", sansSerifFamily: "Inter" };
}

/**
 * Writes a chart as SVG and PNG, and as Vega-Lite JSON where it has that.
 *
 * @param dir Folder, usually `run.charts`.
 * @param name File name without extension.
 * @param chart The chart.
 * @returns The paths written.
 */
export async function writeChart(dir: string, name: string, { svg, png, vegaLite }: Chart): Promise<string[]> {
  const files: [string, string | Uint8Array][] = [[`${name}.svg`, svg], [`${name}.png`, png]];
  if (vegaLite) files.push([`${name}.vl.json`, JSON.stringify(vegaLite, null, 2) + "\n"]);
  for (const [file, content] of files) await writeFileWhole(join(dir, file), content);
  return files.map(([file]) => join(dir, file));
}
