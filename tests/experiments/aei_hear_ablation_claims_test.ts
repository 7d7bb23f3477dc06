import assert from "node:assert/strict";
import { armNames } from "../../experiments/aei_hear_ablation/arms.ts";
import { decideClaims } from "../../experiments/aei_hear_ablation/claims.ts";
import { byLevel, byOcclusion } from "../../experiments/aei_hear_ablation/stage_summary.ts";
import { byArm, byGroup, byModel } from "../../experiments/aei_hear_ablation/summary.ts";

/** Figures by arm and kind or group of rows; what is not named is 0.5. */
type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What the paper and the hypotheses say, as figures. */
const asClaimed: Figures = {
  "aei/field": { rank: 1, attr: 0.6 },
  "df/field": { rank: 1, attr: 0.7 },
  "graphics/field": { rank: 2, attr: 0.3 },
  "aad/seen": { gain: 0.4, sharp: 0.7, attr: 0.5 },
  "add/seen": { gain: 0.3, sharp: 0.6 },
  "cat/seen": { gain: 0.2, sharp: 0.5 },
  "id_1/seen": { gain: 0.3, attr: 0.4 },
  "id_15/seen": { gain: 0.5, attr: 0.6 },
  "same_50/seen": { gain: 0.3 },
  "same_80/seen": { gain: 0.2 },
  "aad/reconstruction": { error: 0.05 },
  "three_levels/reconstruction": { error: 0.09 },
  "same_50/reconstruction": { error: 0.04 },
  "same_80/reconstruction": { error: 0.03 },
  "aei/mask": { 1: 0.8, 2: 0.4, 3: 0.3, 4: 0.9 },
  "aei/occlusion": { inside: 0.2, outside: 0.02 },
  "hear/occlusion": { inside: 0.08, outside: 0.02 },
  "aei/occluded": { gain: 0.4 },
  "hear/occluded": { gain: 0.405 },
};

const fieldArms = ["df", "liae", "graphics"];

/** Rows of three seeds, two pairs and two photographs a direction, with a little variation that all arms share. */
function rowsOf(figures: Figures, names: readonly string[] = [...armNames, ...fieldArms]): Record<string, unknown>[] {
  return names.flatMap((arm) =>
    [1, 2, 3].flatMap((seed) => [
      ...fieldArms.includes(arm)
        ? []
        : [{ kind: "cost", arm, seed, parameters: 1e6, steps: 10, seconds: 2, run: null }],
      ...["a+b", "c+d"].flatMap((pair) =>
        pair.split("+").flatMap((person) =>
          [0, 1].flatMap((photo) => {
            const wiggle = 0.002 * seed + 0.003 * photo;
            const at = { arm, seed, pair, person, photo };
            const of = (what: string, key: string) => (figures[`${arm}/${what}`]?.[key] ?? 0.5) + wiggle;
            const swap = (group: string) => {
              const rank = figures[`${arm}/${group}`]?.["rank"] ?? 1;
              return {
                ...{ kind: "swap", variant: "square", group, ...at, rank, top1: rank === 1 ? 1 : 0, found: true },
                ...Object.fromEntries(["gain", "attr", "sharp"].map((key) => [key, of(group, key)])),
                attribute_rank: fieldArms.includes(arm) ? null : 1 + photo,
              };
            };
            if (fieldArms.includes(arm)) return [swap("field")];
            const levels = Object.entries(figures[`${arm}/mask`] ?? {});
            return [
              ...["seen", "both_unseen", "field", "occluded"].map(swap),
              { kind: "reconstruction", ...at, group: "seen", error: of("reconstruction", "error"), ssim: 0.9 },
              ...levels.map(([level, mask], i) => ({
                ...{ kind: "mask", ...at, level: Number(level), levels: levels.length, side: 2 ** (i + 1) },
                mask: mask + wiggle,
              })),
              ...["swap", "itself"].map((task) => ({
                ...{ kind: "occlusion", ...at, mask: "square", task, occluder: "bar" },
                ...{ inside: of("occlusion", "inside"), outside: of("occlusion", "outside") },
              })),
            ];
          })
        )
      ),
    ])
  );
}

const verdicts = (figures: Figures, names?: readonly string[]) =>
  Object.fromEntries(decideClaims(rowsOf(figures, names)).map(({ id, verdict }) => [id, verdict]));

const ids = ["8", "9", "10", "11", "12", "13"];

Deno.test("decideClaims() of aei_hear_ablation supports every claim when the figures are as claimed", () => {
  assert.deepEqual(verdicts(asClaimed), Object.fromEntries(ids.map((id) => [id, "supported"])));
});

