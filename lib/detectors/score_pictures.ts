import { type Picture, requirePicture, resizePicture } from "../image/mod.ts";
import { cannot } from "../problem.ts";
import { tf } from "../runtime/mod.ts";
import type { Detector } from "./detector.ts";

/**
 * Scores pictures with a detector.
 *
 * @example How forged does a face look?
 * ```ts
 * import { type Detector, scorePictures } from "doppel/detectors/mod.ts";
 * import type { Picture } from "doppel/image/mod.ts";
 *
 * export async function judge(model: Detector, face: Picture): Promise<number> {
 *   const [score] = await scorePictures(model, [face]);
 *   return score!; // higher is more likely forged
 * }
 * ```
 *
 * @param model A detector of pictures.
 * @param pictures 3 channels in [0, 1]; other sizes than the detector's are resized.
 * @param options `batch`: how many at a time. Default 32.
 * @returns One score a picture, in [0, 1]; higher is more likely forged.
 * @throws {Problem} When the detector wants features, or a picture has not 3 channels.
 */
export async function scorePictures(
  model: Detector,
  pictures: readonly Picture[],
  { batch = 32 }: { readonly batch?: number } = {},
): Promise<number[]> {
  const { input } = model;
  if (input.kind !== "pictures") throw cannot("score pictures", "a detector of pictures", `${model.name}, of features`);
  const side = input.resolution;
  const vectors = function* () {
    for (const picture of pictures) {
      requirePicture(picture, "score pictures", "colour pictures", { channels: 3 });
      const fits = picture.width === side && picture.height === side;
      yield (fits ? picture : resizePicture(picture, side, side)).data;
    }
  };
  return await scoreAll(model, vectors(), [side, side, 3], batch);
}

/**
 * Scores feature vectors with a detector of features.
 *
 * @param model The detector.
 * @param features One vector a picture, as `describeFaces` gives it.
 * @returns One score a vector, in [0, 1]; higher is more likely forged.
 * @throws {Problem} When the detector wants pictures, or a vector has another length.
 */
export async function scoreFeatures(model: Detector, features: readonly Float32Array[]): Promise<number[]> {
  const { input } = model;
  if (input.kind !== "features") throw cannot("score features", "a detector of features", `${model.name}, of pictures`);
  const wrong = features.find(({ length }) => length !== input.length);
  if (wrong) throw cannot("score features", `vectors of ${input.length} values`, String(wrong.length));
  return await scoreAll(model, features, [input.length], 256);
}

async function scoreAll(
  model: Detector,
  inputs: Iterable<Float32Array>,
  shape: readonly number[],
  size: number,
): Promise<number[]> {
  const scores: number[] = [];
  const score = async (group: readonly Float32Array[]) => {
    const length = group[0]!.length;
    const values = new Float32Array(group.length * length);
    group.forEach((input, i) => values.set(input, i * length));
    const output = tf.tidy(() => model.score(tf.tensor(values, [group.length, ...shape])));
    try {
      scores.push(...await output.data());
    } finally {
      output.dispose();
    }
  };
  let group: Float32Array[] = [];
  for (const input of inputs) {
    group.push(input);
    if (group.length < size) continue;
    await score(group);
    group = [];
  }
  if (group.length > 0) await score(group);
  return scores;
}
