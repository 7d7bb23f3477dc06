import assert from "node:assert/strict";
import fc from "fast-check";
import { accuracy, balancedThreshold } from "doppel/evaluation/mod.ts";

Deno.test("balancedThreshold() has the best balanced accuracy of all thresholds", () => {
  const picture = fc.record({ score: fc.integer({ min: 0, max: 20 }).map((n) => n / 20), forged: fc.boolean() });
  fc.assert(fc.property(fc.array(picture, { minLength: 2, maxLength: 30 }), (scored) => {
    fc.pre(new Set(scored.map(({ forged }) => forged)).size === 2);
    const best = Math.max(...Array.from({ length: 22 }, (_, i) => accuracy(scored, i / 20).balanced));
    assert.ok(Math.abs(accuracy(scored, balancedThreshold(scored)).balanced - best) < 1e-12);
  }));
});

Deno.test("balancedThreshold() lies half way between the classes that it parts", () => {
  const scored = [0.1, 0.3, 0.7, 0.9].map((score) => ({ score, forged: score > 0.5 }));
  assert.equal(balancedThreshold(scored), 0.5);
});

Deno.test("balancedThreshold() is the highest of those that are equally good", () => {
  const scored = [0.2, 0.6].map((score) => ({ score, forged: false }))
    .concat([0.4, 0.8].map((score) => ({ score, forged: true })));
  // Half of the forged pictures and no real one, or all of the forged ones and half of the real ones.
  assert.ok(Math.abs(balancedThreshold(scored) - 0.7) < 1e-12);
});
