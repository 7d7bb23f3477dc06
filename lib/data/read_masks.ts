import { extname, join, resolve } from "node:path";
import * as v from "valibot";
import { cannot } from "doppel/problem.ts";
import { createPicture, type Picture, readPicture, readPictureSize } from "doppel/image/mod.ts";
import { readCoco } from "./coco.ts";
import { filesBelow } from "./files.ts";
import type { HandMask } from "./hand_mask.ts";
import { readJsonFile } from "./json_file.ts";
import { type ClassesByLabel, type DrawnPhotograph, OWN_LABELS, readLabelMe } from "./labelme.ts";
import { matchPath } from "./match_path.ts";

/** What masks are wanted for. */
export interface ReadMasksOptions {
  /** Paths of the photographs, from their folder. */
  readonly photographs: readonly string[];
  /**
   * The photographs' folder. With it, the size of each photograph is compared with that of its mask; a PNG picture that is
   * one of the photographs is not taken for a mask.
   */
  readonly photoFolder?: string;
  /** Which class a label stands for, such as `{ skin: "face", hand: "occluder" }`; default the classes' own names. */
  readonly classes?: ClassesByLabel;
}

/** What a folder of masks holds. */
export interface ReadMasks {
  /** The masks, one a photograph, in the order of the photographs. */
  readonly masks: readonly HandMask[];
  /** Masks that belong to none of the photographs: file and the name of the photograph that they are for. */
  readonly unused: readonly { readonly file: string; readonly image: string }[];
}

/**
 * Reads all hand-made masks of a folder and its sub-folders: LabelMe JSON, COCO JSON with polygons, and PNG pictures,
 * white on black, with the base name of their photograph. Which photograph a mask is for follows from the end of its path;
 * `anna/1.json` is for `photos/anna/1.jpg` rather than for `photos/bert/1.jpg`.
 *
 * @example Masks beside the photographs
 * ```ts
 * import { readMasks } from "doppel/data/mod.ts";
 *
 * const { masks, unused } = await readMasks("photos", { photographs: ["anna/1.jpg"], photoFolder: "photos" });
 * ```
 *
 * @param folder Where the masks are.
 * @param options The photographs, and what the labels stand for.
 * @returns The masks, and those that are for other photographs.
 * @throws {Problem} When the folder is missing, a file is not as it should be, a mask has another size than its
 * photograph, or two masks are for the same one.
 */
export async function readMasks(
  folder: string,
  { photographs, photoFolder, classes = OWN_LABELS }: ReadMasksOptions,
): Promise<ReadMasks> {
  if (!(await Deno.stat(folder).catch(() => undefined))?.isDirectory) {
    throw cannot("read masks", "a folder", "none", folder);
  }
  const own = new Set(photoFolder ? photographs.map((path) => resolve(photoFolder, path)) : []);
  const found = new Map<string, HandMask>();
  const unused: { file: string; image: string }[] = [];
  const take = async (file: string, names: string[], drawn: Omit<HandMask, "photograph" | "file">) => {
    const photograph = matchPath(names, photographs, file);
    if (photograph === undefined) return void unused.push({ file, image: names.at(-1)! });
    const other = found.get(photograph);
    if (other) throw cannot("read masks", `one mask of ${photograph}`, `two, the other in ${other.file}`, file);
    if (photoFolder) await requireSize(join(photoFolder, photograph), drawn, file);
    found.set(photograph, { photograph, file, ...drawn });
  };
  for (const path of await filesBelow(folder)) {
    const file = join(folder, path);
    const ending = extname(path).toLowerCase();
    if (ending === ".png" && !own.has(resolve(file))) {
      const drawing = await readMaskPicture(file);
      await take(file, [path], { width: drawing.width, height: drawing.height, drawing });
    } else if (ending === ".json") {
      const drawings = await readDrawings(file, classes);
      for (const { image, width, height, polygons } of drawings) {
        await take(file, drawings.length === 1 ? [path, image] : [image], { width, height, drawing: polygons });
      }
    }
  }
  return { masks: photographs.flatMap((path) => found.get(path) ?? []), unused };
}

/** Tells LabelMe from COCO by their keys. */
async function readDrawings(file: string, classes: ClassesByLabel): Promise<DrawnPhotograph[]> {
  const keys = await readJsonFile(file, v.looseObject({}), "read masks");
  if ("shapes" in keys) return [await readLabelMe(file, classes)];
  if ("annotations" in keys) return await readCoco(file, classes);
  throw cannot("read masks", "shapes (LabelMe) or annotations (COCO)", "neither", file);
}

/** Reads a mask picture: one channel, or three that are equal. */
async function readMaskPicture(file: string): Promise<Picture> {
  const { width, height, data } = await readPicture(file);
  const mask = createPicture(width, height, 1);
  for (let i = 0; i < mask.data.length; i++) {
    const [red, green, blue] = [data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!];
    if (red !== green || green !== blue) {
      throw cannot(
        "read masks",
        "grey values only",
        `a colour at column ${i % width}, row ${Math.floor(i / width)}`,
        file,
      );
    }
    mask.data[i] = red;
  }
  return mask;
}

async function requireSize(
  photograph: string,
  mask: { readonly width: number; readonly height: number },
  file: string,
): Promise<void> {
  const { width, height } = await readPictureSize(photograph);
  if (mask.width === width && mask.height === height) return;
  throw cannot(
    "read masks",
    `a mask of ${width}x${height} pixels for ${photograph}`,
    `${mask.width}x${mask.height}`,
    file,
  );
}
