/**
 * LabelMe's annotation files (github wkentaro/labelme): one JSON file a photograph with its shapes. Read and written here;
 * keys of other programs are left alone.
 *
 * @module
 */

import * as v from "valibot";
import { cannot } from "doppel/problem.ts";
import { MASK_CLASSES, type MaskClass, type MaskPolygon } from "./hand_mask.ts";
import { readJsonFile } from "./json_file.ts";

/** Which class a label of a file stands for. */
export type ClassesByLabel = Readonly<Record<string, MaskClass>>;

/** What a file of polygons says of one photograph. */
export interface DrawnPhotograph {
  /** The photograph's name or path as the file has it. */
  readonly image: string;
  /** Columns that the polygons are meant for. */
  readonly width: number;
  /** Rows that the polygons are meant for. */
  readonly height: number;
  readonly polygons: readonly MaskPolygon[];
}

const length = v.pipe(v.number(), v.integer(), v.minValue(1));

/** A shape of a LabelMe file. */
export const labelMeShape = v.looseObject({
  label: v.string(),
  points: v.array(v.strictTuple([v.number(), v.number()])),
  shape_type: v.optional(v.string(), "polygon"),
});

/** A LabelMe file. */
export const labelMeFile = v.looseObject({
  shapes: v.array(labelMeShape),
  imagePath: v.string(),
  imageHeight: length,
  imageWidth: length,
});

/** The classes by their own names. */
export const OWN_LABELS: ClassesByLabel = Object.fromEntries(MASK_CLASSES.map((name) => [name, name]));

/**
 * Reads a LabelMe file.
 *
 * @param path The file.
 * @param classes Which class a label stands for; default the classes by their own names.
 * @returns The photograph that it belongs to and its polygons.
 * @throws {Problem} When it is not as it should be, a label is unknown or a shape is no polygon, naming the place.
 */
export async function readLabelMe(path: string, classes: ClassesByLabel = OWN_LABELS): Promise<DrawnPhotograph> {
  const { shapes, imagePath, imageWidth, imageHeight } = await readJsonFile(path, labelMeFile, "read masks");
  const polygons = shapes.map(({ label, points, shape_type }, i) => {
    const place = `${path}, shapes.${i}`;
    if (shape_type !== "polygon") throw cannot("read masks", "polygons only", `"${shape_type}"`, `${place}.shape_type`);
    if (points.length < 3) throw cannot("read masks", "at least 3 points", String(points.length), `${place}.points`);
    return { class: classOf(label, classes, `${place}.label`), points: Float32Array.from(points.flat()) };
  });
  return { image: imagePath, width: imageWidth, height: imageHeight, polygons };
}

/**
 * The class that a label stands for.
 *
 * @param label The label.
 * @param classes Which class a label stands for.
 * @param place Where it was found, for the message.
 * @returns The class.
 * @throws {Problem} When the label is unknown.
 */
export function classOf(label: string, classes: ClassesByLabel, place: string): MaskClass {
  const found = Object.hasOwn(classes, label) ? classes[label] : undefined;
  if (found) return found;
  throw cannot("read masks", `one of the labels ${Object.keys(classes).join(", ")}`, `"${label}"`, place);
}
