import assert from "node:assert/strict";
import { join } from "node:path";
import { BUNDLED_FACES, codecParity, readManifest } from "doppel/data/mod.ts";
import { rocAuc } from "doppel/evaluation/mod.ts";
import {
  cropPicture,
  type EncodeOptions,
  encodePicture,
  type Picture,
  type PictureCoding,
  readPicture,
  readPictureCoding,
} from "doppel/image/mod.ts";
import { randomSource, uniform } from "doppel/random.ts";

const { photographs } = await readManifest(BUNDLED_FACES);
const chosen = photographs.filter((_, i) => i % 9 === 0).slice(0, 40);
const pictures: Picture[] = [];
for (const { path } of chosen) {
  const { width, height, ...rest } = await readPicture(join(BUNDLED_FACES, path));
  pictures.push(cropPicture({ width, height, ...rest }, { x: width >> 2, y: height >> 2, width: 96, height: 96 }));
}

/** Every second photograph counts as forged; what is done to it is the caller's. */
async function samples(how: (forged: boolean, i: number) => EncodeOptions) {
  return await Promise.all(pictures.map(async (picture, i) => {
    const forged = i % 2 === 1;
    return { coding: await readPictureCoding(await encodePicture(picture, how(forged, i))), forged };
  }));
}
const halves = <T>(all: T[]) => [all.slice(0, 20), all.slice(20)] as const;
const jpeg = (quality: number, more: EncodeOptions = {}): EncodeOptions => ({ format: "jpeg", quality, ...more });

Deno.test("codecParity() catches another JPEG quality, chroma, format or metadata in a class, and names it", async () => {
  const cases: readonly (readonly [keyof PictureCoding, (forged: boolean) => EncodeOptions])[] = [
    ["tables", (forged) => jpeg(forged ? 94 : 95)],
    ["chroma", (forged) => jpeg(95, { chroma: forged ? "4:4:4" : "4:2:0" })],
    ["format", (forged) => forged ? { format: "png" } : jpeg(95)],
    ["metadata", (forged) => jpeg(95, forged ? { provenance: { generator: "df" } } : {})],
  ];
  for (const [fact, how] of cases) {
    const { differing, scores } = codecParity(...halves(await samples(how)));
    assert.ok(differing.includes(fact), `${fact} among ${differing}`);
    assert.ok(rocAuc(scores) > 0.98, `${fact}: ${rocAuc(scores)}`);
  }
});

Deno.test("codecParity() of one codec names nothing and scores within what relabelled files score", async () => {
  const all = await samples(() => jpeg(95));
  const { differing, scores } = codecParity(...halves(all));
  assert.deepEqual(differing, []);
  // Each of the same files forged or real by the toss of a coin: the distribution of the AUC where nothing is to be found.
  const random = randomSource(1, "permutation");
  const nulls = Array.from({ length: 60 }, () => {
    const coins = all.map(({ coding }) => ({ coding, forged: uniform(random, 0, 1) < 0.5 }));
    return Math.abs(rocAuc(codecParity(...halves(coins)).scores) - 0.5);
  }).sort((a, b) => a - b);
  const off = Math.abs(rocAuc(scores) - 0.5);
  assert.ok(off <= nulls.at(-2)!, `${off} beside ${nulls.at(-2)}`);
  assert.deepEqual(codecParity(...halves(all)).scores, scores, "the same again");
});

Deno.test("codecParity() finds a difference of size, and of the spread of sizes alone", () => {
  const coding = (bytes: number): PictureCoding => ({
    ...{ format: "jpeg", width: 9, height: 9, chroma: "4:2:0", isProgressive: false, quality: 95, tables: "1; 2" },
    ...{ metadata: [], metadataBytes: 0, bytes },
  });
  const set = (bytes: (forged: boolean, i: number) => number) =>
    Array.from({ length: 60 }, (_, i) => ({ coding: coding(Math.round(bytes(i % 2 === 1, i))), forged: i % 2 === 1 }));
  const auc = (own: ReturnType<typeof set>) => rocAuc(codecParity(own, own).scores);
  const wave = (i: number) => 1 + 0.1 * Math.sin(i);
  assert.ok(auc(set((forged, i) => 5000 * wave(i) * (forged ? 0.7 : 1))) > 0.99);
  assert.ok(auc(set((forged, i) => 5000 * (forged ? i % 4 < 2 ? 0.6 : 1.6 : wave(i)))) > 0.95);
  assert.throws(
    () => codecParity(set(() => 1).filter(({ forged }) => forged), set(() => 1)),
    /Cannot compare codecs: expected real and forged files, got 0 and 30 \(train\)/,
  );
});
