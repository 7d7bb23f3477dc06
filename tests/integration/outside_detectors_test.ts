// Pictures that are not in the project, in ../shared/data; its README says what their traps are. Where the folder is absent,
// the tests are skipped.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createTerminal, execute } from "doppel/commands/mod.ts";
import { detect } from "doppel/commands/detect.ts";
import { train } from "doppel/commands/train.ts";
import { type CodingDifference, listLabelledFolder, readLabelledPictures } from "doppel/data/mod.ts";
import { rocAuc } from "doppel/evaluation/mod.ts";
import { readDetectorDescription } from "doppel/experiment/mod.ts";
import { cropPicture, type Picture, readPicture } from "doppel/image/mod.ts";
import { index, randomSource } from "doppel/random.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";

const root = join(import.meta.dirname!, "..", "..");
const data = join(root, "..", "shared", "data");
const ignore = !existsSync(data);
const folder = Deno.makeTempDirSync({ prefix: "doppel-outside-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/** Evenly spread pictures of a set, linked into a folder of the test's own. */
function few(name: string, set: string, count: number): string {
  const to = join(folder, name);
  Deno.mkdirSync(to, { recursive: true });
  const files = [...Deno.readDirSync(join(data, set))].map((entry) => entry.name).sort();
  for (let i = 0; i < count; i++) {
    const file = files[Math.floor(i * files.length / count)]!;
    Deno.symlinkSync(join(data, set, file), join(to, file));
  }
  return to;
}

const tells = (differences: readonly CodingDifference[]) =>
  Object.fromEntries(differences.map(({ property, tells }) => [property, tells]));

/** The mean colours of a picture's four edges, four pixels wide. */
function border(picture: Picture): number[] {
  const { width, height } = picture;
  const edges = [
    { x: 0, y: 0, width, height: 4 },
    { x: 0, y: height - 4, width, height: 4 },
    { x: 0, y: 0, width: 4, height },
    { x: width - 4, y: 0, width: 4, height },
  ];
  return edges.flatMap((edge) => {
    const { data } = cropPicture(picture, edge);
    return [0, 1, 2].map((c) => data.filter((_, i) => i % 3 === c).reduce((sum, v) => sum + v, 0) / (data.length / 3));
  });
}

interface Case {
  readonly features: readonly number[];
  readonly forged: boolean;
}

/** Mean AUC of ridge regression over four folds, each learned from the others; cases are real and forged by turns. */
function heldOutAuc(cases: readonly Case[]): number {
  const foldOf = (i: number) => Math.floor(i / 2) % 4;
  const areas = [0, 1, 2, 3].map((fold) => {
    const known = cases.filter((_, i) => foldOf(i) !== fold);
    const mean = known[0]!.features.map((_, j) => known.reduce((sum, one) => sum + one.features[j]!, 0) / known.length);
    const weights = mean.map(() => 0);
    const score = ({ features }: Case) => features.reduce((sum, value, j) => sum + (value - mean[j]!) * weights[j]!, 0);
    for (let step = 0; step < 200; step++) {
      const gradient = mean.map(() => 0);
      for (const one of known) {
        const error = score(one) - (one.forged ? 0.5 : -0.5);
        one.features.forEach((value, j) => gradient[j]! += error * (value - mean[j]!) / known.length);
      }
      weights.forEach((weight, j) => weights[j] = weight - (gradient[j]! + 0.01 * weight));
    }
    return rocAuc(cases.filter((_, i) => foldOf(i) === fold).map((one) => ({ ...one, score: score(one) })));
  });
  return areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

/** The AUC that 95 % of label swaps within the pairs do not reach. */
function chance(cases: readonly Case[]): number {
  const random = randomSource(1, "swapped labels");
  const found = Array.from({ length: 40 }, () => {
    const swaps = cases.map(() => index(random, 2) === 1);
    return heldOutAuc(cases.map(({ features, forged }, i) => ({ features, forged: forged !== swaps[i >> 1]! })));
  });
  return found.sort((a, b) => a - b)[38]!;
}

Deno.test({
  name:
    "readLabelledPictures() of CNNDetection's examples: the frame gives the answer away, and cut out it does not (needs ../shared/data)",
  ignore,
  async fn() {
    const { files } = await listLabelledFolder(join(data, "cnndetection-examples"));
    assert.deepEqual([files.length, files.filter(({ forged }) => forged).length], [80, 40]);
    const pictures = await Promise.all(
      files.map(async ({ path, forged }) => ({ picture: await readPicture(path), forged })),
    );
    const [real, forged] = [false, true].map((side) => pictures.filter((picture) => picture.forged === side));
    const turns = real!.flatMap((picture, i) => [picture, forged![i]!]);
    const framed = turns.map(({ picture, forged }) => ({ features: border(picture), forged }));
    const cutAt = (margin: number) => {
      const inside = { x: 50 + margin, y: 50 + margin, width: 256 - 2 * margin, height: 256 - 2 * margin };
      return turns.map(({ picture, forged }) => ({ features: border(cropPicture(picture, inside)), forged }));
    };
    const cut = cutAt(3);
    const [withFrame, without, bound] = [heldOutAuc(framed), heldOutAuc(cut), chance(cut)];
    const bleeding = heldOutAuc(cutAt(0));
    assert.ok(bleeding > bound, `AUC ${bleeding}: the frame bleeds into what is cut along its edge`);
    assert.ok(withFrame > 0.99, `AUC ${withFrame} by the frame`);
    assert.ok(without < bound, `AUC ${without} by the border of what is inside, swapped labels reach ${bound}`);
  },
});

Deno.test({
  name: "readLabelledPictures() of GAN and FFHQ faces takes away what their files tell (needs ../shared/data)",
  ignore,
  async fn() {
    await useTensorFlow();
    const source = {
      real: few("ffhq", "ffhq-real-faces/real", 16),
      forged: few("gan", "gan-faces-generated/fake", 16),
    };
    const how = { resolution: 64, crop: null, margin: 0.3 };
    const { pictures, preparation, missed, coding } = await readLabelledPictures(await listLabelledFolder(source), how);
    const [before, after] = [tells(coding.before), tells(coding.after)];
    for (const property of ["JPEG quality", "JPEG tables", "chroma", "width", "metadata"]) {
      assert.equal(before[property], 1, `${property} alone tells GAN from FFHQ files`);
    }
    for (
      const property of [
        "JPEG quality",
        "JPEG tables",
        "chroma",
        "width",
        "height",
        "format",
        "progressive",
        "metadata",
      ]
    ) {
      assert.equal(after[property], 0.5, `${property} tells nothing of what a detector sees`);
    }
    // How well a picture compresses is content: plain backgrounds do it better, however files are made.
    assert.ok(after["bytes a pixel"]! < 0.85, `${after["bytes a pixel"]}`);
    assert.equal(preparation.quality, 75, "the lower one of both sides");
    assert.equal(pictures.length + missed.length, 32);
  },
});

Deno.test({
  name: "train() and detect() of faces forged by hand, from folder to scores (needs ../shared/data)",
  ignore,
  async fn() {
    const set = join(folder, "photoshop");
    few("photoshop/real", "ciplab-photoshop-faces/real", 60);
    const fakes = few("photoshop/fake", "ciplab-photoshop-faces/fake", 60);
    let err = "";
    const terminal = createTerminal({
      out: { write: () => {}, interactive: false },
      err: { write: (text) => err += text, interactive: false },
    });
    const model = join(folder, "model");
    const how = ["--data", set, "--whole", "--steps", "60", "--validate-every", "20", "--out", model];
    assert.equal(await execute(train, ["forensic_transfer", ...how], { terminal }), 0, err);
    const description = (await readDetectorDescription(model))!;
    const { validation, test } = description.figures;
    assert.equal(description.pictures.quality, 95, "as both classes have it");
    assert.ok(description.threshold !== null && validation!.auc >= 0.4);
    // Sixty steps on seventy pictures teach little about composites made by hand: a score near 1 would be a leak.
    assert.ok(test!.auc > 0.2 && test!.auc < 0.9, `test AUC ${test!.auc}`);
    const scores = join(folder, "scores.csv");
    assert.equal(await execute(detect, ["--model", model, fakes, "--out", scores], { terminal }), 0, err);
    const [head, ...rows] = Deno.readTextFileSync(scores).trim().split("\n");
    assert.equal(head, "file,score,faces,decision,problem");
    assert.equal(rows.length, 60);
    for (const row of rows) assert.match(row, /^\S+\.jpg,(0|1|0\.\d+),,(forged|real),$/);
  },
});
