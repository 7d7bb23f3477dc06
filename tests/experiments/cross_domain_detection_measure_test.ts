import assert from "node:assert/strict";
import fc from "fast-check";
import { targetPool } from "../../experiments/cross_domain_detection/adapt.ts";
import { adaptations, ratesOf, stepsOf } from "../../experiments/cross_domain_detection/adaptations.ts";
import { aucRow, placementsOf } from "../../experiments/cross_domain_detection/measure.ts";
import { adaptationNames, detectorNames } from "../../experiments/cross_domain_detection/methods.ts";
import { degradationOf } from "../../experiments/cross_domain_detection/picture_sets.ts";
import { presets } from "../../experiments/cross_domain_detection/presets.ts";
import { recipes, sizesOf } from "../../experiments/cross_domain_detection/recipes.ts";
import { countParameters } from "doppel/detectors/mod.ts";
import { balancedThreshold, rocAuc } from "doppel/evaluation/mod.ts";
import { presetNames } from "doppel/experiment/mod.ts";
import { fakePictures } from "./cross_domain_detection_sets.ts";
import delong from "./cross_domain_detection_delong.json" with { type: "json" };

const byTurns = (real: readonly number[], forged: readonly number[]) =>
  real.flatMap((score, i) => [{ score, forged: false }, { score: forged[i]!, forged: true }]);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const close = (a: number, b: number, within: number) => assert.ok(Math.abs(a - b) <= within, `${a} and ${b}`);

Deno.test("placementsOf() has the AUC for its mean and DeLong's variance, ties among the scores too", () => {
  for (const { real, forged, auc, variance, independent, ...their } of delong.cases) {
    const placements = placementsOf(byTurns(real, forged));
    const n = real.length;
    close(mean(placements), auc, 1e-6);
    const spread = placements.reduce((sum, value) => sum + (value - auc) ** 2, 0) / (n - 1) / n;
    close(spread, variance, 1e-6 * variance + 1e-8);
    assert.ok(Math.abs(spread - independent) > 1e-4, "the covariance of the classes is in it");
    placements.forEach((value, i) => close(value, their.forged_placements[i]! + their.real_placements[i]! - auc, 1e-6));
  }
});

Deno.test("placementsOf() has the AUC for its mean whatever the scores", () => {
  const score = fc.integer({ min: 0, max: 6 });
  fc.assert(
    fc.property(fc.array(fc.tuple(score, score), { minLength: 1, maxLength: 12 }), (photos) => {
      const scored = byTurns(photos.map(([real]) => real), photos.map(([, forged]) => forged));
      close(mean(placementsOf(scored)), rocAuc(scored), 1e-6);
    }),
    { numRuns: 100, seed: 3 },
  );
  assert.throws(() => placementsOf([{ score: 1, forged: true }, { score: 0, forged: false }]), /real and forged/);
});

Deno.test("balancedThreshold() parts the classes half way, and aucRow() takes it to other pictures", () => {
  const validation = byTurns([0.1, 0.2, 0.75], [0.8, 0.6, 0.7]);
  close(balancedThreshold(validation), 0.4, 1e-12);
  assert.equal(balancedThreshold(byTurns([0.5, 0.5], [0.5, 0.5])), 0.5, "finite where nothing can be parted");
  const facts = { method: "ft", seed: 1, variant: "matched", source: "df", test: "aei", degradation: null } as const;
  const rest = { phase: "source", target: null, shots: null, chain: null, setting: null, chosen: true } as const;
  const row = aucRow({ ...facts, ...rest, stop: "best" }, byTurns([0.3, 0.5], [0.45, 0.9]), 0.4);
  assert.deepEqual([row.auc, row.accuracy, row.threshold], [0.75, 0.75, 0.4]);
  assert.deepEqual(row.placements, [0.75, 0.75], "0.5 + 1 - 0.75 and 1 + 0.5 - 0.75");
});

Deno.test("targetPool() draws nested pools, the same for all methods and variants, whole photographs each", () => {
  const pictures = fakePictures("df", "train", 30);
  const photos = (shots: number, seed = 1, domain: "df" | "aei" = "df") =>
    targetPool(pictures, shots, seed, domain).filter(({ forged }) => forged).map(({ photo }) => photo);
  const [five, ten, all] = [photos(5), photos(10), photos(30)];
  assert.deepEqual(ten.slice(0, 5), five);
  assert.deepEqual(all.slice(0, 10), ten);
  assert.equal(new Set(all).size, 30);
  assert.notDeepEqual(photos(5, 2), five);
  assert.notDeepEqual(photos(5, 1, "aei"), five);
  const pool = targetPool(pictures, 5, 1, "df");
  assert.deepEqual(pool.map(({ forged }) => forged), Array.from({ length: 10 }, (_, i) => i % 2 === 1));
  pool.forEach(({ photo }, i) => assert.equal(photo, pool[i - i % 2]!.photo, "a forgery with its own photograph"));
  assert.throws(
    () => targetPool(pictures, 31, 1, "df"),
    /Cannot adapt detectors: expected at least 31 photographs to train on, got 30 \(df, shots\)/,
  );
});

Deno.test("adaptations and recipes() cover every name, with as many settings each, and none on a network with more steps", () => {
  const { config } = presets.standard;
  for (const name of adaptationNames) {
    const method = adaptations[name];
    assert.equal(ratesOf(method, config).length, config.adapt_rates.length, name);
    for (const shots of [5, 10, 25, 50, 100]) {
      const most = method.on === "efficient_net" ? 2 * config.adapt_steps : config.adapt_steps;
      assert.ok(stepsOf(method, shots, config) <= most, name);
    }
  }
  for (const name of ["fine_tuned", "tgd"] as const) {
    assert.equal(stepsOf(adaptations[name], 100, config), 2 * config.adapt_steps, `${name}, as on the source`);
  }
  const ten = adaptations.ft_rgb_10_epochs;
  assert.equal(stepsOf(ten, 5, { ...config, batch: 16, adapt_steps: 100 }), 7, "ten passes over ten pictures");
  assert.deepEqual(ratesOf(adaptations.tgd, { adapt_rates: [1e-4, 3e-4, 1e-3] }), [0.001, 0.003, 0.01]);
  for (const name of detectorNames) {
    for (const preset of presetNames) {
      const { config } = presets[preset];
      assert.ok(countParameters(recipes[name].entry, sizesOf(name, config)) > 100, `${name}, ${preset}`);
    }
  }
});

Deno.test("degradationOf() reads what the settings say, and says what it cannot read", () => {
  assert.deepEqual(degradationOf("jpeg 50"), { size: 1, sigma: 0, quality: 50 });
  assert.deepEqual(degradationOf("blur 2"), { size: 1, sigma: 2, quality: undefined });
  assert.deepEqual(degradationOf("size 0.5"), { size: 0.5, sigma: 0, quality: undefined });
  for (const text of ["jpeg 0", "jpeg 9.5", "size 2", "noise 1", "jpeg"]) {
    assert.throws(() => degradationOf(text), /Cannot worsen pictures: expected "jpeg 50", .+ \(degradations\)/);
  }
});
