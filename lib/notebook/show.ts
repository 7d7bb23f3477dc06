/**
 * Shows results under a notebook's cell.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type MimeBundle, sendToKernel, writePlainly } from "./kernel.ts";

/** A chart in the forms that different viewers understand. */
export interface Chart {
  /** The picture as SVG. */
  readonly svg: string;
  /** The Vega-Lite specification, for viewers that draw it live. */
  readonly vegaLite?: object | undefined;
  /** The picture as PNG, for viewers that trust no SVG. */
  readonly png?: Uint8Array | undefined;
  /** What it shows, in words. */
  readonly text?: string | undefined;
}

/** An object that knows its own MIME bundle, as nodejs-polars' frames and series do. */
interface SelfShowing {
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle>;
}

/** What {@linkcode show} can show. */
export type Showable =
  | Chart
  | { readonly html: string; readonly text?: string }
  | { readonly markdown: string }
  | Uint8Array
  | SelfShowing
  | object
  | string
  | number
  | boolean
  | undefined
  | null;

const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display") as never;
/** How files of pictures that notebooks can show begin. */
const heads = { png: [0x89, 0x50, 0x4e, 0x47], jpeg: [0xff, 0xd8, 0xff] };

/**
 * Shows a value under the cell and waits until it is on its way; without the `await` it may end up under the next cell.
 * Outside a notebook the text form is printed.
 *
 * @example A table and a sentence
 * ```ts
 * import { show } from "doppel/notebook/mod.ts";
 *
 * await show({ markdown: "**26** persons" });
 * await show({ html: "<table><tr><td>AUC</td><td>0.97</td></tr></table>", text: "AUC 0.97" });
 * ```
 *
 * @param value A chart, the bytes of a PNG or JPEG file, `{html}`, `{markdown}`, a nodejs-polars frame, or anything else as text. HTML is put
 * in as it is: escape what comes from outside.
 * @returns Resolves when the value has been sent.
 */
export async function show(value: Showable): Promise<void> {
  const bundle = await bundleOf(value);
  if (!await sendToKernel(bundle)) writePlainly(`${bundle["text/plain"]}\n`);
}

/**
 * The MIME bundle that {@linkcode show} sends.
 *
 * @param value What is to be shown.
 * @returns Data by MIME type; there always is `text/plain`.
 */
export async function bundleOf(value: Showable): Promise<MimeBundle> {
  if (value instanceof Uint8Array) {
    const format = Object.entries(heads).find(([, head]) => head.every((byte, i) => value[i] === byte))?.[0];
    if (!format) return { "text/plain": Deno.inspect(value) };
    const text = `${format.toUpperCase()} picture, ${value.length} bytes`;
    return { [`image/${format}`]: Buffer.from(value).toString("base64"), "text/plain": text };
  }
  if (typeof value !== "object" || value === null) return { "text/plain": String(value) };
  if (jupyterDisplay in value) {
    const own = await (value as SelfShowing)[jupyterDisplay]();
    return { "text/plain": String(value), ...own };
  }
  if ("svg" in value && typeof value.svg === "string") return bundleOfChart(value as Chart);
  if ("html" in value && typeof value.html === "string") {
    const text = "text" in value ? String(value.text) : value.html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
    return { "text/html": value.html, "text/plain": text };
  }
  if ("markdown" in value && typeof value.markdown === "string") {
    return { "text/markdown": value.markdown, "text/plain": value.markdown };
  }
  return { "text/plain": Deno.inspect(value) };
}

/** A chart in all its forms: JupyterLab draws the first it knows, GitHub and nbconvert fall back to the pictures. */
function bundleOfChart({ svg, vegaLite, png, text = "chart" }: Chart): MimeBundle {
  return {
    ...(vegaLite ? { "application/vnd.vegalite.v5+json": vegaLite } : {}),
    "image/svg+xml": svg,
    ...(png ? { "image/png": Buffer.from(png).toString("base64") } : {}),
    "text/plain": text,
  };
}
