import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { bootstrapPValue, hierarchicalBootstrap, holm, quantile, rocAuc, type Scored } from "doppel/evaluation/mod.ts";

const near = (got: number, want: number, within: number, what = "") =>
  ok(Math.abs(got - want) <= within, `${what} ${got} is not within ${within} of ${want}`);

/** Standard normal numbers by Box and Muller. */
function normals(seed: number): () => number {
  const random = xoroshiro128plus(seed);
  const uniform = () => 1 - uniformFloat64(random);
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

// scipy 1.17.1: scipy.stats.bootstrap((SAMPLE,), numpy.mean or numpy.median, n_resamples=400_000,
// method="percentile", rng=1), with `pip install scipy` in a virtual environment.
const SAMPLE = [0.31, 0.12, 0.45, 0.27, 0.08, 0.51, 0.33, 0.19, 0.22, 0.40, 0.05, 0.36, 0.29, 0.17, 0.62, 0.24, 0.38];
SAMPLE.push(0.11, 0.30, 0.26);

Deno.test("hierarchicalBootstrap() agrees with scipy.stats.bootstrap on one level", () => {
  const { estimate, interval, draws } = hierarchicalBootstrap(SAMPLE, { draws: 40_000, seed: 3 });
  near(estimate, 0.283, 1e-12);
  near(interval[0], 0.2225, 0.001);
  near(interval[1], 0.347, 0.001);
  const mean = draws.reduce((sum, draw) => sum + draw) / draws.length;
  near(Math.sqrt(draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length), 0.0318036, 0.0004);
  const median = (leaves: readonly number[]) => quantile(leaves.toSorted((a, b) => a - b), 0.5);
  deepEqual(hierarchicalBootstrap(SAMPLE, { draws: 20_000, statistic: median }).interval.map((end) => end.toFixed(3)), [
    "0.205",
    "0.345",
  ]);
});

Deno.test("hierarchicalBootstrap() covers a normal mean as often as its level says", () => {
  const normal = normals(11);
  const trials = 400;
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const sample = Array.from({ length: 50 }, () => 2 + normal());
    const { interval: [low, high] } = hierarchicalBootstrap(sample, { draws: 600, seed: trial + 1 });
    if (low <= 2 && 2 <= high) covered++;
  }
  // Percentile intervals of 50 normal values cover about 94 %; four standard errors of 400 trials are 0.048.
  near(covered / trials, 0.94, 0.048);
});

Deno.test("hierarchicalBootstrap() has the variance that the nested design gives in closed form", () => {
  // Groups drawn with replacement, then members: variance = between/k + (mean within)/(k m), both as population variances.
  const groups = [[1, 2, 6], [4, 4, 7], [9, 1, 2], [0, 3, 3]];
  const means = groups.map((group) => group.reduce((a, b) => a + b) / 3);
  const variance = (values: number[]) => {
    const centre = values.reduce((a, b) => a + b) / values.length;
    return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
  };
  const expected = variance(means) / 4 + groups.reduce((sum, group) => sum + variance(group), 0) / 4 / 12;
  const { draws } = hierarchicalBootstrap(groups, { draws: 40_000, seed: 5 });
  near(variance([...draws]) / expected, 1, 0.03);
});

Deno.test("hierarchicalBootstrap() draws shared members once for all seeds when they are crossed", () => {
  // Three seeds that see the same five pictures and differ in nothing: all spread comes from the pictures.
  const groups = [[1, 2, 3, 4, 10], [1, 2, 3, 4, 10], [1, 2, 3, 4, 10]];
  const spread = (crossed: boolean) => {
    const { draws } = hierarchicalBootstrap(groups, { draws: 20_000, seed: 2, crossed });
    return draws.reduce((sum, draw) => sum + (draw - 4) ** 2, 0) / draws.length;
  };
  near(spread(true), 10 / 5, 0.08, "crossed");
  near(spread(false), 10 / 5 / 3, 0.03, "nested");
  throws(() => hierarchicalBootstrap([[1], [1, 2]], { crossed: true }), /same members/);
});

