/**
 * `task extract`: aligned faces out of photographs and videos.
 *
 * @module
 */

import { resolve } from "node:path";
import { cannot, Problem } from "../problem.ts";
import { DEFAULT_FILTERS, DROP_REASONS, extractFaces, type Extraction, FACE_ORDERS } from "../data/mod.ts";
import { FACE_TYPES } from "../faces/mod.ts";
import { extractionSentence, writeExtractionReport } from "../report/mod.ts";
import { progress, type ProgressLine } from "./_terminal.ts";
import { frames } from "./extract/frames.ts";
import { command, main, say } from "./mod.ts";

const { minSize, minSharpness, duplicates, strangers } = DEFAULT_FILTERS;

/** The command. */
export const extract = command({
  name: "extract",
  summary: "Extract aligned faces from photographs or a video",
  description:
    `Finds the faces of a photograph, of a folder (one sub-folder a person, or the photographs of one person) or of a
video, and writes aligned faces, masks, copies of the photographs, contact sheets and a report. The folder can then be
used wherever faces are read: --data <out>.

Call it again to go on after Ctrl-C, to take in new photographs, or to filter and sort otherwise: faces are not looked
for twice. Look through the contact sheets and delete what is bad from aligned/; it stays out. What filters leave out
lies in dropped/ and comes back when they allow it.`,
  positionals: [
    { name: "input", summary: "A photograph, a folder of photographs and videos, or a video" },
    { name: "out", summary: "Folder to write to: a new one, or one to go on with" },
  ],
  options: {
    size: { type: "integer", summary: "Side of the aligned pictures in pixels", min: 32, max: 2048, default: 256 },
    faceType: { type: "choice", summary: "How much of the head they show", choices: FACE_TYPES, default: "full" },
    person: { type: "text", summary: "Whose faces they all are; by default sub-folders tell", value: "NAME" },
    oneFace: { type: "flag", summary: "Keep only the largest face of each picture" },
    minSize: {
      type: "number",
      summary: "Drop faces that are smaller in the photograph, in pixels",
      min: 0,
      default: minSize,
    },
    minSharpness: {
      type: "number",
      summary: "Drop faces that are more blurred; the report has the range, 0 drops none",
      min: 0,
      default: minSharpness,
    },
    duplicates: {
      type: "number",
      summary: "Drop faces that differ from a sharper one by no more than so many of 255 steps; 0 drops copies only",
      min: 0,
      default: duplicates,
    },
    strangers: {
      type: "choice",
      summary: "What becomes of faces unlike those that most of a person's pictures show",
      choices: ["drop", "keep"],
      default: strangers,
    },
    sort: {
      type: "choice",
      summary: "Order of each person's faces on the contact sheets and in faces.csv",
      choices: FACE_ORDERS,
      default: "name",
    },
    minScore: { type: "number", summary: "Least score of the detector", min: 0.01, max: 0.99, default: 0.5 },
    upright: {
      type: "flag",
      summary: "Do not turn pictures in which faces are doubtful or missing; faster where many show nobody",
    },
    every: { type: "integer", summary: "Of a video, take every so many frames", min: 1, default: 1 },
    from: { type: "number", summary: "Of a video, begin at so many seconds", value: "SECONDS", min: 0 },
    to: { type: "number", summary: "Of a video, end at so many seconds", value: "SECONDS", min: 0 },
    frameFormat: {
      type: "choice",
      summary: "How frames are kept: png loses nothing, jpeg takes a tenth of the room",
      choices: ["png", "jpeg"],
      default: "png",
    },
  },
  examples: [
    "extract photographs faces",
    "extract photographs faces --sort similarity --min-sharpness 60",
    "extract interview.mp4 faces --every 5 --face-type whole --size 512",
  ],
  async run({ input, out }, options, { signal }) {
    const { oneFace, minSize, minSharpness, duplicates, strangers, person, from, to, ...rest } = options;
    let line: { phase: string; bar: ProgressLine } | undefined;
    const extraction = await extractFaces(input, resolve(out), {
      ...rest,
      filters: { oneFace, minSize, minSharpness, duplicates, strangers },
      ...(person === undefined ? {} : { person }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      frames,
      signal,
      onProgress({ phase, done, total, faces }) {
        if (line?.phase !== phase) {
          line?.bar.finish();
          const unit = phase === "looking for faces" ? "picture" : "face";
          line = { phase, bar: progress(`${phase.charAt(0).toUpperCase()}${phase.slice(1)}`, { unit }) };
        }
        const found = phase === "looking for faces" ? { detail: `${faces} faces` } : {};
        line.bar.update(done, { ...(total === undefined ? {} : { total }), ...found });
      },
    }).catch((error) => {
      line?.bar.clear();
      throw error;
    });
    line?.bar.finish();
    const report = await writeExtractionReport(extraction);
    tell(extraction);
    say(`Report: ${report}`);
    if (!extraction.isComplete) {
      say("Stopped with all work saved. Go on with the same command.");
      return;
    }
    requireFaces(extraction, input);
  },
});

function tell(extraction: Extraction): void {
  const { summary, others, gone } = extraction;
  say(`${extractionSentence(extraction)}.`);
  const count = (number: number, what: string) => number > 0 ? [`${number} ${what}`] : [];
  const missed = [...count(summary.withoutFace, "without a face"), ...count(summary.unreadable, "unreadable")];
  if (missed.length > 0) say(`Pictures: ${missed.join(", ")}.`);
  const dropped = Object.entries(summary.dropped).map(([reason, number]) =>
    `${number} ${DROP_REASONS[reason as keyof typeof DROP_REASONS]}`
  );
  if (dropped.length > 0) say(`Left out: ${dropped.join(", ")}.`);
  for (const { person, mixed } of summary.persons) {
    if (mixed) say(`${person}: no person has the majority, so nobody was left out as a stranger.`);
  }
  const files = others.length === 1
    ? "other file is neither photograph nor video"
    : "other files are neither photographs nor videos";
  if (others.length > 0) say(`${others.length} ${files}.`);
  if (gone.length > 0) say(`${plural(gone.length, "picture")} of an earlier call: no longer in the input, or changed.`);
}

/** Nothing found, or nothing left, is a failure: nothing can be done with such a folder. */
function requireFaces({ summary, photos }: Extraction, input: string): void {
  const { kept, found, unreadable } = summary;
  if (kept > 0) return;
  if (found > 0) {
    const got = `${plural(found, "face")} that ${found === 1 ? "does" : "do"} not`;
    throw cannot("extract faces", "a face that passes the filters", got, input);
  }
  const only = photos.length === 1 ? photos[0]!.unreadable : null;
  if (only !== null) throw new Problem(only);
  const pictures = `none in ${plural(photos.length, "picture")}`;
  throw cannot(
    "extract faces",
    "at least one face",
    unreadable > 0 ? `${pictures}, ${unreadable} unreadable` : pictures,
    input,
  );
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

if (import.meta.main) await main(extract);
