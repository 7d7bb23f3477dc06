/**
 * The report of an extraction: what was found, what was left out and why, to be looked at.
 *
 * @module
 */

import { join } from "node:path";
import type { Extraction } from "doppel/data/mod.ts";
import { encodePicture, readPicture, writeFileWhole } from "doppel/image/mod.ts";
import { escapeHtml } from "./html.ts";
import { htmlPage } from "./page.ts";
import {
  droppedTable,
  FACE_COLUMNS,
  faceRow,
  listed,
  missedTable,
  personTable,
  reasonTable,
  settingsList,
} from "./extraction_tables.ts";
import { figure, paragraph, section } from "./sections.ts";
import { writeTable } from "./tables.ts";

/** So many contact sheets of each kind stand in the report itself; the others are linked. */
const SHEETS_SHOWN = 2;

/**
 * Writes `report.html`, one file that needs neither network nor script, and `faces.csv` with its Parquet twin: all faces in
 * the order that was asked for, with all measurements.
 *
 * @param extraction The extraction.
 * @returns The path of the report.
 */
export async function writeExtractionReport(extraction: Extraction): Promise<string> {
  const { folder, faces } = extraction;
  await writeTable(folder, "faces", faces.map(faceRow), FACE_COLUMNS);
  const path = join(folder, "report.html");
  await writeFileWhole(path, await extractionReport(extraction));
  return path;
}

/**
 * Words what came of an extraction in one sentence.
 *
 * @param extraction The extraction.
 * @returns Such as "15 of 26 faces kept, from 7 photographs".
 */
export function extractionSentence({ summary, photos }: Extraction): string {
  const frames = photos.filter(({ frame }) => frame !== null).length;
  const counts = [[photos.length - frames, "photograph"], [frames, "frame"]] as const;
  const what = counts.filter(([count]) => count > 0).map(([count, noun]) => countOf(count, noun)).join(" and ");
  return `${summary.kept} of ${countOf(summary.found, "face")} kept, from ${what || "no photographs"}`;
}

const countOf = (count: number, noun: string) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

async function extractionReport(extraction: Extraction): Promise<string> {
  const { name, isComplete, summary, settings, filters, sort, packages, others, gone } = extraction;
  const title = `Faces of ${name}`;
  const mixed = summary.persons.filter((person) => person.mixed).map(({ person }) => person);
  const body = [
    isComplete ? "" : paragraph("Stopped before the end. Call the same command again to go on.", "stamp"),
    `<header><h1>${escapeHtml(title)}</h1>`,
    paragraph(`${extractionSentence(extraction)}.`, "question"),
    paragraph(
      `From \`${settings.input}\`; ${summary.unreadable} unreadable, ${summary.withoutFace} without a face.`,
      "muted",
    ),
    "</header>",
    section(
      "Persons",
      personTable(summary.persons),
      paragraph(
        "Sharpness is the variance of the Laplacian of the face at 128 pixels; sizes are pixels of the photograph, angles " +
          "degrees. Given are the lower quartile, the median and the upper quartile.",
        "muted",
      ),
      mixed.length === 0
        ? ""
        : paragraph(`No person has the majority in ${mixed.join(", ")}: nobody was left out there as a stranger.`),
    ),
    section("Left out", reasonTable(summary.dropped)),
    section("Kept faces", ...await sheetFigures(extraction, "kept")),
    section("Faces that were left out", ...await sheetFigures(extraction, "dropped"), droppedTable(extraction.faces)),
    section("Photographs without a face", missedTable(extraction.photos)),
    section(
      "Other files",
      others.length ? listed(`Neither photograph nor video, and passed over:`, others) : "",
      gone.length
        ? listed(
          "Found by an earlier call, and no part of the set any more because the input has lost or changed them:",
          gone.map(({ source, frame }) => frame === null ? source : `${source}, frame ${frame}`),
        )
        : "",
    ),
    section("How", settingsList({ ...settings, ...filters, sort, ...packages })),
  ];
  return htmlPage(title, body);
}

async function sheetFigures({ folder, sheets, sort }: Extraction, kind: "kept" | "dropped"): Promise<string[]> {
  const order = sort === "name" ? "in the order of the input" : `sorted by ${sort}`;
  const figures: string[] = [];
  for (const sheet of sheets[kind].slice(0, SHEETS_SHOWN)) {
    const image = await encodePicture(await readPicture(join(folder, sheet)), { format: "jpeg", quality: 85 });
    const caption = `\`${sheet}\`, ${order}`;
    figures.push(figure({ image, type: "image/jpeg", alt: `Contact sheet of ${kind} faces`, caption, name: "grid" }));
  }
  const others = sheets[kind].slice(SHEETS_SHOWN);
  return others.length === 0 ? figures : [
    ...figures,
    `<p>More: ${others.map((sheet) => `<a href="${escapeHtml(sheet)}">${escapeHtml(sheet)}</a>`).join(", ")}</p>`,
  ];
}