Deno.test("hierarchicalBootstrap() draws photographs that all pairs share once for all pairs", () => {
  // Nothing but the photograph makes a difference: its spread is not divided by the number of pairs.
  const photographs = [1, 2, 3, 4, 10];
  const groups = Array(3).fill(Array(4).fill(photographs));
  const spread = (crossed: true | "leaves") => {
    const { draws } = hierarchicalBootstrap(groups, { draws: 20_000, seed: 2, crossed });
    return draws.reduce((sum, draw) => sum + (draw - 4) ** 2, 0) / draws.length;
  };
  // Variance of the mean of five: ((3^2 + 2^2 + 1 + 0 + 6^2) / 5) / 5 = 2; apart, a draw of four pairs has a quarter of it.
  near(spread("leaves"), 2, 0.08, "shared");
  near(spread(true), 2 / 4, 0.03, "apart");
  const uneven = [[[1], [1, 2]], [[1], [1, 2]]];
  throws(() => hierarchicalBootstrap(uneven, { crossed: "leaves" }), /same members/);
});

Deno.test("hierarchicalBootstrap() weighs every seed the same, however many pictures it has", () => {
  const { estimate, groups } = hierarchicalBootstrap([[[1], [3]], [[10, 10, 10], [20]]], { draws: 10 });
  equal(estimate, 8.5);
  deepEqual(groups, [2, 15]);
});

Deno.test("hierarchicalBootstrap() keeps both classes in every draw when told the strata", () => {
  const scored: Scored[] = [{ score: 0.9, forged: true }, { score: 0.2, forged: false }, { score: 0.4, forged: false }];
  const { interval } = hierarchicalBootstrap([scored, scored], {
    statistic: rocAuc,
    strata: (s) => s.forged,
    draws: 200,
  });
  deepEqual(interval, [1, 1]);
});

Deno.test("hierarchicalBootstrap() is the same for one seed, equivariant under shift and scale, and holds its draws", () => {
  const nested = fc.array(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(fc.property(nested, fc.integer({ min: 1, max: 1e6 }), (groups, seed) => {
    const options = { draws: 60, seed };
    const once = hierarchicalBootstrap(groups, options);
    deepEqual(hierarchicalBootstrap(groups, options), once);
    const moved = hierarchicalBootstrap(groups.map((group) => group.map((value) => 2 * value + 1)), options);
    near(moved.interval[0], 2 * once.interval[0] + 1, 1e-9);
    near(moved.interval[1], 2 * once.interval[1] + 1, 1e-9);
    const leaves = groups.flat();
    ok(once.draws[0]! >= Math.min(...leaves) - 1e-9 && once.draws[59]! <= Math.max(...leaves) + 1e-9);
    ok(once.interval[0] <= once.interval[1]);
  }));
});

Deno.test("hierarchicalBootstrap() refuses empty groups, mixed depths and statistics that are not finite", () => {
  throws(() => hierarchicalBootstrap([]), /empty group/);
  throws(() => hierarchicalBootstrap([[1], []]), /empty group/);
  throws(() => hierarchicalBootstrap([[1], 2] as number[][]), /equal depth/);
  throws(() => hierarchicalBootstrap([1, 2], { statistic: () => NaN }), /finite statistic/);
  throws(() => hierarchicalBootstrap([1, 2], { level: 95 }), /level in \(0, 1\)/);
});

Deno.test("bootstrapPValue() falls below 0.05 when the 95 % interval leaves out zero, give or take one draw", () => {
  fc.assert(fc.property(fc.integer({ min: -60, max: 60 }), (shift) => {
    const draws = Float64Array.from({ length: 1999 }, (_, i) => (i - 999) / 100 + shift / 4 + 0.001);
    const excludes = quantile(draws, 0.025) > 0 || quantile(draws, 0.975) < 0;
    const p = bootstrapPValue(draws);
    ok(excludes ? p < 0.05 + 2.1 / 2000 : p > 0.05 - 2.1 / 2000, `${p} with an interval that ${excludes}`);
  }));
  equal(bootstrapPValue([1, 2, 3]), 0.5); // (0 + 1) / 4 on one side, doubled
  equal(bootstrapPValue([0, 0, 0]), 1);
});

Deno.test("holm() corrects as in a hand-worked case", () => {
  // Ascending 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1 is 0.02, 0.03, 0.06, 0.04, and never falls again.
  deepEqual(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(10))), [0.03, 0.06, 0.06, 0.02]);
  deepEqual(holm([]), []);
  throws(() => holm([0.5, 1.2]), /\[0, 1\]/);
});
