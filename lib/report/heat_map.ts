/**
 * Heat maps with the numbers in their cells, several beside each other.
 *
 * @module
 */

import { wrapWords } from "doppel/image/mod.ts";
import { cannot } from "doppel/problem.ts";
import type { Chart } from "./chart.ts";
import { colours, fontSize, palette, textWidth } from "./theme.ts";
import { vegaLiteChart } from "./vega_chart.ts";

/** One cell. */
export interface HeatCell {
  /** Which map it belongs to. */
  readonly panel: string;
  readonly row: string;
  readonly column: string;
  readonly value: number;
  /** Framed, such as the diagonal. */
  readonly marked?: boolean;
}

/** What stands round the maps, and how values become colours. */
export interface HeatMapOptions {
  readonly title?: string;
  readonly subtitle?: string;
  /** What the rows and the columns are. */
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** Name of the figure. */
  readonly valueTitle: string;
  /** Value of the one colour, of white, and of the other colour; what lies beyond has the colour of the end. */
  readonly domain: readonly [low: number, middle: number, high: number];
  /** Digits after the point. Default 2. */
  readonly decimals?: number;
  /** Maps in a row. Default 3. */
  readonly across?: number;
}

/** Size of a cell in pixels: room for "0.00". */
const CELL = { width: 32, height: 22 } as const;
/** Width of the legend. */
const LEGEND = 80;
/** Size of the names of rows and columns. */
const LABEL = 11;
/** Share of the scale on either side from which a cell is too dark for dark text. */
const DARK = 0.75;

/**
 * Draws heat maps: a map a panel, a number in every cell.
 *
 * @example How a detector trained on one forgery does on another
 * ```ts
 * import { heatMap } from "doppel/report/mod.ts";
 *
 * const { svg } = await heatMap([
 *   { panel: "classifier", row: "DF", column: "DF", value: 0.98, marked: true },
 *   { panel: "classifier", row: "DF", column: "AEI", value: 0.61 },
 * ], { rowTitle: "trained on", columnTitle: "tested on", valueTitle: "AUC", domain: [0, 0.5, 1] });
 * ```
 *
 * @param cells The cells; panels, rows and columns stand in the order in which they first appear.
 * @param options See {@linkcode HeatMapOptions}.
 * @returns The chart.
 * @throws {Problem} When there is no cell.
 */
export function heatMap(
  cells: readonly HeatCell[],
  { title, subtitle, rowTitle, columnTitle, valueTitle, domain, decimals = 2, across = 3 }: HeatMapOptions,
): Promise<Chart> {
  if (cells.length === 0) throw cannot("draw heat maps", "at least one cell", "none");
  const [low, middle, high] = domain;
  const isDark = (value: number) =>
    value > middle ? value - middle > DARK * (high - middle) : middle - value > DARK * (middle - low);
  const colour = {
    field: "value",
    type: "quantitative",
    title: valueTitle,
    scale: { domain, range: [palette[1], "#f7f7f7", palette[0]], clamp: true },
    legend: { orient: "right", gradientLength: 160, format: `.${decimals}f`, values: domain },
  };
  const panels = [...Map.groupBy(cells, ({ panel }) => panel)].map(([panel, own]) => {
    const names = (key: "row" | "column") => [...new Set(own.map((cell) => cell[key]))];
    const axis = (key: "row" | "column", look: Record<string, unknown> = {}) => ({
      field: key,
      type: "nominal",
      sort: names(key),
      title: null,
      axis: { ticks: false, domain: false, labelFontSize: LABEL, ...look },
    });
    return {
      title: { text: panel, fontSize: fontSize.title, offset: 8 },
      data: {
        values: own.map((cell) => ({
          ...cell,
          text: cell.value.toFixed(decimals),
          dark: isDark(cell.value),
        })),
      },
      width: { step: CELL.width },
      height: { step: CELL.height },
      encoding: { x: axis("column", { labelAngle: -45 }), y: axis("row") },
      layer: [
        { mark: { type: "rect", stroke: "white", strokeWidth: 1 }, encoding: { color: colour } },
        {
          data: { values: own.filter(({ marked }) => marked) },
          mark: { type: "rect", filled: false, stroke: colours.text, strokeWidth: 1.5 },
        },
        {
          mark: { type: "text", fontSize: 10 },
          encoding: {
            text: { field: "text" },
            // By a condition and not by a field: a field would be taken for one of the scale of the cells' colours.
            color: { condition: { test: "datum.dark", value: "#ffffff" }, value: colours.text },
          },
        },
      ],
    };
  });
  const longest = (key: "row" | "column") => Math.max(...cells.map((cell) => textWidth(cell[key], LABEL)));
  const where = `Rows: ${rowTitle}. Columns: ${columnTitle}.`;
  const columns = new Set(cells.map(({ column }) => column)).size;
  const width = Math.min(across, panels.length) * (columns * CELL.width + longest("row") + 36) + LEGEND;
  return vegaLiteChart({
    title: {
      text: title ?? "",
      subtitle: [...subtitle ? wrapWords(subtitle, (line) => textWidth(line, fontSize.axis) <= width) : [], where],
      offset: 24,
    },
    concat: panels,
    columns: across,
    // Vega takes names for wider than they are: the room between maps is reckoned here.
    bounds: "flush",
    spacing: { column: Math.ceil(longest("row")) + 36, row: Math.ceil(0.71 * longest("column")) + 56 },
  });
}
