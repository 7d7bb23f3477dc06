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
