import assert from "node:assert/strict";
import { join } from "node:path";
import { joinField } from "../../experiments/aei_hear_ablation/field.ts";
import { masksOf } from "../../experiments/aei_hear_ablation/masks.ts";
import { presets, schema, sizes } from "../../experiments/aei_hear_ablation/presets.ts";
import { sampleName } from "../../experiments/aei_hear_ablation/samples.ts";
import { planSwaps } from "../../experiments/aei_hear_ablation/swaps.ts";
import { BUNDLED_FACES, readManifest } from "doppel/data/mod.ts";
import { presetNames, resolveConfig, writeResults } from "doppel/experiment/mod.ts";
import { aei, aeiParameters } from "doppel/generators/mod.ts";
import { createPicture } from "doppel/image/mod.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const settings = { sources: 0, seen_targets: 2, unseen_targets: 2, field_pairs: ["t0+t3"] };

Deno.test("planSwaps() never puts a person's own face in, and keeps seen and unseen apart", () => {
  const [training, unseen] = [names("t", 21), names("u", 5)];
  const plans = planSwaps({ training, unseen }, settings);
  const of = (group: string) => plans.filter((plan) => plan.group === group);
  assert.ok(plans.every(({ person, target }) => person !== target));
  assert.equal(new Set(plans.map(({ group, pair, person }) => `${group} ${pair} ${person}`)).size, plans.length);
  assert.deepEqual([of("seen").length, of("unseen_source").length, of("both_unseen").length], [42, 10, 10]);
  assert.ok(of("seen").every(({ person, target }) => training.includes(person) && training.includes(target)));
  assert.ok(of("unseen_source").every(({ person, target }) => unseen.includes(person) && training.includes(target)));
  assert.ok(of("both_unseen").every(({ person, target }) => unseen.includes(person) && unseen.includes(target)));
  for (const person of training) assert.equal(of("seen").filter(({ target }) => target === person).length, 2);
  assert.equal(new Set(of("unseen_source").map(({ target }) => target)).size, 10, "targets are spread");
  assert.deepEqual(of("field").map(({ pair, person, target }) => [pair, person, target]), [
    ["t0+t3", "t0", "t3"],
    ["t0+t3", "t3", "t0"],
  ]);
});

Deno.test("planSwaps() takes as many sources as it is told to", () => {
  const persons = { training: names("t", 21), unseen: names("u", 5) };
  const plans = planSwaps(persons, { ...settings, sources: 3, seen_targets: 1, field_pairs: [] });
  const sources = (group: string) =>
    new Set(plans.filter((plan) => plan.group === group).map(({ person }) => person)).size;
  assert.deepEqual(["seen", "unseen_source", "both_unseen"].map(sources), [3, 3, 3]);
});

Deno.test("planSwaps() makes do with few persons, and refuses a field pair that is not trained on", () => {
  const few = planSwaps({ training: ["a", "b"], unseen: [] }, { ...settings, field_pairs: [] });
  assert.deepEqual(few.map(({ group, pair }) => [group, pair]), [["seen", "a+b"], ["seen", "b+a"]]);
  assert.throws(
    () => planSwaps({ training: ["a", "b"], unseen: ["u"] }, { ...settings, field_pairs: ["a+u"] }),
    /Cannot swap field pairs: expected persons who are trained on, a, b, got "u"/,
  );
});

Deno.test("aei_hear_ablation presets() are valid, and their field pairs are trained on by either choice of the unseen", async () => {
  await useTensorFlow();
  const { photographs } = await readManifest(BUNDLED_FACES);
  const train = photographs.filter(({ identity_split }) => identity_split === "train").map(({ person }) => person);
  for (const name of presetNames) {
    const { config } = presets[name];
    config.field_pairs.flatMap((pair) => pair.split("+")).forEach((person) =>
      assert.ok(train.includes(person), person)
    );
  }
  assert.throws(() => resolveConfig(schema, presets.quick, ["unseen=train"]), /"validation" or "test"/);
  assert.throws(() => resolveConfig(schema, presets.quick, ["hear_step=3"]), /perhaps hear_steps/);
  // 4.35 M and 184 M, but for the length of the embedding in the latter.
  const millions = (size: "small" | "paper") => {
    const { attributes, generator } = aeiParameters(sizes[size].aei);
    return (attributes + generator) / 1e6;
  };
  assert.equal(millions("small").toFixed(2), "4.35");
  assert.ok(millions("paper") > 150 && millions("paper") < 184);
});

const ours = [1, 2].map((seed) => ({
  ...{ kind: "swap", arm: "aei", group: "field", seed, pair: "a+b", person: "a", photo: 0, similarity_before: 0.1 },
}));
const environment = { versions: {}, device: {}, machine: {}, code: {}, data: {}, command: "" };

