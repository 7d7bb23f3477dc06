/**
 * The files of a forged set: for each variant and split a folder of JPEG pictures under names that tell nothing, and
 * `pictures.json`, which says what they are.
 *
 * The files carry neither label nor provenance, on purpose: either would give the forgery away to the detectors. They lie
 * inside a run's folder, and `pictures.json` beside them says which are forged.
 *
 * @module
 */

import { join } from "node:path";
import * as v from "valibot";
import { readJson, writeJson } from "doppel/experiment/mod.ts";
import { encodePicture, type Picture } from "doppel/image/mod.ts";
import { cannot } from "doppel/problem.ts";
import { randomSource, uniform } from "doppel/random.ts";
import type { Target } from "./targets.ts";

/** The real and the forged picture of a photograph, without label. */
export interface PicturePair {
  readonly target: Target;
  readonly real: Picture;
  readonly forged: Picture;
}

const pictureSchema = v.strictObject({
  file: v.pipe(v.string(), v.regex(/^\d+_[ab]\.jpg$/, "a file's name of the set")),
  photo: v.string(),
  person: v.string(),
  /** Whose face it shows; of a real picture the person's own. */
  source: v.string(),
  forged: v.boolean(),
  landmarks: v.pipe(v.array(v.number()), v.length(136)),
});

/** What is noted of a picture. */
export type PictureNote = Readonly<v.InferOutput<typeof pictureSchema>>;

const LIST = "pictures.json";

/**
 * Writes the pictures of one variant and split. Which of the two names of a photograph is the forged one's is drawn.
 *
 * @param folder Where; it must not be read before the whole set is there.
 * @param pairs The pictures, in order.
 * @param quality JPEG quality, 1 to 100; chroma 4:2:0 for all.
 * @param swaps Whether a forged picture shows its source person's face.
 */
export async function writeSet(
  folder: string,
  pairs: readonly PicturePair[],
  quality: number,
  swaps: boolean,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const notes: PictureNote[] = [];
  for (const [i, { target, real, forged }] of pairs.entries()) {
    const { photo, person, source, crop } = target;
    const first = uniform(randomSource(1, "names", photo), 0, 1) < 0.5;
    const landmarks = [...crop.landmarks].map((value) => Math.round(value * 100) / 100);
    for (const [picture, isForged] of [[real, false], [forged, true]] as const) {
      const file = `${String(i + 1).padStart(3, "0")}_${first === isForged ? "a" : "b"}.jpg`;
      await Deno.writeFile(
        join(folder, file),
        await encodePicture(picture, { format: "jpeg", quality, chroma: "4:2:0" }),
      );
      notes.push({ file, photo, person, source: isForged && swaps ? source : person, forged: isForged, landmarks });
    }
  }
  await writeJson(join(folder, LIST), notes);
}

/**
 * Reads what is noted of the pictures of one variant and split.
 *
 * @param folder The folder.
 * @returns For each photograph the real picture, then the forged one.
 * @throws {Problem} When the list is missing or damaged.
 */
export async function readSet(folder: string): Promise<readonly PictureNote[]> {
  const path = join(folder, LIST);
  const parsed = v.safeParse(v.array(pictureSchema), await readJson(path, "a forged set"));
  if (!parsed.success) throw cannot("read a forged set", "notes of its pictures", parsed.issues[0].message, path);
  return parsed.output;
}
