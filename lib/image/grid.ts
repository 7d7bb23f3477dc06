import { cannot } from "doppel/problem.ts";
import { createPicture, type Picture } from "./picture.ts";
import { drawText, textSize } from "./text.ts";
import { wrapWords } from "./wrap_words.ts";

/** Labels and looks of a grid. */
export interface GridOptions {
  /** One label a row, to its left. */
  readonly rowLabels?: readonly string[];
  /** One label a column, above it; broken at spaces where it is wider than the column. */
  readonly columnLabels?: readonly string[];
  /** Pixels between cells. Default 4. */
  readonly gap?: number;
  /** Height of a capital in pixels. Default 9. */
  readonly textSize?: number;
  /** Grey value of the ground. Default 1, white. */
  readonly background?: number;
}

/**
 * Puts pictures side by side, with labels: the sample sheet of a run.
 *
 * @example Two rows of two
 * ```ts
 * import { createPicture, pictureGrid } from "doppel/image/mod.ts";
 *
 * const grey = createPicture(64, 64, 3, 0.5);
 * const sheet = pictureGrid([[grey, grey], [grey, grey]], { columnLabels: ["source", "swap"], rowLabels: ["DF", "LIAE"] });
 * ```
 *
 * @param rows Rows of pictures, 1 or 3 channels, of any size; rows may be of different length. A column is as wide as
 * its widest picture, a row as high as its highest; smaller pictures stand in the middle.
 * @param options Labels and looks.
 * @returns The sheet, 3 channels.
 * @throws {Problem} When there is no picture or the number of labels differs from that of rows or columns.
 */
export function pictureGrid(rows: readonly (readonly Picture[])[], options: GridOptions = {}): Picture {
  const { rowLabels, columnLabels, gap = 4, textSize: size = 9, background = 1 } = options;
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns === 0) throw cannot("make picture grid", "at least one picture", "none");
  requireCount("rowLabels", rowLabels, rows.length);
  requireCount("columnLabels", columnLabels, columns);

  const pictureWidths = Array.from(
    { length: columns },
    (_, c) => Math.max(0, ...rows.map((row) => row[c]?.width ?? 0)),
  );
  const headings = (columnLabels ?? []).map((label, c) =>
    wrapWords(label, (line) => textSize(line, size).width <= pictureWidths[c]!)
  );
  const widths = pictureWidths.map((width, c) =>
    Math.max(width, ...(headings[c] ?? []).map((l) => textSize(l, size).width))
  );
  const heights = rows.map((row) => Math.max(size, ...row.map((picture) => picture.height)));
  const lineHeight = textSize("", size).height + 2;
  const leftMargin = rowLabels ? Math.max(...rowLabels.map((label) => textSize(label, size).width)) + gap : 0;
  const topMargin = Math.max(0, ...headings.map((lines) => lines.length)) * lineHeight;

  const width = leftMargin + sum(widths) + gap * (columns + 1);
  const height = topMargin + sum(heights) + gap * (rows.length + 1);
  let sheet = createPicture(width, height, 3, background);
  const colour = Array(3).fill(background > 0.5 ? 0 : 1);
  rows.forEach((row, r) => {
    const top = topMargin + gap * (r + 1) + sum(heights.slice(0, r));
    row.forEach((picture, c) => {
      const left = leftMargin + gap * (c + 1) + sum(widths.slice(0, c));
      paste(sheet, picture, left + ((widths[c]! - picture.width) >> 1), top + ((heights[r]! - picture.height) >> 1));
    });
  });
  headings.forEach((lines, c) => {
    const left = leftMargin + gap * (c + 1) + sum(widths.slice(0, c));
    lines.forEach((line, i) => {
      const x = left + (widths[c]! - textSize(line, size).width) / 2;
      const y = topMargin - (lines.length - i) * lineHeight + gap / 2;
      sheet = drawText(sheet, line, { x, y: Math.max(1, y), size, colour });
    });
  });
  rowLabels?.forEach((label, r) => {
    const top = topMargin + gap * (r + 1) + sum(heights.slice(0, r)) + (heights[r]! - size) / 2;
    sheet = drawText(sheet, label, { x: leftMargin - textSize(label, size).width, y: top, size, colour });
  });
  return sheet;
}

function requireCount(name: string, labels: readonly string[] | undefined, count: number): void {
  if (labels && labels.length !== count) throw cannot("make picture grid", `${count} ${name}`, String(labels.length));
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Copies a picture into a sheet that is this function's caller's own. */
function paste(sheet: Picture, picture: Picture, left: number, top: number): void {
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      for (let c = 0; c < 3; c++) {
        const from = (y * picture.width + x) * picture.channels + (picture.channels === 3 ? c : 0);
        sheet.data[((top + y) * sheet.width + left + x) * 3 + c] = picture.data[from]!;
      }
    }
  }
}
