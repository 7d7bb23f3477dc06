import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { accuracy, averagePrecision, equalErrorRate, rocAuc, rocCurve, type Scored } from "doppel/evaluation/mod.ts";

const set = (scores: number[], labels: number[]): Scored[] =>
  scores.map((score, i) => ({ score, forged: labels[i] === 1 }));
const near = (got: number, want: number) => ok(Math.abs(got - want) < 1e-12, `${got} is not ${want}`);

// scikit-learn 1.9.1: roc_auc_score, average_precision_score; EER by scipy's brentq on the interpolated roc_curve.
const TIED = set([.9, .8, .8, .7, .6, .6, .6, .4, .3, .2, .2, .1], [1, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0]);

Deno.test("rocAuc(), averagePrecision() and equalErrorRate() agree with scikit-learn on ties", () => {
  near(rocAuc(TIED), 0.75);
  near(averagePrecision(TIED), 0.7317821067821069);
  near(equalErrorRate(TIED), 0.27777777777777773);
});

Deno.test("rocCurve() has one point a distinct score", () => {
  const curve = rocCurve(set([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0]));
  deepEqual(curve.map((point) => [point.falsePositiveRate, point.truePositiveRate]), [[0, 0], [0, .5], [.5, 1], [
    1,
    1,
  ]]);
});

const sets = fc.array(fc.record({ score: fc.integer({ min: -20, max: 20 }), forged: fc.boolean() }), { minLength: 2 })
  .filter((scored) => new Set(scored.map(({ forged }) => forged)).size === 2);

Deno.test("rocAuc() is the share of forged-real pairs in order, turns round with the scores, and ignores monotone maps", () => {
  fc.assert(fc.property(sets, (scored) => {
    const forged = scored.filter((s) => s.forged);
    const real = scored.filter((s) => !s.forged);
    const wins = forged.flatMap((f) => real.map((r) => f.score > r.score ? 1 : f.score === r.score ? 0.5 : 0));
    near(rocAuc(scored), wins.reduce<number>((sum, win) => sum + win, 0) / wins.length);
    near(rocAuc(scored.map((s) => ({ ...s, score: -s.score }))), 1 - rocAuc(scored));
    near(rocAuc(scored.map((s) => ({ ...s, score: Math.exp(s.score / 7) }))), rocAuc(scored));
  }));
});

Deno.test("equalErrorRate() is 0 for perfect, 1 for reversed and 0.5 for constant scores", () => {
  equal(equalErrorRate(set([0.9, 0.8, 0.2], [1, 1, 0])), 0);
  equal(equalErrorRate(set([0.1, 0.2, 0.9], [1, 1, 0])), 1);
  equal(equalErrorRate(set([0.5, 0.5, 0.5], [1, 1, 0])), 0.5);
});

Deno.test("accuracy() keeps the classes apart", () => {
  deepEqual(accuracy(set([0.9, 0.5, 0.4, 0.6], [1, 1, 1, 0])), {
    all: 0.5,
    real: 0,
    forged: 2 / 3,
    balanced: 1 / 3,
  });
});

Deno.test("rocAuc() refuses a single class and scores that are not finite", () => {
  throws(() => rocAuc(set([0.1, 0.2], [1, 1])), /both classes, got 0 real and 2 forged/);
  throws(() => rocAuc(set([0.1, NaN], [1, 0])), /finite scores, got NaN/);
});
