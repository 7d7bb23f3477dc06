import assert from "node:assert/strict";
import { type Arm, armNames, armOf } from "../../experiments/df_vs_liae/arms.ts";
import { decideClaims } from "../../experiments/df_vs_liae/claims.ts";
import { byArm, byDirection } from "../../experiments/df_vs_liae/summary.ts";

/** Figures by arm and way of putting back; what is not named is 0.5. */
type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What the paper says, as figures. */
const asClaimed: Figures = {
  "df/overlay": { gain: 0.6, attr: 0.6 },
  "df/poisson": { seam: 2 },
  "df/hull": { seam: 6 },
  "liae/overlay": { gain: 0.4, attr: 0.4 },
  "graphics/overlay": { gain: 0.2 },
  "df_scratch/overlay": { gain: 0.6, sharp: 0.6 },
  "df_scratch/poisson": { attr: 0.4, perceptual: 1 },
  "plain/square": { gain: 0.2, attr: 0.8, perceptual: 2 },
  "df_dssim/overlay": { sharp: 0.4 },
  "df_finish/overlay": { gain: 0.595, sharp: 0.9 },
  "df_gan/overlay": { gain: 0.3 },
  "df_no_warp/overlay": { gain: 0.3 },
  "df_scratch/end": { ssim: 0.8 },
  "df_scratch/quarter": { ssim: 0.7 },
  "df_mse/end": { ssim: 0.78 },
  "df_mse/quarter": { ssim: 0.6 },
};

/** Rows of three seeds, two pairs and two photographs a direction, with a little variation that all arms share. */
function rowsOf(figures: Figures, names: readonly string[] = armNames): Record<string, unknown>[] {
  const wiggle = (seed: number, photo: number) => 0.002 * seed + 0.003 * photo;
  return names.flatMap((arm) => {
    const { variants } = armOf(arm) as Arm;
    return [1, 2, 3].flatMap((seed) =>
      ["a+b", "c+d"].flatMap((pair) => [
        { kind: "cost", arm, seed, pair, parameters: 1e6, steps: 10, seconds: 2 },
        ...pair.split("+").flatMap((person) =>
          [0, 1].flatMap((photo) => [
            ...variants.map(({ name: variant }) => ({
              ...{ kind: "swap", arm, variant, seed, pair, person, photo, rank: 1, found: true },
              ...Object.fromEntries(
                ["gain", "attr", "perceptual", "sharp", "seam"].map((key) => [
                  key,
                  (figures[`${arm}/${variant}`]?.[key] ?? 0.5) + wiggle(seed, photo),
                ]),
              ),
            })),
            ...["quarter", "end"].map((stage) => ({
              ...{ kind: "reconstruction", arm, seed, pair, person, photo, stage },
              ssim: (figures[`${arm}/${stage}`]?.["ssim"] ?? 0.5) + wiggle(seed, photo),
            })),
          ])
        ),
      ])
    );
  });
}

const verdicts = (figures: Figures, names?: readonly string[]) =>
  Object.fromEntries(decideClaims(rowsOf(figures, names)).map(({ id, verdict }) => [id, verdict]));

Deno.test("decideClaims() supports every claim when the figures are as the paper says", () => {
  const all = ["df", "1", "2", "3", "4", "5", "6", "7"];
  assert.deepEqual(verdicts(asClaimed), Object.fromEntries(all.map((id) => [id, "supported"])));
});

const reversed: Readonly<Record<string, readonly [id: string, change: Figures]>> = {
  "a swap that leads away": ["df", { "df/overlay": { gain: -0.1 } }],
  "a plain autoencoder that keeps more": ["1", { "plain/square": { attr: 0.1, perceptual: 2 } }],
  "a graphics swap with more identity": ["2", { "graphics/overlay": { gain: 0.9 } }],
  "LIAE with more identity": ["3", { "liae/overlay": { gain: 0.8, attr: 0.4 } }],
  "a squared error that is ahead at a quarter": ["4", { "df_mse/quarter": { ssim: 0.9 } }],
  "an ending that costs identity": ["5", { "df_finish/overlay": { gain: 0.4, sharp: 0.9 } }],
  "Poisson blending with the larger seam": ["6", { "df/poisson": { seam: 9 } }],
  "more identity without the warp": ["7", { "df_no_warp/overlay": { gain: 0.9 } }],
};
for (const [what, [id, change]] of Object.entries(reversed)) {
  Deno.test(`decideClaims() finds claim ${id} contradicted by ${what}`, () => {
    assert.equal(verdicts({ ...asClaimed, ...change })[id], "contradicted");
  });
}

Deno.test("decideClaims() leaves open what no arm can say, and names the arm", () => {
  const claims = decideClaims(rowsOf(asClaimed, ["df", "liae"]));
  const open = claims.filter(({ verdict }) => verdict === "inconclusive").map(({ id, reason }) => [id, reason]);
  assert.deepEqual(open.map(([id]) => id), ["1", "2", "4", "5", "7"]);
  assert.match(open[0]![1]!, /the arm df_scratch did not run/);
});

Deno.test("byDirection() and byArm() give one row a direction and one an arm and way of putting back", () => {
  const rows = rowsOf(asClaimed, ["df", "liae"]);
  const directions = byDirection(rows, ["df", "liae"]);
  assert.equal(directions.length, 2 * 4);
  assert.ok(directions.every(({ seeds, photographs, top1 }) => seeds === 3 && photographs === 2 && top1 === 1));
  const arms = byArm(rows);
  assert.deepEqual(arms.map(({ arm, variant }) => `${arm}/${variant}`), [
    ...["df/overlay", "df/poisson", "df/hull", "liae/overlay", "liae/poisson"],
  ]);
  const [df] = arms;
  // 0.6 and the mean of the variation: 0.002 * 2 + 0.003 * 0.5.
  assert.ok(Math.abs((df!["gain"] as number) - 0.6055) < 1e-9);
  assert.equal(df!["parameters"], 1);
});