async function withResults(rows: Record<string, unknown>[], work: (path: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "results.json");
  await writeResults(path, { experiment: "df_vs_liae", preset: "standard", seeds: [1], environment, rows, claims: [] });
  await work(path).finally(() => Deno.removeSync(folder, { recursive: true }));
}

Deno.test("joinField() takes what was measured on the same photographs, by seed, pair, person and photograph", async () => {
  const row = { kind: "swap", arm: "df", variant: "overlay", seed: 1, pair: "a+b", person: "a", photo: 0, rank: 1 };
  const theirs = [
    { ...row, similarity_before: 0.1 },
    { ...row, variant: "poisson", similarity_before: 0.1 },
    { ...row, seed: 3, similarity_before: 0.1 },
    { ...row, photo: 1, similarity_before: 0.1 },
    { ...row, arm: "df_scratch", similarity_before: 0.1 },
    { ...row, arm: "graphics", rank: 4, similarity_before: 0.1005 },
    { ...row, arm: "liae", seed: 2, similarity_before: 0.101 },
    {
      kind: "occlusion",
      arm: "df",
      seed: 1,
      pair: "a+b",
      person: "a",
      photo: 0,
      task: "swap",
      occluder: "bar",
      inside: 0.2,
    },
    {
      kind: "occlusion",
      arm: "df",
      seed: 1,
      pair: "a+b",
      person: "a",
      photo: 0,
      task: "swap",
      occluder: "blob",
      inside: 0,
    },
  ];
  const occlusion = { ...theirs.at(-2)!, arm: "aei" };
  await withResults(theirs, async (path) => {
    const joined = await joinField([...ours, occlusion], path);
    assert.deepEqual(joined.filter(({ kind }) => kind === "swap").map(({ arm, group, top1 }) => [arm, group, top1]), [
      ["df", "field", 1],
      ["graphics", "field", 0],
      ["liae", "field", 1],
    ]);
    const occlusions = joined.filter(({ kind }) => kind === "occlusion");
    assert.deepEqual(occlusions.map(({ arm, inside }) => [arm, inside]), [["df", 0.2]], "before the same thing alone");
    const { joined: count, preset, reason } = joined.at(-1)!;
    assert.deepEqual([count, preset, reason], [3, "standard", null]);
  });
  // One photograph that the judge saw otherwise: nothing was measured alike.
  await withResults([...theirs, { ...row, arm: "merged", similarity_before: 0.2 }], async (path) => {
    const joined = await joinField(ours, path);
    assert.deepEqual(joined.map(({ kind, joined }) => [kind, joined]), [["field", 0]]);
    assert.match(joined[0]!["reason"] as string, /other photographs, or by another gallery/);
  });
});

Deno.test("joinField() leaves the field out with a reason where there is no file, or nothing in common", async () => {
  const [missing] = await joinField(ours, "/nowhere/results.json");
  assert.deepEqual([missing!["kind"], missing!["joined"]], ["field", 0]);
  assert.match(missing!["reason"] as string, /^Cannot read results: expected a file, got none \(results\.json\)$/);
  const [none] = await joinField([], "/nowhere/results.json");
  assert.match(none!["reason"] as string, /no field pair was swapped/);
  await withResults([], async (path) => {
    const [nothing] = await joinField(ours, path);
    assert.match(nothing!["reason"] as string, /measured none of these/);
  });
});

Deno.test("masksOf() gives a mask of each level with fusion aad, and none without", async () => {
  await useTensorFlow();
  const face = createPicture(16, 16, 3, 0.5);
  const identity = new Float32Array(sizes.tiny.aei.identity).fill(1 / Math.sqrt(sizes.tiny.aei.identity));
  for (const fusion of ["aad", "add"] as const) {
    const model = aei({ ...sizes.tiny.aei, fusion }, 1);
    const [made] = await masksOf(model, [face], identity);
    assert.deepEqual([made!.face.width, made!.face.channels], [16, 3]);
    assert.deepEqual(made!.levels.map(({ width }) => width), fusion === "aad" ? [2, 4, 8, 16] : []);
    assert.ok(
      made!.levels.every(({ data, channels }) => channels === 1 && data.every((value) => value > 0 && value < 1)),
    );
    model.weights.dispose();
  }
});

Deno.test("sampleName() of aei_hear_ablation keeps the first seed's grids of the arms that are looked at", () => {
  const kept = (file: string) => sampleName(file, { seeds: [2, 3] });
  assert.equal(kept("aei_seed2_both_unseen.png"), "aei_both_unseen");
  assert.equal(kept("hear_seed2_occluded.png"), "hear_occluded");
  assert.equal(kept("hear_no_error_seed2_occluded.png"), "hear_no_error_occluded");
  assert.equal(kept("hear_no_error_seed2_seen.png"), undefined);
  assert.equal(kept("add_seed2_seen.png"), "add_seen");
  assert.equal(kept("add_seed2_both_unseen.png"), undefined);
  assert.equal(kept("aei_seed3_seen.png"), undefined);
});
