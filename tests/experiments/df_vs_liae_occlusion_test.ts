import assert from "node:assert/strict";
import { BUNDLED_FACES, facePhoto, readFaceSet } from "doppel/data/mod.ts";
import { createPicture, type Picture } from "doppel/image/mod.ts";
import { byConversion, byOcclusion } from "../../experiments/df_vs_liae/conversion_summary.ts";
import { measureOcclusion, occlude } from "../../experiments/df_vs_liae/occlusion.ts";

const cell = { arm: "df", seed: 1, pair: "a+b", person: "a", mask: "overlay" };
const at = ({ data }: Picture, i: number) => data[i]!;

Deno.test("occlude() covers part of a real face, the same at every call, and leaves the rest bit for bit", async () => {
  const { faces } = await readFaceSet(BUNDLED_FACES, { size: 64, persons: ["person14"], photoSplit: "held_out" });
  const photos = await Promise.all(faces.slice(0, 3).map((face) => facePhoto(BUNDLED_FACES, face)));
  const covered = occlude(photos, "test");
  assert.deepEqual(covered.map(({ occluder }) => occluder), ["blob", "ellipse", "bar"]);
  assert.deepEqual(occlude(photos, "test")[1]!.photo.data, covered[1]!.photo.data);
  assert.notDeepEqual(occlude(photos, "another")[1]!.photo.data, covered[1]!.photo.data);
  for (const [i, { photo, alpha, face }] of covered.entries()) {
    const before = photos[i]!.photo;
    let [changed, inside, both] = [0, 0, 0];
    alpha.data.forEach((value, k) => {
      if (value > 0.5) inside++;
      if (value > 0 && at(face, k) > 0) both++;
      if (at(face, k) > 0 && at(photo, 3 * k) !== at(before, 3 * k)) changed++;
    });
    assert.ok(inside > 100, `${inside} pixels are covered`);
    assert.equal(both, 0, "inside and outside do not meet");
    assert.equal(changed, 0, "what counts as outside is untouched");
  }
});

Deno.test("measureOcclusion() tells a model that paints over the occluder from one that leaves it", () => {
  const [width, height] = [4, 2];
  const photo = createPicture(width, height, 3, 0.5);
  const half = (left: number, right: number) =>
    createPicture(width, height, 1, Float32Array.from({ length: 8 }, (_, i) => i % 4 < 2 ? left : right));
  const occluded = [{
    ...{ photo, landmarks: new Float32Array(136), occluder: "blob" as const, alpha: half(1, 0), face: half(0, 1) },
  }];
  const painted = createPicture(
    width,
    height,
    3,
    photo.data.map((value, i) => Math.floor(i / 3) % 4 < 2 ? 0.9 : value),
  );
  const [own] = measureOcclusion(cell, occluded, [painted]);
  assert.ok(Math.abs(own!.inside - 0.4) < 1e-6 && own!.outside === 0 && own!.task === "itself");
  const swapped = createPicture(width, height, 3, 0.7);
  const [swap] = measureOcclusion(cell, occluded, [swapped], [swapped]);
  assert.ok(Math.abs(swap!.inside - 0.2) < 1e-6, "inside, the photograph is the truth");
  assert.equal(swap!.outside, 0, "outside, the swap without occluder is");
});

Deno.test("byOcclusion() and byConversion() group, pair and leave out what is not there", () => {
  const rows = [1, 2].flatMap((seed) =>
    [0, 1].flatMap((photo) => [
      { kind: "occlusion", ...cell, seed, photo, task: "itself", inside: 0.3 + photo / 10, outside: 0.1 },
      ...[["df", "overlay", 5, 0.5], ["df", "poisson", 4, 0.4], ["liae", "overlay", 6, null]].map((
        [arm, variant, seam, gain],
      ) => ({ kind: "swap", arm, variant, seed, pair: "a+b", person: "a", photo, seam, gain })),
    ])
  );
  const [row, ...none] = byOcclusion(rows);
  assert.equal(none.length, 0);
  assert.ok(Math.abs((row!["excess"] as number) - 0.25) < 1e-9);
  const conversions = byConversion(rows);
  assert.deepEqual(conversions.map(({ arm, variant, seam }) => [arm, variant, seam]), [
    ["df", "poisson", -1],
    ["liae", "overlay", 1],
  ]);
  assert.ok(Math.abs((conversions[0]!["gain"] as number) + 0.1) < 1e-9);
  assert.equal(conversions[1]!["gain"], undefined, "no gain was measured");
  assert.deepEqual(byConversion(rows.filter(({ arm }) => arm !== "df")), []);
});
