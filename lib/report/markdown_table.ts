import { escapeHtml } from "./html.ts";

/**
 * A table that `markdownTable` wrote, for a page: a run keeps its tables typeset as Markdown.
 *
 * @param text A heading line, a rule, one line a row.
 * @returns A `<table>`; numbers, which the rule marks with a colon at their right, stand at the right.
 */
export function htmlFromMarkdownTable(text: string): string {
  const [head = [], rule = [], ...rows] = text.split("\n").filter((line) => line.startsWith("|")).map(cellsOf);
  const kind = (i: number) => rule[i]?.endsWith(":") ? ' class="number"' : "";
  const heads = head.map((cell, i) => `<th scope="col"${kind(i)}>${escapeHtml(cell)}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map((cell, i) => `<td${kind(i)}>${escapeHtml(cell)}</td>`).join("")}</tr>`);
  return `<div class="scroll"><table>\n<thead><tr>${heads}</tr></thead>\n<tbody>\n${
    body.join("\n")
  }\n</tbody></table></div>`;
}

/** The cells of a line; a bar after a backslash is text. */
function cellsOf(line: string): string[] {
  return line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim().replaceAll("\\|", "|"));
}
