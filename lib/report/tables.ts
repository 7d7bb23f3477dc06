/**
 * Result tables: one description of the columns, and CSV, Parquet, HTML and Markdown from it.
 *
 * @module
 */

import { join } from "node:path";
import type { Row } from "doppel/evaluation/mod.ts";
import { frameOf, writeParquet } from "doppel/experiment/mod.ts";
import { writeFileWhole } from "doppel/image/mod.ts";
import { escapeHtml } from "./html.ts";
import { decimalsFor, formatEstimate, formatNumber, formatSeconds } from "./numbers.ts";

/** One column. */
export interface Column {
  /** Key in the rows. */
  readonly key: string;
  /** Heading; the key when left out. */
  readonly title?: string;
  /** Unit, shown under the heading; `s` is written as minutes and hours. */
  readonly unit?: string;
  /** Key of the `[low, high]` interval that belongs to the estimate. */
  readonly interval?: string;
  /** Digits after the point; chosen for the whole column when left out. */
  readonly decimals?: number;
}

/** A table with its name. */
export interface NamedTable {
  /** File name without extension. */
  readonly name: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  /** The columns that a page has room for. Default all. */
  readonly inPage?: readonly Column[];
}

/** A table as text: headings, and cells that say whether they are numbers. */
interface Typeset {
  readonly heads: readonly { readonly title: string; readonly unit: string }[];
  readonly rows: readonly (readonly { readonly text: string; readonly number: boolean }[])[];
}

/**
 * Writes tables as CSV, Parquet and Markdown; one without rows is left out.
 *
 * @param dir Folder, usually `run.tables`.
 * @param tables The tables.
 */
export async function writeTables(dir: string, tables: readonly NamedTable[]): Promise<void> {
  for (const { name, rows, columns, inPage = columns } of tables) {
    if (rows.length === 0) continue;
    await writeTable(dir, name, rows, columns);
    await writeFileWhole(join(dir, `${name}.md`), markdownTable(rows, inPage));
  }
}

/**
 * Writes every single measurement as CSV and Parquet, a file for each kind of row, with all columns of its first row.
 *
 * @param dir Folder, usually `run.tables`.
 * @param rows All rows of a run, with their `kind`.
 * @param names Names of the files by kind; other kinds are left out, and so are kinds without rows.
 * @param options `without`: columns that are left out.
 */
export async function writeMeasurements(
  dir: string,
  rows: readonly Row[],
  names: Readonly<Record<string, string>>,
  { without = [] }: { readonly without?: readonly string[] } = {},
): Promise<void> {
  for (const [kind, name] of Object.entries(names)) {
    const own = rows.filter((row) => row["kind"] === kind);
    const columns = Object.keys(own[0] ?? {}).filter((key) => !without.includes(key)).map((key) => ({ key }));
    if (own.length > 0) await writeTable(dir, name, own, columns);
  }
}

/**
 * Writes a table as CSV and Parquet, with all digits; an interval becomes two columns, `<key>_low` and `<key>_high`.
 *
 * @param dir Folder, usually `run.tables`.
 * @param name File name without extension.
 * @param rows The rows.
 * @param columns The columns, in order.
 * @returns The two paths.
 */
export async function writeTable(
  dir: string,
  name: string,
  rows: readonly Row[],
  columns: readonly Column[],
): Promise<{ csv: string; parquet: string }> {
  const names = columns.flatMap(({ key, interval }) => interval ? [key, `${key}_low`, `${key}_high`] : [key]);
  const plain = rows.map((row) =>
    Object.fromEntries(columns.flatMap(({ key, interval }) => {
      const [low, high] = (interval && row[interval] as [number, number]) || [];
      return interval ? [[key, row[key]], [`${key}_low`, low], [`${key}_high`, high]] : [[key, row[key]]];
    }))
  );
  const frame = frameOf(plain, names);
  const [csv, parquet] = [join(dir, `${name}.csv`), join(dir, `${name}.parquet`)];
  await writeFileWhole(csv, new Uint8Array(frame.writeCSV()));
  await writeParquet(parquet, frame);
  return { csv, parquet };
}

