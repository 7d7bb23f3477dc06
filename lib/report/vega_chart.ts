/**
 * Charts from Vega-Lite specifications.
 *
 * @module
 */

import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Row } from "doppel/evaluation/mod.ts";
import { type Chart, drawnBox, svgToPng } from "./chart.ts";
import { colours, fontFamily, fontSize, palette } from "./theme.ts";

/** A Vega-Lite specification; `data` may be left out. */
export type VegaLiteSpec = Readonly<Record<string, unknown>>;

/** Space round a chart, in pixels. */
const PADDING = 8;

const axis = {
  labelFontSize: fontSize.axis,
  titleFontSize: fontSize.title,
  labelColor: colours.text,
  titleColor: colours.text,
  titleFontWeight: "normal",
  titlePadding: 10,
  labelPadding: 6,
  labelLimit: 0,
  titleLimit: 0,
  gridColor: colours.grid,
  domainColor: colours.muted,
  tickColor: colours.muted,
};

const CONFIG = {
  font: fontFamily,
  background: "white",
  padding: PADDING,
  view: { stroke: null },
  range: { category: [...palette] },
  axis,
  legend: {
    labelFontSize: fontSize.axis,
    titleFontSize: fontSize.axis,
    labelColor: colours.text,
    titleColor: colours.muted,
    titleFontWeight: "normal",
    labelLimit: 0,
    symbolSize: 120,
    symbolOpacity: 1,
    symbolType: "square",
    symbolStrokeWidth: 2,
  },
  title: {
    anchor: "start",
    frame: "group",
    fontSize: fontSize.heading,
    fontWeight: "bold",
    color: colours.text,
    subtitleFontSize: fontSize.axis,
    subtitleColor: colours.muted,
    subtitlePadding: 4,
    offset: 14,
  },
  header: { labelFontSize: fontSize.title, titleFontSize: fontSize.title, labelColor: colours.text },
};

/**
 * Draws a Vega-Lite specification without a browser.
 *
 * @example Points
 * ```ts
 * import { vegaLiteChart } from "doppel/report/mod.ts";
 *
 * const spec = { mark: "point", encoding: { x: { field: "step", type: "quantitative" } } };
 * const { svg } = await vegaLiteChart(spec, [{ step: 1 }, { step: 2 }]);
 * ```
 *
 * @param spec The specification; what it says of colours, sizes and font wins over the project's.
 * @param data Rows that become its data, instead of any that it has.
 * @returns The chart, its specification complete with data and configuration.
 * @throws {Error} When the specification is not valid.
 */
export async function vegaLiteChart(spec: VegaLiteSpec, data?: readonly Row[]): Promise<Chart> {
  const vegaLite = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...spec,
    ...(data ? { data: { values: data } } : {}),
    config: { ...CONFIG, ...(spec.config as Record<string, unknown> | undefined) },
  };
  const errors: string[] = [];
  const logger = collecting(errors);
  const compiled = compile(vegaLite as unknown as TopLevelSpec, { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logger });
  const svg = trimmed(renumbered(await view.toSVG()));
  view.finalize();
  if (errors.length) throw new Error(`Cannot draw chart: ${errors.join("; ")}`);
  return { svg, png: svgToPng(svg), vegaLite };
}

/** Vega reports errors to its logger and draws on; here they are kept, and what is no error is not printed. */
function collecting(errors: string[]) {
  const logger = {
    level: () => logger,
    error(...messages: readonly unknown[]) {
      errors.push(messages.join(" "));
      return logger;
    },
    warn: () => logger,
    info: () => logger,
    debug: () => logger,
  } as unknown as vega.LoggerInterface;
  return logger;
}

/** Vega counts clip paths through the whole process; counted anew, the same chart is the same file. */
function renumbered(svg: string): string {
  const ids: string[] = [];
  return svg.replaceAll(/(id="|url\(#)((?:clip|gradient_|pattern_)\d+)/g, (_, before: string, id: string) => {
    if (!ids.includes(id)) ids.push(id);
    return `${before}${id.replace(/\d+/, "")}${ids.indexOf(id) + 1}`;
  });
}

/**
 * Without a canvas Vega takes every character to be 0.8 of the font size wide, and leaves as much room beside the labels:
 * cut off what nothing is drawn on. A reader's own font may be a little wider than the project's: measured with larger text.
 */
function trimmed(svg: string): string {
  const drawing = svg.replace(/<rect width="[\d.]+" height="[\d.]+" fill="white"\/>/, "");
  const box = drawnBox(drawing.replaceAll(/font-size="([\d.]+)px"/g, (_, size) => `font-size="${1.15 * size}px"`));
  if (!box) return svg;
  const [x, y] = [Math.floor(box.x) - PADDING, Math.floor(box.y) - PADDING];
  const [width, height] = [Math.ceil(box.width) + 2 * PADDING + 1, Math.ceil(box.height) + 2 * PADDING + 1];
  return drawing.replace(
    /<svg([^>]*?) width="[\d.]+" height="[\d.]+" viewBox="[^"]*">/,
    `<svg$1 width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}">` +
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="white"/>`,
  );
}
