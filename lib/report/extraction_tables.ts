/**
 * The tables of an extraction's report.
 *
 * @module
 */

import { DROP_REASONS, type Extraction, type JudgedFace, type PhotoRecord } from "doppel/data/mod.ts";
import type { Row } from "doppel/evaluation/mod.ts";
import { escapeHtml } from "./html.ts";
import { formatNumber } from "./numbers.ts";
import { paragraph } from "./sections.ts";
import { type Column, htmlTable } from "./tables.ts";

/** So many rows of a list are shown; `report.json` and `faces.csv` have all. */
const SHOWN = 200;

/** The columns of `faces.csv`. */
export const FACE_COLUMNS: readonly Column[] = [
  ...["order", "face", "person", "kept", "reason", "detail", "source", "frame", "time", "width", "height", "score"],
  ...["size", "sharpness", "sharpness_rank", "brightness", "yaw", "pitch", "roll", "person_distance", "hull_ratio"],
].map((key) => ({ key }));

/** The options as they are typed; those that are not set are left out. */
export function settingsList(options: object): string {
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

/** Each person's part. */
export function personTable(persons: Extraction["summary"]["persons"]): string {
  return htmlTable(persons.map(personRow), PERSON_COLUMNS);
}

/** How many faces were left out for which reason. */
export function reasonTable(dropped: Extraction["summary"]["dropped"]): string {
  const rows = Object.entries(dropped).map(([reason, faces]) => ({
    reason: DROP_REASONS[reason as keyof typeof DROP_REASONS],
    faces,
  }));
  return rows.length === 0 ? "" : htmlTable(rows, [{ key: "reason", title: "Reason" }, FACES]);
}

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

/** A face as a row of `faces.csv`. */
export function faceRow({ photo, face, personDistance, sharpnessRank, dropped }: JudgedFace, place: number): Row {
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

/** Faces that were left out, each with its reason. */
export function droppedTable(faces: readonly JudgedFace[]): string {
  const rows = faces.flatMap(({ face, dropped }) =>
    dropped ? [{ face: face.name, reason: DROP_REASONS[dropped.reason], detail: dropped.detail }] : []
  );
  return shownTable(rows, [
    { key: "face", title: "Face" },
    { key: "reason", title: "Reason" },
    { key: "detail", title: "Measured" },
  ]);
}

/** Photographs and frames that could not be read or show no face. */
export function missedTable(photos: readonly PhotoRecord[]): string {
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

/** A sentence that ends in names. */
export function listed(lead: string, names: readonly string[]): string {
  const rest = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : "";
  return paragraph(`${lead} ${names.slice(0, SHOWN).map((name) => `\`${name}\``).join(", ")}${rest}.`);
}
