/**
 * How much do a few hand-made masks help? Trains the small segmentation network on 2, 5, 10 and 20 of the bundled masks and
 * measures it beside the hull of the landmarks, on persons that it has not seen. Writes a table to the standard output.
 * About one to two minutes for each training on two processor cores.
 *
 *     deno run -A datasets/caltech_faces/measure_masks.ts
 *     deno run -A datasets/caltech_faces/measure_masks.ts --masks 5,20 --seeds 1 --steps 500 --pairs DIR
 *
 * @module
 */

import { parseArgs } from "node:util";
import type { Picture } from "doppel/image/mod.ts";
import { hullMask, segmentFaces, xseg, xsegSizes } from "doppel/faces/mod.ts";
import { intersectionOverUnion, mean, measureSegmentation } from "doppel/evaluation/mod.ts";
import { index, randomSource } from "doppel/random.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";
import { trainXSeg } from "doppel/training/mod.ts";
import { readMaskedSet, readMaskPairs, type Trial } from "./mask_trials.ts";

const { values: options } = parseArgs({
  options: {
    masks: { type: "string", default: "2,5,10,20" },
    seeds: { type: "string", default: "3" },
    steps: { type: "string", default: "1000" },
    pairs: { type: "string" },
  },
});
const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

await useTensorFlow();
const sizes = xsegSizes.small;
const side = sizes.resolution;
const { train, textures, heldOut, synthetic, hands } = await readMaskedSet(side);
const pairs = options.pairs ? await readMaskPairs(options.pairs, side) : undefined;
const groups: Record<string, readonly Trial[]> = {
  "hand-made": heldOut,
  "synthetic occluders": synthetic,
  "hands": hands,
  ...(pairs ? { "face-mask pairs": pairs.trials } : {}),
};

// Nothing lies before the faces of the first group. The truth of pairs ends above the brows, as the hull does, so only
// what is kept and left out can be told there.
const PAIRS = "face-mask pairs";
const columns = Object.keys(groups).flatMap((name) => {
  const parts = name === "hand-made" ? ["IoU"] : name === PAIRS ? ["kept", "left out"] : ["IoU", "kept", "left out"];
  return parts.map((part) => `${name}: ${part}`);
});
say(`| mask | seed | ${columns.join(" | ")} |`);
say(`| --- | --- | ${columns.map(() => "---").join(" | ")} |`);

/** One row: what a way of making masks comes to on each group. */
async function row(name: string, seed: string, predict: (trials: readonly Trial[]) => Promise<Picture[]>) {
  const cells: string[] = [];
  for (const [group, trials] of Object.entries(groups)) {
    const predicted = await predict(trials);
    const scores = measureSegmentation(trials.map((trial, i) => ({ predicted: predicted[i]!, ...trial })));
    if (group !== PAIRS) cells.push(scores.iou.toFixed(3));
    if (group !== "hand-made") cells.push(scores.kept.toFixed(3), (scores.leftOut ?? NaN).toFixed(3));
  }
  say(`| ${name} | ${seed} | ${cells.join(" | ")} |`);
}

const hulls = (browExpansion: number) => (trials: readonly Pick<Trial, "landmarks">[]) =>
  Promise.resolve(trials.map(({ landmarks }) => hullMask(landmarks, side, side, { browExpansion })));
await row("hull", "", hulls(1));
// The hull ends above the brows; raised as far as fits the training masks best, it is the strongest that it can be.
const heights = [1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6];
const fits = await Promise.all(heights.map(async (height) => {
  const masks = await hulls(height)(train);
  return mean(train.map(({ mask }, i) => intersectionOverUnion(masks[i]!, mask)));
}));
const best = heights[fits.indexOf(Math.max(...fits))]!;
await row(`hull, brows raised ${best} times`, "", hulls(best));

for (let seed = 1; seed <= Number(options.seeds); seed++) {
  const order = shuffled(train, seed);
  for (const count of options.masks.split(",").map(Number)) {
    const model = xseg(sizes, seed);
    await trainXSeg(model, order.slice(0, count), { steps: Number(options.steps), seed, augmentation: { textures } });
    await row(`${count} masks`, String(seed), (trials) => segmentFaces(model, trials.map(({ picture }) => picture)));
    model.weights.dispose();
  }
}
if (pairs) say(`\n${pairs.trials.length} pairs; in ${pairs.missed} more no face was found.`);

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = randomSource(seed, "order of masks");
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const other = index(random, i + 1);
    [out[i], out[other]] = [out[other]!, out[i]!];
  }
  return out;
}
