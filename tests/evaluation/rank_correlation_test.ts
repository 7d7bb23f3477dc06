import assert from "node:assert/strict";
import { decideClaim, hierarchicalBootstrap, rankCorrelation, trend } from "doppel/evaluation/mod.ts";
// scipy.stats.spearmanr on settings with many ties and figures rounded to one digit.
import truth from "./spearman_truth.json" with { type: "json" };

const points = (x: readonly number[], y: readonly number[]) => x.map((value, i) => ({ x: value, y: y[i]! }));

Deno.test("rankCorrelation() agrees with scipy, ties included, whatever the order", () => {
  for (const { x, y, rho } of truth) {
    assert.ok(Math.abs(rankCorrelation(points(x, y)) - rho) < 1e-12, `${rho}`);
    assert.ok(Math.abs(rankCorrelation(points(x, y).reverse()) - rho) < 1e-12, `${rho} reversed`);
  }
});

Deno.test("rankCorrelation() is 1 for any rise, -1 for any fall, 0 for nothing, and refuses one setting", () => {
  assert.ok(Math.abs(rankCorrelation(points([1, 5, 15], [0, 0.1, 90])) - 1) < 1e-12);
  assert.ok(Math.abs(rankCorrelation(points([1, 5, 15], [3, 2, -1e9])) + 1) < 1e-12);
  assert.equal(rankCorrelation(points([1, 5, 15], [2, 2, 2])), 0);
  assert.throws(() => rankCorrelation(points([5, 5], [1, 2])), /expected at least two settings, got 1/);
  assert.throws(() => rankCorrelation(points([1, 2], [1, NaN])), /expected finite values, got 2 and NaN/);
});

const rows = (slope: number, noise: number) =>
  [1, 2, 3].flatMap((seed) =>
    ["a-b", "c-d"].flatMap((pair, p) =>
      [0.2, 0.5, 0.8].flatMap((share, s) =>
        [0, 1, 2].map((photo) => ({
          ...{ seed, pair, share, photo },
          // Pairs lie far apart, and a picture's own noise has no regard for the share.
          id: 5 * p + seed + slope * share + noise * Math.sin(37 * seed + 11 * p + 5 * s + 3 * photo),
        }))
      )
    )
  );

Deno.test("trend() sees a rise within pairs that lie far apart, and decides claims by it", () => {
  const options = { x: "share", y: "id", levels: ["seed", "pair"] };
  const rule = { id: 12, statement: "rises", source: "FaceShifter", unit: "Spearman's rho", draws: 300 };
  const rising = decideClaim({ ...rule, ...trend(rows(1, 0.02), options) });
  assert.equal(rising.verdict, "supported");
  // Three photographs at each of three shares: ties within a share keep rho under 1.
  assert.ok(rising.estimate! > 0.9 && rising.estimate! < 1, `${rising.estimate}`);
  assert.equal(rising.seeds, 3);
  assert.equal(decideClaim({ ...rule, ...trend(rows(-1, 0.02), options) }).verdict, "contradicted");
  const falling = decideClaim({ ...rule, ...trend(rows(-1, 0.02), options), direction: "lower" });
  assert.equal(falling.verdict, "supported");
  assert.equal(decideClaim({ ...rule, ...trend(rows(0, 1), options) }).verdict, "inconclusive");
  const { samples, ...how } = trend(rows(1, 0).filter(({ photo }) => photo === 0), options);
  const { interval } = hierarchicalBootstrap(samples, { ...how, draws: 50, crossed: true });
  assert.ok(interval[0] > 0.9, "every draw keeps all shares");
  assert.throws(() => trend([{ seed: 1, share: 1, id: "x" }], { ...options, levels: ["seed"] }), /a finite number/);
  assert.throws(() => trend([{ share: 1, id: 1 }], { ...options, levels: ["seed"] }), /a column "seed"/);
});
