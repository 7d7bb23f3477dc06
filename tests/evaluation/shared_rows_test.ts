import assert from "node:assert/strict";
import { compareShared, isCrossed, meanWithInterval } from "doppel/evaluation/mod.ts";

const levels = ["seed", "photo"];
const row = (seed: number, photo: number, value: unknown) => ({ seed, photo, value });

Deno.test("compareShared() compares what both have and leaves out what one lacks", () => {
  const of = [row(1, 1, 5), row(1, 2, 7), row(2, 1, 6), row(2, 3, null)];
  const against = [row(1, 1, 1), row(2, 1, 3), row(2, 3, 4), row(3, 1, 9)];
  const compared = compareShared(of, against, { value: "value", levels });
  assert.deepEqual(compared, { samples: [[4], [3]], crossed: true });
  assert.equal(compareShared(of, [row(9, 9, 1)], { value: "value", levels }), undefined);
  // Seed 2 has a photograph more than seed 1: they can no longer be drawn together.
  const uneven = [...against, row(1, 2, 1), row(2, 2, 1)];
  assert.equal(compareShared(of, uneven, { value: "value", levels })?.crossed, false);
});

Deno.test("isCrossed() asks for the same members in every outer group, in any order", () => {
  assert.ok(isCrossed([row(1, 1, 0), row(1, 2, 0), row(2, 2, 0), row(2, 1, 0)], levels));
  assert.ok(!isCrossed([row(1, 1, 0), row(2, 2, 0)], levels));
});

Deno.test("meanWithInterval() weighs outer groups alike", () => {
  const rows = [row(1, 1, 0), row(1, 2, 0), row(1, 3, 0), row(2, 1, 1)];
  const { estimate, interval: [low, high] } = meanWithInterval(rows, { value: "value", levels });
  assert.equal(estimate, 0.5);
  assert.ok(low === 0 && high === 1, `${low} to ${high}`);
});
