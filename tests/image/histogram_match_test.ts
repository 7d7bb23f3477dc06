import assert from "node:assert/strict";
import fc from "fast-check";
import { createPicture, fromBytes, histogramMatch, type Picture } from "doppel/image/mod.ts";
import { a, assertNear, b, expected, maskA, maskB } from "./fixtures.ts";

const masks = { mask: maskA, referenceMask: maskB };

Deno.test("histogramMatch() agrees with scikit-image", () => {
  assertNear(histogramMatch(a, b).data, expected("hist"), 2e-5);
});

Deno.test("histogramMatch() agrees with NumPy inside soft masks, with and without DeepFaceLab's threshold", () => {
  assertNear(histogramMatch(a, b, masks).data, expected("hist_masked"), 5e-5);
  assertNear(histogramMatch(a, b, { ...masks, threshold: 238 }).data, expected("hist_238"), 5e-5);
  assert.throws(() => assertNear(expected("hist_masked"), expected("hist_238"), 0.02));
});

Deno.test("histogramMatch() gives a picture of the reference's size its histogram exactly, and leaves equals alone", () => {
  // As many pixels, each of another value: then it is a permutation of values.
  const values = (seed: number) => fromBytes(Uint8Array.from({ length: 243 }, (_, i) => (i * seed) % 256), 9, 9, 3);
  const [one, other] = [values(7), values(11)];
  const channel = ({ data }: Picture, c: number) => data.filter((_, i) => i % 3 === c).sort();
  for (let c = 0; c < 3; c++) assert.deepEqual(channel(histogramMatch(one, other), c), channel(other, c));
  assertNear(histogramMatch(one, one).data, one.data, 0);
});

Deno.test("histogramMatch() keeps the order of values and stays within the reference's", () => {
  const picture = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 27, maxLength: 27 })
    .map((bytes) => fromBytes(Uint8Array.from(bytes), 3, 3, 3));
  fc.assert(
    fc.property(picture, picture, fc.integer({ min: 1, max: 255 }), (one, other, threshold) => {
      const out = histogramMatch(one, other, { threshold });
      for (let c = 0; c < 3; c++) {
        const at = Array.from({ length: 9 }, (_, i) => i * 3 + c).sort((i, j) => one.data[i]! - one.data[j]!);
        const [low, high] = [Math.min, Math.max].map((f) => f(...at.map((i) => other.data[i]!)));
        at.slice(1).forEach((i, k) => assert.ok(out.data[i]! >= out.data[at[k]!]!));
        assert.ok(at.every((i) => out.data[i]! >= low! - 1e-6 && out.data[i]! <= high! + 1e-6));
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("histogramMatch() takes pictures of one colour, and says what is wrong", () => {
  const one = createPicture(4, 5, 3, [0.2, 0.4, 0.6]);
  assertNear(histogramMatch(a, one).data, a.data.map((_, i) => one.data[i % 3]!), 1e-5);
  assert.ok(histogramMatch(one, a).data.every((value) => value >= 0 && value <= 1));
  assert.throws(
    () => histogramMatch(a, b, { mask: createPicture(20, 16, 1) }),
    /^Problem: Cannot match histograms: expected the mask of the picture with some pixels in it, got an empty one$/,
  );
  assert.throws(() => histogramMatch(a, b, { threshold: 0 }), /expected a threshold above 0 and up to 255, got 0/);
});
