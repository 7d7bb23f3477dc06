/**
 * The report of a run: one file that needs no network and no script.
 *
 * @module
 */

import type { Row } from "doppel/evaluation/mod.ts";
import type { Environment, ResultClaim, RunComparison } from "doppel/experiment/mod.ts";
import { type Chart, outlined } from "./chart.ts";
import { escapeHtml } from "./html.ts";
import { htmlPage } from "./page.ts";
import {
  claimTable,
  configList,
  type Deviation,
  deviationTable,
  environmentList,
  figure,
  type PaperComparison,
  paperTable,
  paragraph,
  runTable,
  section,
} from "./sections.ts";
import { type Column, htmlTable } from "./tables.ts";

/** What a report is made of; what is left out does not appear. */
export interface ReportContent {
  /** Name of the experiment, in words. */
  readonly title: string;
  /** The question it answers, in a sentence or two. */
  readonly question: string;
  /** The run. */
  readonly run: {
    readonly name: string;
    readonly preset: string;
    readonly seeds: readonly number[];
    readonly created: string;
    readonly environment: Environment;
    readonly config?: unknown;
  };
  /** Decided claims. */
  readonly claims?: readonly ResultClaim[];
  /** Result tables. */
  readonly tables?: readonly {
    readonly title: string;
    readonly rows: readonly Row[];
    readonly columns: readonly Column[];
    /** The rule by which models were selected, what the figures are. */
    readonly note?: string;
  }[];
  /** Charts. */
  readonly charts?: readonly { readonly chart: Pick<Chart, "svg">; readonly alt: string; readonly caption?: string }[];
  /** Sample grids, as PNG or JPEG files. */
  readonly grids?: readonly { readonly image: Uint8Array; readonly alt: string; readonly caption?: string }[];
  /** Protocol, paragraph by paragraph: splits, selection, codec, judge. */
  readonly notes?: readonly string[];
  /** Departures from the paper. */
  readonly deviations?: readonly Deviation[];
  /** The paper's figures beside these. */
  readonly comparisons?: readonly PaperComparison[];
  /** Other runs. */
  readonly otherRuns?: RunComparison;
}

/** What stands at the end of every report. */
export const ETHICS =
  "Every face swap shown here is synthetic. The persons on the photographs were not asked for it: they are used for " +
  "research only. Make swaps of nobody without consent, keep the label and the provenance on every picture, and read " +
  "ETHICS.md before use.";

/**
 * Puts a report together.
 *
 * @example A report of a table
 * ```ts ignore
 * const html = htmlReport({ title, question, run, claims, tables: [{ title: "Swaps", rows, columns }] });
 * await Deno.writeTextFile(run.report, html);
 * ```
 *
 * @param content What is in it.
 * @returns A complete HTML document; all pictures are in it as `data:` URIs.
 */
export function htmlReport(content: ReportContent): string {
  const { title, question, run, claims = [], tables = [], charts = [], grids = [], comparisons = [] } = content;
  const { notes = [], deviations = [], otherRuns } = content;
  const seeds = `${run.seeds.length === 1 ? "seed" : "seeds"} ${run.seeds.join(", ")}`;
  const body = [
    isSmoke(run.preset)
      ? paragraph("Smoke run: not a result. It shows that everything works, and nothing else.", "stamp")
      : "",
    `<header><h1>${escapeHtml(title)}</h1>`,
    paragraph(question, "question"),
    paragraph(
      `Run \`${run.name}\`, preset ${run.preset}, ${seeds}, ${run.created.slice(0, 16).replace("T", " ")} UTC`,
      "muted",
    ),
    "</header>",
    section("Verdicts", claims.length ? paragraph(VERDICT_RULE, "muted") : "", claimTable(claims)),
    section(
      "Results",
      ...tables.map(({ title, rows, columns, note }) =>
        `<h3>${escapeHtml(title)}</h3>\n${htmlTable(rows, columns)}${note ? paragraph(note, "muted") : ""}`
      ),
    ),
    section("Beside the paper", paperTable(comparisons)),
    section(
      "Charts",
      ...charts.map(({ chart, ...rest }) => figure({ image: outlined(chart.svg), type: "image/svg+xml", ...rest })),
    ),
    section("Samples", ...grids.map((grid) => figure({ ...grid, type: imageType(grid.image), name: "grid" }))),
    section("Protocol and deviations", ...notes.map((note) => paragraph(note)), deviationTable(deviations)),
    otherRuns ? section("Other runs", runTable(otherRuns)) : "",
    section("Environment", environmentList(run.environment), run.config === undefined ? "" : configList(run.config)),
    `<footer>${escapeHtml(ETHICS)}</footer>`,
  ];
  return htmlPage(`${title}${isSmoke(run.preset) ? " (smoke: not a result)" : ""}`, body);
}

/** What stands beside every table of verdicts. */
export const VERDICT_RULE =
  "Rules written down before the numbers: supported when the whole interval lies above the margin, contradicted when it " +
  "lies wholly below zero, otherwise inconclusive; at least three seeds. Intervals by a hierarchical bootstrap.";

function isSmoke(preset: string): boolean {
  return preset === "smoke";
}

function imageType(image: Uint8Array): string {
  return image[0] === 0xff && image[1] === 0xd8 ? "image/jpeg" : "image/png";
}
