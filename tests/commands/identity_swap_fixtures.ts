/**
 * Two persons' photographs, two AEI-Nets with fresh weights, and the commands that train and convert with them.
 *
 * @module
 */

import { join } from "node:path";
import { convert } from "doppel/commands/convert.ts";
import { createTerminal, execute } from "doppel/commands/mod.ts";
import { train } from "doppel/commands/train.ts";
import { BUNDLED_FACES } from "doppel/data/mod.ts";
import { aei, aeiSizes } from "doppel/generators/mod.ts";
import { readPicture, resizePicture, writePicture } from "doppel/image/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { checkpointName, prefixed, saveCheckpoint } from "doppel/training/mod.ts";

const folder = Deno.makeTempDirSync({ prefix: "doppel-identity-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
/** The path of what the tests make, which is removed at their end. */
export const at = (name: string): string => join(folder, name);

/** Runs a command and keeps what it complains of. */
export async function run(what: "train" | "convert", ...args: string[]): Promise<{ code: number; err: string }> {
  let err = "";
  const terminal = createTerminal({
    out: { write: () => {}, interactive: false },
    err: { write: (text) => err += text, interactive: false },
  });
  const code = what === "train" ? await execute(train, args, { terminal }) : await execute(convert, args, { terminal });
  return { code, err };
}

await useTensorFlow();
/** Two persons with two photographs each, small enough to be found and read quickly. */
const photographs = {
  "anna/one.png": "person01/image_0001.jpg",
  "anna/two.png": "person01/image_0005.jpg",
  "bert/one.png": "person05/image_0069.jpg",
  "bert/two.png": "person05/image_0075.jpg",
};
for (const [name, path] of Object.entries(photographs)) {
  const photo = await readPicture(join(BUNDLED_FACES, "photos", path));
  const width = 240;
  const height = Math.round(photo.height * width / photo.width);
  await writePicture(at(`set/${name}`), resizePicture(photo, width, height, { interpolation: "area" }));
}
export const set: string = at("set");

/** The folder of an AEI-Net with fresh weights: what it makes of a face is seen. */
async function fresh(name: string, seed: number): Promise<string> {
  const model = aei({ ...aeiSizes.tiny, resolution: 32, identity: 128 }, seed);
  const centre = tf.variable(tf.fill([128], 0.05));
  const variables = { ...prefixed("averaged", model.weights.named()), centre };
  await saveCheckpoint(join(at(name), checkpointName), variables, { step: 7, model: "aei", sizes: { ...model.sizes } });
  model.weights.dispose();
  return at(name);
}
export const [first, other]: [string, string] = [await fresh("first", 1), await fresh("other", 2)];
