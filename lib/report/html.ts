/**
 * Small pieces of HTML.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/**
 * Text that is safe inside an element and inside a quoted attribute.
 *
 * @param text Any text.
 * @returns The text with the five special characters escaped.
 */
export function escapeHtml(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replaceAll(/[&<>"']/g, (character) => names[character]!);
}

/**
 * A file as an address that needs no network.
 *
 * @param content Bytes, or text.
 * @param type MIME type.
 * @returns A `data:` URI.
 */
export function dataUri(content: Uint8Array | string, type: string): string {
  return `data:${type};base64,${Buffer.from(content).toString("base64")}`;
}
