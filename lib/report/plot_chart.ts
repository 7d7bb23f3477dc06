/**
 * Charts from Observable Plot.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Chart, svgToPng } from "./chart.ts";
import { dataUri, escapeHtml } from "./html.ts";
import { colours, fontFamily, fontSize, palette, textWidth } from "./theme.ts";

/** A piece of the figure: its drawing, and how high it is. */
interface Piece {
  readonly svg: string;
  readonly height: number;
}

/**
 * Draws a plot without a browser. A plot with a legend, title or caption, which Plot makes into HTML, becomes one SVG.
 *
 * @example A line of dots
 * ```ts
 * import * as Plot from "@observablehq/plot";
 * import { plotChart } from "doppel/report/mod.ts";
 *
 * const { svg } = plotChart({ marks: [Plot.dot([[1, 2], [2, 4]])] });
 * ```
 *
 * @param options Plot's own options: marks, scales, title, and so on. Text is measured by approximation there, so give
 * margins where labels are long.
 * @returns The chart, without a Vega-Lite specification.
 */
export function plotChart(options: Plot.PlotOptions): Chart {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const create = document.createElement.bind(document);
  document.createElement =
    ((name: string) => name === "canvas" ? stripCanvas(create(name)) : create(name)) as typeof create;
  const width = options.width ?? 640;
  const drawn = Plot.plot({
    document,
    width,
    ...options,
    color: {
      range: options.color?.type || options.color?.scheme ? undefined : [...palette],
      ...options.color,
    } as Plot.ScaleOptions,
    style: { fontFamily, fontSize: `${fontSize.axis}px`, color: colours.text, ...options.style as object },
  }) as unknown as Element;
  const pieces = drawn.tagName.toLowerCase() === "svg"
    ? [nested(drawn)]
    : [...drawn.children].map((child) => pieceOf(child, width));
  let top = 0;
  const body = pieces.map(({ svg, height }) => {
    const placed = `<g transform="translate(0,${top})">${svg}</g>`;
    top += height;
    return placed;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" ` +
    `height="${top}" viewBox="0 0 ${width} ${top}" font-family="${
      escapeHtml(fontFamily)
    }" font-size="${fontSize.axis}" ` +
    `fill="${colours.text}" color="${colours.text}"><rect width="${width}" height="${top}" fill="white"/>${
      body.join("")
    }</svg>`;
  return { svg, png: svgToPng(svg) };
}

/** The canvas on which Plot paints a colour ramp, one pixel high: keeps the colours and gives them out as a picture. */
function stripCanvas(element: Element): Element {
  const canvas = element as unknown as { width: number };
  const painted: string[] = [];
  const context = {
    fillStyle: "",
    fillRect(x: number) {
      painted[x] = `<rect x="${x}" width="1.5" height="1" fill="${context.fillStyle}"/>`;
    },
  };
  return Object.assign(element, {
    getContext: () => context,
    toDataURL: () => {
      const box = `viewBox="0 0 ${canvas.width} 1" width="${canvas.width}" height="1" preserveAspectRatio="none"`;
      return dataUri(`<svg xmlns="http://www.w3.org/2000/svg" ${box}>${painted.join("")}</svg>`, "image/svg+xml");
    },
  });
}

function pieceOf(element: Element, width: number): Piece {
  switch (element.tagName.toLowerCase()) {
    case "svg": {
      const { svg, height } = nested(element);
      // Of several drawings the narrower ones are legends, whose labels need room at the left.
      return Number(element.getAttribute("width")) < width
        ? { svg: `<g transform="translate(16,0)">${svg}</g>`, height }
        : { svg, height };
    }
    case "h2":
      return line(element.textContent ?? "", fontSize.heading, "bold", colours.text);
    case "h3":
    case "figcaption":
      return line(element.textContent ?? "", fontSize.axis, "normal", colours.muted);
    case "div":
      return swatches(element, width);
    default:
      return { svg: "", height: 0 };
  }
}

/** An SVG inside of another: size kept, style sheet left out (what it says is inherited from outside). */
function nested(svg: Element): Piece {
  svg.querySelector("style")?.remove();
  // Plot's style sheet says the same: labels at the ends of an axis reach over the edge.
  svg.setAttribute("overflow", "visible");
  return { svg: svg.outerHTML, height: Number(svg.getAttribute("height")) };
}

function line(text: string, size: number, weight: string, fill: string): Piece {
  const height = Math.round(size * 1.7);
  const style = `font-size="${size}" font-weight="${weight}" fill="${fill}"`;
  return { svg: `<text x="8" y="${height - size * 0.5}" ${style}>${escapeHtml(text)}</text>`, height };
}

/** Plot's legend of swatches, which is HTML, as SVG; it breaks where the line is full. */
function swatches(legend: Element, width: number): Piece {
  const [row, size] = [22, 12];
  let [x, y] = [8, 0];
  const parts = [...legend.querySelectorAll(".plot-swatch, [class$=-swatch]")].map((swatch) => {
    const text = (swatch.textContent ?? "").trim();
    const needed = size + 6 + textWidth(text, fontSize.axis) + 18;
    if (x > 8 && x + needed > width) [x, y] = [8, y + row];
    const colour = swatch.querySelector("svg")?.getAttribute("fill") ?? colours.text;
    const part = `<rect x="${x}" y="${y + 5}" width="${size}" height="${size}" rx="2" fill="${escapeHtml(colour)}"/>` +
      `<text x="${x + size + 6}" y="${y + 5 + size - 2}">${escapeHtml(text)}</text>`;
    x += needed;
    return part;
  });
  return { svg: parts.join(""), height: parts.length ? y + row + 4 : 0 };
}
