import { join, resolve } from "node:path";
import { cannot } from "doppel/problem.ts";
import { facePackages } from "doppel/faces/mod.ts";
import { filesBelow } from "../files.ts";
import type { Extraction, ExtractOptions } from "./extraction.ts";
import { finishExtraction } from "./finish_extraction.ts";
import { JOURNAL, openJournal } from "./journal.ts";
import { lookThrough } from "./look_through.ts";
import { DEFAULT_FILTERS, type ExtractionSettings, requireSettings } from "./settings.ts";
import { listInput } from "./sources.ts";

/**
 * Extracts faces from a photograph, a folder or a video into a folder that is a face set: `readFaceSet` reads it, and
 * training and conversion need nothing else.
 *
 *     photos/<person>/...    copies of the photographs, and frames, in which a face was found
 *     aligned/<person>/...   aligned faces, <name>_0.png the largest of a picture
 *     masks/<person>/...     the hull of the landmarks for each
 *     dropped/               the same of the faces that were left out
 *     contact_sheets/        thumbnails of both, in the chosen order
 *     manifest.json, faces.json, report.json
 *
 * Called again with the same input and folder it goes on where it was stopped, takes in new and changed photographs, and
 * applies other filters without looking for faces anew. An aligned picture that has been deleted by hand stays out.
 * The method is that of DeepFaceLab's extraction (arXiv 2005.05535, 3.1): detection, landmarks, alignment by 33 of them.
 *
 * @example Extract the photographs of one person and read them back
 * ```ts
 * import { extractFaces, readFaceSet } from "doppel/data/mod.ts";
 *
 * const input = "datasets/caltech_faces/photos/person08";
 * const { summary } = await extractFaces(input, "/tmp/extracted_person08", { size: 128, faceType: "whole" });
 * summary.kept; // 4
 * const { faces } = await readFaceSet("/tmp/extracted_person08", { size: 64 });
 * ```
 *
 * @param input A photograph, a folder (one sub-folder a person, or of one person) or a video.
 * @param folder Where to; made when it is missing.
 * @param options Size, face type, filters, order.
 * @returns What was found, what was left out and why.
 * @throws {Problem} When there is no input, or the folder holds something else or was begun with other settings.
 */
export async function extractFaces(input: string, folder: string, options: ExtractOptions = {}): Promise<Extraction> {
  const settings = settingsOf(input, options);
  const filters = { ...DEFAULT_FILTERS, ...options.filters };
  requireSettings(settings, filters);
  const listed = await listInput(settings.input, { person: settings.person, out: resolve(folder) });
  await prepareFolder(folder);
  const journal = await openJournal(folder, settings, await facePackages());
  try {
    const isComplete = await lookThrough(listed.sources, folder, settings, journal, options);
    return await finishExtraction(folder, listed, journal, { settings, filters, isComplete, ...pick(options) });
  } finally {
    journal.close();
  }
}

const pick = ({ sort = "name", onProgress, signal }: ExtractOptions) => ({
  sort,
  ...(onProgress ? { onProgress } : {}),
  ...(signal ? { signal } : {}),
});

function settingsOf(input: string, options: ExtractOptions): ExtractionSettings {
  const { size = 256, faceType = "full", minScore = 0.5, upright = false, person = null } = options;
  const { every = 1, from = null, to = null, frameFormat = "png" } = options;
  return { input: resolve(input), size, faceType, minScore, upright, person, every, from, to, frameFormat };
}

/** Makes the folder, or refuses one that holds anything but an extraction; clears what a killed process left half-written. */
async function prepareFolder(folder: string): Promise<void> {
  const stat = await Deno.stat(folder).catch(() => undefined);
  if (stat && !stat.isDirectory) throw cannot("extract faces", "a folder to write to", "a file", folder);
  await Deno.mkdir(folder, { recursive: true });
  const entries = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).filter((name) =>
    !name.startsWith(".")
  );
  const isExtraction = await Deno.stat(join(folder, JOURNAL)).then(() => true, () => false);
  if (!isExtraction && entries.length > 0) {
    const got = `one with ${entries.length === 1 ? "something" : `${entries.length} other things`} in it`;
    throw cannot("extract faces", "an empty or a new folder, or that of an earlier extraction", got, folder);
  }
  for (const path of await filesBelow(folder)) {
    if (/\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/.test(path)) await Deno.remove(join(folder, path));
  }
}
