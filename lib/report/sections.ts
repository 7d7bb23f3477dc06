/**
 * The parts of a report, each a piece of HTML.
 *
 * @module
 */

import type { Row } from "doppel/evaluation/mod.ts";
import { type Environment, flatten, type ResultClaim, type RunComparison } from "doppel/experiment/mod.ts";
import { dataUri, escapeHtml } from "./html.ts";
import { formatEstimate, formatNumber, formatSeconds } from "./numbers.ts";
import { type Column, htmlTable } from "./tables.ts";

/** A figure of the paper beside this run's. */
export interface PaperComparison {
  /** What is compared. */
  readonly what: string;
  /** The paper's figure. */
  readonly paper: number;
  /** Where in the paper. */
  readonly source: string;
  /** This run's figure. */
  readonly ours: number;
  /** Unit of both figures. */
  readonly unit?: string;
  /** Whether both were measured alike, and what differs when not. */
  readonly sameProtocol: boolean;
  /** What differs between the protocols. */
  readonly why?: string;
}

/** A departure from the paper. */
export interface Deviation {
  /** What is different. */
  readonly what: string;
  /** Why. */
  readonly why: string;
}

/** Verdicts carry a sign as well as a colour, for print and for eyes that do not tell the colours apart. */
const SIGNS = { supported: "✓", contradicted: "✗", inconclusive: "–" } as const;

/** A heading and what stands under it; nothing when that is empty. */
export function section(title: string, ...content: readonly string[]): string {
  const body = content.filter(Boolean).join("\n");
  return body ? `<section>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>` : "";
}

/** A paragraph; text between backquotes becomes code. */
export function paragraph(text: string, name?: string): string {
  return `<p${name ? ` class="${name}"` : ""}>${inline(text)}</p>`;
}

/** The table of verdicts. */
export function claimTable(claims: readonly ResultClaim[]): string {
  if (!claims.length) return "";
  const corrected = claims.some((claim) => typeof claim.p_holm === "number");
  const heads = ["Claim", "Verdict", "Estimate [95 % interval]", "Seeds", ...(corrected ? ["p (Holm)"] : []), "Cost"];
  const rows = claims.map((claim) => {
    const estimate = claim.estimate === null ? "–" : formatEstimate(claim.estimate, claim.interval);
    const unit = claim.estimate === null || !claim.unit ? "" : `<span class="unit">${escapeHtml(claim.unit)}</span>`;
    const source = `<span class="reason">Claim ${escapeHtml(claim.id)} · ${escapeHtml(claim.source)}</span>`;
    const reason = claim.reason ? `<span class="reason">${escapeHtml(claim.reason)}</span>` : "";
    const cells = [
      `<td>${escapeHtml(claim.statement)}${source}${parts(claim)}</td>`,
      `<td>${verdict(claim.verdict)}${reason}</td>`,
      `<td class="number">${estimate}${unit}</td>`,
      `<td class="number">${claim.seeds}</td>`,
      ...(corrected ? [`<td class="number">${claim.p_holm == null ? "–" : probability(claim.p_holm)}</td>`] : []),
      `<td class="number">${claim.cost_s ? formatSeconds(claim.cost_s) : "–"}</td>`,
    ];
    return `<tr>${cells.join("")}</tr>`;
  });
  const head = heads.map((title, i) => `<th scope="col"${i > 1 ? ' class="number"' : ""}>${title}</th>`).join("");
  return `<div class="scroll"><table class="claims"><thead><tr>${head}</tr></thead><tbody>\n${
    rows.join("\n")
  }\n</tbody></table></div>`;
}

/** A chart or a grid with its caption. */
export function figure(
  { image, type, alt, caption, name = "chart" }: {
    image: Uint8Array | string;
    type: string;
    alt: string;
    caption?: string;
    name?: "chart" | "grid";
  },
): string {
  const text = caption ? `<figcaption>${inline(caption)}</figcaption>` : "";
  return `<figure class="${name}"><img alt="${escapeHtml(alt)}" src="${dataUri(image, type)}">${text}</figure>`;
}

/** This run's figures beside the paper's. */
export function paperTable(comparisons: readonly PaperComparison[]): string {
  if (!comparisons.length) return "";
  const rows: Row[] = comparisons.map(({ what, unit, paper, source, ours, sameProtocol, why }) => ({
    what: unit ? `${what} (${unit})` : what,
    paper,
    ours,
    difference: ours - paper,
    source,
    same: sameProtocol ? "yes" : `no${why ? `: ${why}` : ""}`,
  }));
  return htmlTable(rows, [
    { key: "what", title: "Figure" },
    { key: "paper", title: "Paper", decimals: 3 },
    { key: "ours", title: "Here", decimals: 3 },
    { key: "difference", title: "Difference", decimals: 3 },
    { key: "same", title: "Same protocol" },
    { key: "source", title: "Source" },
  ]);
}

/** Departures from the paper, each with its reason. */
export function deviationTable(deviations: readonly Deviation[]): string {
  if (!deviations.length) return "";
  const columns: Column[] = [{ key: "what", title: "Deviation from the paper" }, { key: "why", title: "Reason" }];
  return htmlTable(deviations as unknown as readonly Row[], columns);
}

/** What the run ran on, and the command that made it. */
export function environmentList({ command, ...environment }: Environment): string {
  const facts = [...flatten(environment)].filter(([, value]) => value !== null && value !== undefined);
  const list = facts.map(([key, value]) => fact(key.replaceAll("_", " ").replace(".", ": "), plain(value)));
  return `<p>Made by <code>${escapeHtml(command)}</code></p>\n<dl class="facts">${list.join("\n")}</dl>`;
}

/** Settings, folded away. */
export function configList(config: unknown): string {
  const list = [...flatten(config)].map(([key, value]) => fact(key, plain(value)));
  return `<details><summary>Settings</summary><dl class="facts">${list.join("\n")}</dl></details>`;
}

/** What differs between this run and others. */
export function runTable({ runs, ...groups }: RunComparison): string {
  const rows: Row[] = Object.entries(groups).flatMap(([group, found]) =>
    found.map(({ key, values }) => ({
      group,
      key,
      ...Object.fromEntries(runs.map((_, i) => [`run${i}`, plain(values[i])])),
    }))
  );
  if (!rows.length) return paragraph(`No difference between ${runs.join(" and ")}.`);
  const columns = runs.map((run, i) => ({ key: `run${i}`, title: run }));
  return htmlTable(rows, [{ key: "group", title: "In" }, { key: "key", title: "What" }, ...columns]);
}

function fact(key: string, value: string): string {
  return `<dt>${escapeHtml(key)}</dt><dd>${escapeHtml(value)}</dd>`;
}

function parts({ parts = [] }: ResultClaim): string {
  if (parts.length < 2) return "";
  const items = parts.map((part) =>
    `<li>${escapeHtml(part.name)}: ${formatEstimate(part.estimate, part.interval)} ${escapeHtml(part.unit)}, ` +
    `<span class="${part.verdict}">${part.verdict}</span></li>`
  );
  return `<ul class="parts">${items.join("")}</ul>`;
}

function verdict(name: ResultClaim["verdict"]): string {
  return `<span class="verdict ${name}">${SIGNS[name]} ${name}</span>`;
}

function probability(p: number): string {
  return p < 0.001 ? "&lt; 0.001" : formatNumber(p, 3);
}

function plain(value: unknown): string {
  if (value === undefined) return "–";
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function inline(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}
