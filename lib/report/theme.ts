/**
 * How charts look: colours that the colour-blind tell apart, sizes that stay readable in a page column, one font.
 *
 * @module
 */

import { createRequire } from "node:module";
import { cannot } from "doppel/problem.ts";

/** Okabe and Ito's colours (Color Universal Design, 2008), without the yellow that is too pale on white. */
export const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"] as const;

/** Colours with one meaning. */
export const colours = {
  text: "#1b1f24",
  muted: "#5f6872",
  grid: "#e3e7eb",
  supported: "#0072B2",
  contradicted: "#D55E00",
  inconclusive: "#6e7781",
} as const;

/** The font of charts and, where a reader has it, of reports. */
export const fontFamily = "Inter, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** Size of text in charts, in pixels. */
export const fontSize = { axis: 12, title: 13, heading: 15 } as const;

/** Width of printable ASCII characters of Inter Regular, from the space on, in hundredths of the font size. */
// deno-fmt-ignore
const WIDTHS = [
  28, 29, 47, 63, 64, 98, 64, 30, 36, 36, 50, 66, 29, 46, 29, 36, 63, 41, 61, 62, 65, 59, 62, 57, 62, 62, 29, 30, 66, 66,
  66, 51, 97, 69, 65, 73, 72, 60, 59, 75, 74, 27, 57, 67, 57, 90, 75, 76, 64, 76, 64, 64, 65, 74, 69, 99, 68, 68, 63, 36,
  36, 36, 47, 46, 32, 56, 61, 57, 61, 58, 37, 61, 59, 24, 24, 55, 24, 88, 59, 60, 61, 61, 38, 53, 33, 59, 56, 82, 55, 56,
  55, 43, 33, 43, 66,
];

/**
 * Width of a line of text, without a browser to measure it.
 *
 * @param text One line.
 * @param size Font size in pixels.
 * @returns Pixels; characters outside of ASCII count as wide as a digit.
 */
export function textWidth(text: string, size: number): number {
  let total = 0;
  for (const character of text) total += WIDTHS[character.charCodeAt(0) - 32] ?? 63;
  return total * size / 100;
}

/**
 * Files of the font, for drawing where none is installed.
 *
 * @returns Regular and bold, TrueType.
 * @throws {Problem} When the font's package is not installed.
 */
export function fontFiles(): string[] {
  const require = createRequire(import.meta.url);
  try {
    return ["400Regular/Inter_400Regular.ttf", "700Bold/Inter_700Bold.ttf"].map((file) =>
      require.resolve(`@expo-google-fonts/inter/${file}`)
    );
  } catch (error) {
    throw cannot(
      "draw text",
      "the npm package @expo-google-fonts/inter",
      "none",
      (error as Error).message.split("\n")[0],
    );
  }
}