const reversed: Readonly<Record<string, readonly [id: string, change: Figures]>> = {
  "swaps that are not recognised": ["8", { "aei/field": { rank: 3, attr: 0.6 } }],
  "a graphics swap that keeps less": ["8", { "graphics/field": { rank: 2, attr: 0.9 } }],
  "Add with more identity": ["9", { "add/seen": { gain: 0.6, sharp: 0.6 } }],
  "three levels that reconstruct better": ["9", { "three_levels/reconstruction": { error: 0.01 } }],
  "masks that are largest in the middle": ["10", { "aei/mask": { 1: 0.2, 2: 0.4, 3: 0.3, 4: 0.1 } }],
  "a second stage that paints over more": ["11", { "hear/occlusion": { inside: 0.4, outside: 0.02 } }],
  "a second stage that costs identity": ["11", { "hear/occluded": { gain: 0.3 } }],
  "identity that rises with same pairs": ["12", { "same_50/seen": { gain: 0.6 }, "same_80/seen": { gain: 0.7 } }],
  "attributes that are kept better": ["13", {
    "id_1/seen": { gain: 0.3, attr: 0.9 },
    "id_15/seen": { gain: 0.5, attr: 0.1 },
  }],
};
for (const [what, [id, change]] of Object.entries(reversed)) {
  Deno.test(`decideClaims() of aei_hear_ablation finds claim ${id} contradicted by ${what}`, () => {
    assert.equal(verdicts({ ...asClaimed, ...change })[id], "contradicted");
  });
}

Deno.test("decideClaims() of aei_hear_ablation leaves open what is within noise, and what no arm can say", () => {
  // The second stage's identity lies half inside of the band of 0.02.
  const rows = rowsOf(asClaimed).map((row) =>
    row["arm"] === "hear" && row["group"] === "occluded"
      ? { ...row, gain: 0.41 + 0.02 * (row["photo"] as number) }
      : row
  );
  assert.equal(decideClaims(rows).find(({ id }) => id === "11")!.verdict, "inconclusive");

  const alone = decideClaims([
    ...rowsOf(asClaimed, ["aei", "aad"]),
    { kind: "field", joined: 0, reason: "Cannot read results: expected a file, got none", preset: null },
  ]);
  const open = Object.fromEntries(alone.map(({ id, reason }) => [id, reason]));
  assert.match(open["8"]!, /^df was not joined: Cannot read results/);
  assert.match(open["9"]!, /the arm add did not run/);
  assert.match(open["11"]!, /the arm hear did not run/);
  assert.match(open["12"]!, /the arm same_50 did not run/);
  assert.equal(alone.find(({ id }) => id === "10")!.verdict, "supported");
});

Deno.test("decideClaims() of aei_hear_ablation decides nothing by one seed", () => {
  const one = decideClaims(rowsOf(asClaimed).filter(({ seed }) => seed === 1));
  assert.ok(one.every(({ verdict }) => verdict === "inconclusive"));
  assert.match(one[0]!.reason, /1 seed, and the rule asks for 3/);
});

Deno.test("tables() of aei_hear_ablation have a row an arm, a group, a model, a level and a task", () => {
  const rows = rowsOf(asClaimed);
  const arms = byArm(rows);
  assert.deepEqual(arms.map(({ arm }) => arm), armNames);
  const aad = arms.find(({ arm }) => arm === "aad")!;
  // 0.4 and the mean of the variation: 0.002 * 2 + 0.003 * 0.5.
  assert.ok(Math.abs((aad["gain"] as number) - 0.4055) < 1e-9);
  assert.ok(Math.abs((aad["reconstruction"] as number) - 0.0555) < 1e-9);
  assert.equal(aad["attribute_top1"], 0.5);
  assert.deepEqual([aad["parameters"], aad["steps"], aad["seeds"]], [1, 10, 3]);

  const groups = byGroup(rows.filter(({ arm }) => arm === "aei"));
  assert.deepEqual(groups.map(({ group, pairs, photographs }) => [group, pairs, photographs]), [
    ["seen", 2, 8],
    ["both_unseen", 2, 8],
  ]);

  const models = Object.fromEntries(byModel(rows).map((row) => [row["arm"], row]));
  assert.deepEqual([models["aei"]!["networks"], models["hear"]!["networks"], models["df"]!["networks"]], [1, 2, 2]);
  assert.deepEqual([models["graphics"]!["networks"], models["graphics"]!["top1"], models["df"]!["top1"]], [0, 0, 1]);

  assert.deepEqual(byLevel(rows).map(({ arm, level, side }) => [arm, level, side]), [
    ...[1, 2, 3, 4].map((level) => ["aei", level, 2 ** level]),
  ]);
  const occlusion = byOcclusion(rows.filter(({ arm }) => arm === "hear"));
  assert.deepEqual(occlusion.map(({ task, photographs }) => [task, photographs]), [["swap", 8], ["itself", 8]]);
  assert.ok(Math.abs((occlusion[0]!["gain"] as number) - 0.4105) < 1e-9);
  assert.equal(occlusion[1]!["gain"], undefined, "whose face is asked of swaps alone");
});
