/**
 * COCO's annotation files (Lin et al. 2014, format of "instances"): one JSON file for many photographs.
 *
 * @module
 */

import * as v from "valibot";
import { cannot } from "doppel/problem.ts";
import { readJsonFile } from "./json_file.ts";
import { type ClassesByLabel, classOf, type DrawnPhotograph, OWN_LABELS } from "./labelme.ts";

const length = v.pipe(v.number(), v.integer(), v.minValue(1));
const id = v.union([v.number(), v.string()], "a number or a text");

const cocoFile = v.looseObject({
  images: v.array(v.looseObject({ id, file_name: v.string(), width: length, height: length })),
  categories: v.array(v.looseObject({ id, name: v.string() })),
  annotations: v.array(v.looseObject({
    image_id: id,
    category_id: id,
    // Run lengths, the other form, are an object and no array.
    segmentation: v.array(v.array(v.number()), "polygons (run lengths are not read)"),
  })),
});

/**
 * Reads a COCO file. An annotation may be of several polygons; they are all of its class.
 *
 * @param path The file.
 * @param classes Which class a category's name stands for; default the classes by their own names.
 * @returns Every photograph of the file, also those without annotations.
 * @throws {Problem} When it is not as it should be, or an annotation is of an unknown photograph or category, or is no
 * polygon; the place is named.
 */
export async function readCoco(path: string, classes: ClassesByLabel = OWN_LABELS): Promise<DrawnPhotograph[]> {
  const { images, categories, annotations } = await readJsonFile(path, cocoFile, "read masks");
  const photographs = new Map(images.map(({ id, file_name, width, height }) => {
    return [id, { image: file_name, width, height, polygons: [] as DrawnPhotograph["polygons"][number][] }];
  }));
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  for (const [i, { image_id, category_id, segmentation }] of annotations.entries()) {
    const place = `${path}, annotations.${i}`;
    const photograph = photographs.get(image_id);
    if (!photograph) throw cannot("read masks", "the id of an image", String(image_id), `${place}.image_id`);
    const name = names.get(category_id);
    if (name === undefined) {
      throw cannot("read masks", "the id of a category", String(category_id), `${place}.category_id`);
    }
    for (const [k, numbers] of segmentation.entries()) {
      const where = `${place}.segmentation.${k}`;
      if (numbers.length < 6 || numbers.length % 2 === 1) {
        throw cannot("read masks", "x and y of at least 3 points", `${numbers.length} numbers`, where);
      }
      const points = Float32Array.from(numbers);
      photograph.polygons.push({ class: classOf(name, classes, `${path}, the category of annotations.${i}`), points });
    }
  }
  return [...photographs.values()];
}