/**
 * A table for a page.
 *
 * @param rows The rows.
 * @param columns The columns, in order.
 * @param caption Shown above it.
 * @returns A `<table>`; everything from the rows is escaped.
 */
export function htmlTable(rows: readonly Row[], columns: readonly Column[], caption?: string): string {
  const table = typeset(rows, columns);
  const heads = table.heads.map(({ title, unit }, i) => {
    const kind = table.rows.some((row) => row[i]!.number) ? ' class="number"' : "";
    return `<th scope="col"${kind}>${escapeHtml(title)}${
      unit ? `<span class="unit">${escapeHtml(unit)}</span>` : ""
    }</th>`;
  });
  const body = table.rows.map((row) =>
    `<tr>${
      row.map(({ text, number }) => `<td${number ? ' class="number"' : ""}>${escapeHtml(text)}</td>`).join("")
    }</tr>`
  );
  return [
    '<div class="scroll"><table>',
    ...(caption ? [`<caption>${escapeHtml(caption)}</caption>`] : []),
    `<thead><tr>${heads.join("")}</tr></thead>`,
    `<tbody>\n${body.join("\n")}\n</tbody>`,
    "</table></div>",
  ].join("\n");
}

/**
 * A table for a README, its columns padded as `deno fmt` pads them.
 *
 * @param rows The rows.
 * @param columns The columns, in order.
 * @returns Markdown, ending in a line break.
 */
export function markdownTable(rows: readonly Row[], columns: readonly Column[]): string {
  const table = typeset(rows, columns);
  const numeric = table.heads.map((_, i) => table.rows.some((row) => row[i]!.number));
  const clean = (text: string) => text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
  const lines = [
    table.heads.map(({ title, unit }) => clean(unit ? `${title} (${unit})` : title)),
    ...table.rows.map((row) => row.map(({ text }) => clean(text))),
  ];
  const widths = table.heads.map((_, i) => Math.max(3, ...lines.map((line) => [...line[i]!].length)));
  const fill = (text: string, i: number) => {
    const space = " ".repeat(widths[i]! - [...text].length);
    return numeric[i] ? space + text : text + space;
  };
  const rule = widths.map((width, i) => numeric[i] ? `${"-".repeat(width - 1)}:` : "-".repeat(width));
  const [head, ...body] = lines.map((line) => line.map(fill));
  return [head!, rule, ...body].map((line) => `| ${line.join(" | ")} |\n`).join("");
}

function typeset(rows: readonly Row[], columns: readonly Column[]): Typeset {
  const cells = columns.map((column) => {
    const pairs = rows.map((row) => ({
      estimate: row[column.key] as number | null | undefined,
      interval: column.interval ? row[column.interval] as [number, number] | null | undefined : undefined,
    }));
    const numeric = pairs.some(({ estimate }) => typeof estimate === "number") &&
      pairs.every(({ estimate }) => estimate === null || estimate === undefined || typeof estimate === "number");
    if (!numeric) {
      return pairs.map(({ estimate }) => ({ text: textOf(estimate), number: false }));
    }
    const decimals = column.decimals ?? decimalsFor(pairs);
    return pairs.map(({ estimate, interval }) => ({
      text: column.unit === "s" && typeof estimate === "number"
        ? formatSeconds(estimate)
        : interval
        ? formatEstimate(estimate, interval, decimals)
        : formatNumber(estimate, decimals),
      number: true,
    }));
  });
  return {
    heads: columns.map(({ key, title = key, unit = "" }) => ({ title, unit: unit === "s" ? "" : unit })),
    rows: rows.map((_, i) => cells.map((column) => column[i]!)),
  };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}
