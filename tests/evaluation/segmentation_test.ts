import assert from "node:assert/strict";
import { createPicture, type Picture } from "doppel/image/mod.ts";
import { intersectionOverUnion, measureSegmentation, shareCovered } from "doppel/evaluation/mod.ts";

/** A mask of 10x10 pixels with some rows set. */
function rows(from: number, to: number, value = 1): Picture {
  const mask = createPicture(10, 10, 1);
  mask.data.fill(value, from * 10, to * 10);
  return mask;
}

Deno.test("intersectionOverUnion() is the Jaccard index of the pixels from the threshold on", () => {
  assert.equal(intersectionOverUnion(rows(0, 6), rows(2, 8)), 4 / 8);
  assert.equal(intersectionOverUnion(rows(2, 8), rows(0, 6)), 4 / 8);
  assert.equal(intersectionOverUnion(rows(0, 6), rows(0, 6, 0.5)), 1);
  assert.equal(intersectionOverUnion(rows(0, 6), rows(0, 6, 0.49)), 0);
  assert.equal(intersectionOverUnion(rows(0, 6), rows(0, 6, 0.3), { threshold: 0.3 }), 1);
  assert.equal(intersectionOverUnion(rows(0, 0), rows(0, 0)), 1);
  assert.throws(
    () => intersectionOverUnion(rows(0, 1), createPicture(9, 10, 1)),
    /Cannot compare masks: expected two masks/,
  );
});

Deno.test("shareCovered() counts the region only", () => {
  assert.equal(shareCovered(rows(0, 3), rows(2, 6)), 1 / 4);
  assert.ok(Number.isNaN(shareCovered(rows(0, 3), rows(0, 0))));
});

Deno.test("measureSegmentation() averages over faces, and over covered faces alone what is left out", () => {
  const scores = measureSegmentation([
    { predicted: rows(0, 8), truth: rows(0, 6), covered: rows(6, 10) },
    { predicted: rows(0, 4), truth: rows(0, 8) },
    { predicted: rows(0, 4), truth: rows(0, 8), covered: rows(0, 0) },
  ]);
  assert.deepEqual(scores, { cases: 3, iou: (6 / 8 + 0.5 + 0.5) / 3, kept: (1 + 0.5 + 0.5) / 3, leftOut: 0.5 });
  assert.equal(measureSegmentation([{ predicted: rows(0, 4), truth: rows(0, 8) }]).leftOut, undefined);
});
