/**
 * One page over several runs: what each experiment asked, how its claims were decided, its main chart and table, and the way to
 * its own report.
 *
 * @module
 */

import { dirname, join, relative } from "node:path";
import type { Environment, ResultClaim, Run } from "doppel/experiment/mod.ts";
import { outlined } from "./chart.ts";
import { escapeHtml } from "./html.ts";
import { ETHICS, VERDICT_RULE } from "./html_report.ts";
import { htmlFromMarkdownTable } from "./markdown_table.ts";
import { htmlPage } from "./page.ts";
import { claimTable, environmentList, figure, paragraph, section } from "./sections.ts";

/** A run on the page. */
export interface OverviewRun {
  readonly run: Pick<Run, "name" | "preset" | "created" | "report" | "charts" | "tables">;
  /** Name of the experiment, in words. */
  readonly title: string;
  /** The question that it answers. */
  readonly question: string;
  readonly seeds: readonly number[];
  readonly claims: readonly ResultClaim[];
  readonly environment: Environment;
  /** Names of the chart and the table, without ending, that say most; by default the first of each that there is. */
  readonly main?: { readonly chart?: string; readonly table?: string };
}

/**
 * Makes the page.
 *
 * @example A page over two finished runs
 * ```ts ignore
 * await writeFileWhole("runs/all.html", await overviewPage([first, second], "runs/all.html"));
 * ```
 *
 * @param runs The runs, in the order in which they stand on the page.
 * @param path Where the page will be: links to the runs' own reports are relative to it.
 * @returns A complete HTML document; charts are in it, reports are linked.
 */
export async function overviewPage(runs: readonly OverviewRun[], path: string): Promise<string> {
  const smoke = runs.some(({ run }) => run.preset === "smoke");
  const anchored = runs.map((run, i) => ({ ...run, id: `run-${i + 1}` }));
  const body = [
    smoke ? paragraph("Smoke runs are not results: they show that everything works, and nothing else.", "stamp") : "",
    "<header><h1>Doppel: all experiments</h1>",
    summaryTable(anchored),
    paragraph(VERDICT_RULE, "muted"),
    "</header>",
    ...await Promise.all(anchored.map((run) => runSection(run, path))),
    runs[0] ? section("Environment of the first run", environmentList(runs[0].environment)) : "",
    `<footer>${escapeHtml(ETHICS)}</footer>`,
  ];
  return htmlPage("Doppel: all experiments", body);
}

type Anchored = OverviewRun & { readonly id: string };

function summaryTable(runs: readonly Anchored[]): string {
  const verdicts = ["supported", "contradicted", "inconclusive"] as const;
  const count = ({ claims }: OverviewRun, verdict: string) =>
    claims.filter((claim) => claim.verdict === verdict).length;
  const heads = verdicts.map((verdict) => `<th scope="col" class="number">${verdict}</th>`).join("");
  const rows = runs.map((run) => {
    const cells = verdicts.map((verdict) => `<td class="number">${count(run, verdict)}</td>`).join("");
    const name = `<a href="#${run.id}">${escapeHtml(run.title)}</a><span class="reason">preset ${
      escapeHtml(run.run.preset)
    }</span>`;
    return `<tr><td>${name}</td><td>${escapeHtml(run.question)}</td>${cells}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th scope="col">Experiment</th><th scope="col">Question</th>${heads}</tr>` +
    `</thead><tbody>\n${rows.join("\n")}\n</tbody></table></div>`;
}

async function runSection({ id, run, title, question, seeds, claims, main }: Anchored, path: string): Promise<string> {
  const chart = await mainFile(run.charts, ".svg", main?.chart);
  const table = await mainFile(run.tables, ".md", main?.table);
  const link = relative(dirname(path), run.report).split("/").map(encodeURIComponent).join("/");
  const words = `Run \`${run.name}\`, preset ${run.preset}, ${seeds.length === 1 ? "seed" : "seeds"} ${
    seeds.join(", ")
  }, ${run.created.slice(0, 16).replace("T", " ")} UTC`;
  return `<div id="${id}">${
    section(
      title,
      paragraph(question, "question"),
      paragraph(words, "muted"),
      `<p><a href="${escapeHtml(link)}">Its own report, with all charts, tables and samples</a></p>`,
      claimTable(claims),
      chart
        ? figure({
          image: outlined(await Deno.readTextFile(join(run.charts, `${chart}.svg`))),
          type: "image/svg+xml",
          alt: `Chart of ${title}: ${chart}`,
          caption: `Chart \`${chart}\``,
        })
        : "",
      table
        ? `<details open><summary>Table ${escapeHtml(table)}</summary>${
          htmlFromMarkdownTable(await Deno.readTextFile(join(run.tables, `${table}.md`)))
        }</details>`
        : "",
    )
  }</div>`;
}

/** The wanted file, or the first of its kind; a run of an earlier version may have others. */
async function mainFile(folder: string, ending: string, wanted: string | undefined): Promise<string | undefined> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const names = entries.flatMap(({ name }) => name.endsWith(ending) ? [name.slice(0, -ending.length)] : []).sort();
  return wanted !== undefined && names.includes(wanted) ? wanted : names[0];
}
