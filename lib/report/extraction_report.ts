/**
 * The report of an extraction: what was found, what was left out and why, to be looked at.
 *
 * @module
 */

import { join } from "node:path";
import { DROP_REASONS, type Extraction, type JudgedFace, type PhotoRecord } from "doppel/data/mod.ts";
import type { Row } from "doppel/evaluation/mod.ts";
import { encodePicture, readPicture, writeFileWhole } from "doppel/image/mod.ts";
import { escapeHtml } from "./html.ts";
import { formatNumber } from "./numbers.ts";
import { configList, figure, paragraph, section } from "./sections.ts";
import { style } from "./style.ts";
import { type Column, htmlTable, writeTable } from "./tables.ts";

/** So many rows of a list are shown; `report.json` and `faces.csv` have all. */
const SHOWN = 200;
/** So many contact sheets of each kind stand in the report itself; the others are linked. */
const SHEETS_SHOWN = 2;

const FACE_COLUMNS: readonly Column[] = [
  ...["order", "face", "person", "kept", "reason", "detail", "source", "frame", "time", "width", "height", "score"],
  ...["size", "sharpness", "sharpness_rank", "brightness", "yaw", "pitch", "roll", "person_distance", "hull_ratio"],
].map((key) => ({ key }));

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
  const dropped = Object.entries(summary.dropped).map(([reason, faces]) => ({
    reason: DROP_REASONS[reason as keyof typeof DROP_REASONS],
    faces,
  }));
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
      htmlTable(summary.persons.map(personRow), PERSON_COLUMNS),
      paragraph(
        "Sharpness is the variance of the Laplacian of the face at 128 pixels; sizes are pixels of the photograph, angles " +
          "degrees. Given are the lower quartile, the median and the upper quartile.",
        "muted",
      ),
      mixed.length === 0
        ? ""
        : paragraph(`No person has the majority in ${mixed.join(", ")}: nobody was left out there as a stranger.`),
    ),
    section("Left out", dropped.length ? htmlTable(dropped, [{ key: "reason", title: "Reason" }, FACES]) : ""),
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
    section("How", settingsList({ ...settings, ...filters, sort }), configList({ packages })),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body.filter(Boolean).join("\n")}
</main>
</body>
</html>
`;
}

/** The options as they are typed; those that are not set are left out. */
function settingsList(options: object): string {
  const given = Object.entries(options).filter(([, value]) => value !== null && value !== false);
  const list = given.map(([key, value]) => {
    const name = key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return `<dt>${name}</dt><dd>${escapeHtml(value === true ? "yes" : String(value))}</dd>`;
  });
  return `<dl class="facts">${list.join("\n")}</dl>`;
}

const FACES: Column = { key: "faces", title: "Faces", decimals: 0 };

const PERSON_COLUMNS: readonly Column[] = [
  { key: "person", title: "Person" },
  { key: "photographs", title: "Photographs", decimals: 0 },
  { key: "found", title: "Found", decimals: 0 },
  { key: "kept", title: "Kept", decimals: 0 },
  { key: "size", title: "Size" },
  { key: "sharpness", title: "Sharpness" },
  { key: "yaw", title: "Yaw" },
  { key: "pitch", title: "Pitch" },
];

type Person = Extraction["summary"]["persons"][number];

function personRow({ person, photographs, found, kept, size, sharpness, yaw, pitch }: Person): Row {
  const words = (spread: Person["size"]) =>
    spread && [spread.lower, spread.median, spread.upper].map((value) => formatNumber(value, 0)).join(" / ");
  return {
    person,
    photographs,
    found,
    kept,
    size: words(size),
    sharpness: words(sharpness),
    yaw: words(yaw),
    pitch: words(pitch),
  };
}

function faceRow({ photo, face, personDistance, sharpnessRank, dropped }: JudgedFace, place: number): Row {
  return {
    order: place + 1,
    face: face.name,
    person: photo.person,
    kept: dropped === null,
    reason: dropped?.reason ?? null,
    detail: dropped?.detail ?? null,
    source: photo.source,
    frame: photo.frame,
    time: photo.time,
    width: photo.width,
    height: photo.height,
    score: face.score,
    size: face.size,
    sharpness: face.sharpness,
    sharpness_rank: sharpnessRank,
    brightness: face.brightness,
    yaw: face.pose?.yaw ?? null,
    pitch: face.pose?.pitch ?? null,
    roll: face.pose?.roll ?? null,
    person_distance: personDistance,
    hull_ratio: face.hullRatio,
  };
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

function droppedTable(faces: readonly JudgedFace[]): string {
  const rows = faces.flatMap(({ face, dropped }) =>
    dropped ? [{ face: face.name, reason: DROP_REASONS[dropped.reason], detail: dropped.detail }] : []
  );
  return shownTable(rows, [
    { key: "face", title: "Face" },
    { key: "reason", title: "Reason" },
    { key: "detail", title: "Measured" },
  ]);
}

function missedTable(photos: readonly PhotoRecord[]): string {
  const rows = photos.filter(({ faces }) => faces.length === 0).map(({ source, frame, unreadable }) => ({
    source: frame === null ? source : `${source}, frame ${frame}`,
    reason: unreadable ?? "no face was found in it",
  }));
  return shownTable(rows, [{ key: "source", title: "Photograph" }, { key: "reason", title: "Reason" }]);
}

function shownTable(rows: readonly Row[], columns: readonly Column[]): string {
  if (rows.length === 0) return "";
  const rest = rows.length > SHOWN ? paragraph(`${rows.length - SHOWN} more in \`report.json\`.`, "muted") : "";
  return htmlTable(rows.slice(0, SHOWN), columns) + rest;
}

function listed(lead: string, names: readonly string[]): string {
  const rest = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : "";
  return paragraph(`${lead} ${names.slice(0, SHOWN).map((name) => `\`${name}\``).join(", ")}${rest}.`);
}
