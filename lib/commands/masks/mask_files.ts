/**
 * The photographs of a folder and their drawings, each a LabelMe file beside its photograph or in a folder of its own.
 *
 * @module
 */

import { dirname, extname, join, relative, sep } from "node:path";
import * as v from "valibot";
import { filesBelow, labelMeFile, MASK_CLASSES, PHOTO_ENDINGS, sha256Of } from "../../data/mod.ts";
import { readPictureSize, writeFileWhole } from "../../image/mod.ts";
import { cannot, sentence } from "../../problem.ts";

const polygon = v.strictObject({
  label: v.picklist(MASK_CLASSES),
  points: v.array(v.strictTuple([v.number(), v.number()])),
});

/** A drawing as the page sends it. */
export const drawingSchema = v.strictObject({
  polygons: v.array(v.strictObject({ ...polygon.entries, points: v.pipe(polygon.entries.points, v.minLength(3)) })),
  /** The polygon being drawn: kept, so that nothing is lost when the page is closed. */
  draft: v.nullable(polygon),
  /** Which state of the file it was made from; "any" writes over every other. */
  revision: v.string(),
});

/** A drawing. */
export type StoredDrawing = v.InferOutput<typeof drawingSchema>;

/** A photograph in the list. */
export interface ListedPhotograph {
  /** Path from the folder, with forward slashes. */
  readonly path: string;
  /** Classes of its polygons, each as often as it is drawn. */
  readonly classes: readonly string[];
  /** What is wrong with its file, if anything. */
  readonly problem?: string;
}

/** Thrown when a file was changed by another program since the page read it. */
export class ChangedMeanwhile extends Error {}

/** The drawings of a folder. */
export interface MaskFiles {
  /** The photographs as they were last listed, sorted. */
  readonly photographs: readonly string[];
  /** Lists the photographs anew and tells of each what is drawn. */
  list(): Promise<ListedPhotograph[]>;
  /** Reads a drawing; an empty one where there is no file. */
  read(photo: string): Promise<StoredDrawing>;
  /** Writes a drawing whole and gives its new revision; shapes of other programs stay in the file. */
  write(photo: string, drawing: StoredDrawing): Promise<string>;
  /** The file of a photograph. */
  fileOf(photo: string): string;
}

/**
 * Opens the drawings of a folder of photographs.
 *
 * @param folder The folder; sub-folders count.
 * @param out Where the files are; default beside the photographs.
 * @returns The drawings.
 * @throws {Problem} When there is no such folder, or two photographs in it would share a file.
 */
export async function openMaskFiles(folder: string, out: string = folder): Promise<MaskFiles> {
  if (!(await Deno.stat(folder).catch(() => undefined))?.isDirectory) {
    throw cannot("draw masks", "a folder of photographs", "none", folder);
  }
  const fileOf = (photo: string) => join(out, `${photo.slice(0, -extname(photo).length)}.json`);
  const find = async () => {
    const found = (await filesBelow(folder)).filter((path) => PHOTO_ENDINGS.has(extname(path).toLowerCase()));
    const owners = new Map<string, string>();
    for (const photo of found) {
      const other = owners.get(fileOf(photo));
      if (other) throw cannot("draw masks", "photographs of different names", `${other} and ${photo}`, folder);
      owners.set(fileOf(photo), photo);
    }
    return found;
  };
  let photographs = await find();
  // Saving twice at once must not mix up revisions.
  let queue: Promise<unknown> = Promise.resolve();

  const files: MaskFiles = {
    get photographs() {
      return photographs;
    },
    fileOf,
    list: async () => {
      photographs = await find();
      return await Promise.all(photographs.map(async (path) => {
        try {
          return { path, classes: (await files.read(path)).polygons.map(({ label }) => label) };
        } catch (error) {
          return { path, classes: [], problem: sentence(error) ?? String(error) };
        }
      }));
    },
    read: async (photo) => {
      const { content, revision } = await readStored(fileOf(photo));
      const polygons = (content?.shapes ?? []).filter(isOwn).map(({ label, points }) => ({ label, points }));
      const draft = v.safeParse(polygon, content?.["draft"]);
      return { polygons, draft: draft.success ? draft.output : null, revision } as StoredDrawing;
    },
    write: (photo, drawing) => {
      const result = queue.then(() => write(photo, drawing));
      queue = result.catch(() => {});
      return result;
    },
  };

  const write = async (photo: string, { polygons, draft, revision }: StoredDrawing): Promise<string> => {
    const file = fileOf(photo);
    const stored = await readStored(file);
    if (revision !== "any" && revision !== stored.revision) throw new ChangedMeanwhile();
    const { width, height } = await readPictureSize(join(folder, photo));
    const kept: Record<string, unknown> = stored.content ?? { version: "5.0.0", flags: {} };
    const own = polygons.map(({ label, points }) => ({
      label,
      points,
      group_id: null,
      shape_type: "polygon",
      flags: {},
    }));
    const content = {
      ...kept,
      shapes: [...own, ...(stored.content?.shapes ?? []).filter((shape) => !isOwn(shape))],
      imagePath: relative(dirname(file), join(folder, photo)).split(sep).join("/"),
      imageData: stored.content?.["imageData"] ?? null,
      imageHeight: height,
      imageWidth: width,
      // Left out of the text when there is none.
      draft: draft ?? undefined,
    };
    const text = `${JSON.stringify(content, null, 2)}\n`;
    await writeFileWhole(file, text);
    return sha256Of(new TextEncoder().encode(text));
  };
  return files;
}

/** Whether a shape is one that the page can show. */
function isOwn({ label, points, shape_type }: v.InferOutput<typeof labelMeFile>["shapes"][number]): boolean {
  return shape_type === "polygon" && points.length >= 3 && (MASK_CLASSES as readonly string[]).includes(label);
}

/** The content of a file and what tells it from every other state. */
async function readStored(file: string) {
  const bytes = await Deno.readFile(file).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (!bytes) return { content: undefined, revision: "" };
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw cannot("read drawing", "a LabelMe file", "a file that is no JSON", file);
  }
  const result = v.safeParse(labelMeFile, content);
  if (result.success) return { content: result.output, revision: sha256Of(bytes) };
  const place = v.getDotPath(result.issues[0]);
  throw cannot("read drawing", "a LabelMe file", "another JSON file", place ? `${file}, ${place}` : file);
}
