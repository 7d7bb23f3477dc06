import assert from "node:assert/strict";
import {
  bilateralFilter,
  COLOUR_TRANSFERS,
  createPicture,
  iterativeDistributionTransfer,
  linearColourTransfer,
  mongeKantorovichTransfer,
  type Picture,
  reinhardColourTransfer,
  transferColour,
} from "doppel/image/mod.ts";
import { matchDistribution } from "doppel/image/distribution_match.ts";
import { colourMoments } from "doppel/image/colour_moments.ts";
import { normal, randomSource } from "doppel/random.ts";
import { a, assertNear, b, ellipse, expected, maskA, maskB, photographs } from "./fixtures.ts";

const masks = { mask: maskA, referenceMask: maskB };
const all = COLOUR_TRANSFERS.filter((method) => method !== "none");

/** Mean distance of sorted colours along 40 directions (the sliced 1-Wasserstein distance), of equally many pixels. */
function slicedDistance(one: Picture, other: Picture, mask?: Picture): number {
  const random = randomSource(7, "directions of the test");
  const sorted = ({ data }: Picture, [r, g, b]: number[]) =>
    Float64Array.from(
      { length: data.length / 3 },
      (_, i) => r! * data[i * 3]! + g! * data[i * 3 + 1]! + b! * data[i * 3 + 2]!,
    )
      .filter((_, i) => !mask || mask.data[i]! > 0).sort();
  let sum = 0;
  for (let k = 0; k < 40; k++) {
    const raw = [normal(random), normal(random), normal(random)];
    const axis = raw.map((value) => value / Math.hypot(...raw));
    const [p, q] = [sorted(one, axis), sorted(other, axis)];
    sum += p.reduce((total, value, i) => total + Math.abs(value - q[i]!), 0) / p.length / 40;
  }
  return sum;
}

Deno.test("linearColourTransfer() agrees with SciPy's matrix roots, inside soft masks", () => {
  assertNear(linearColourTransfer(a, b, masks).data, expected("lct"), 2e-5);
});

Deno.test("mongeKantorovichTransfer() agrees with the closed form in SciPy, inside soft masks", () => {
  assertNear(mongeKantorovichTransfer(a, b, masks).data, expected("mkl"), 2e-5);
});

Deno.test("linearColourTransfer() and mongeKantorovichTransfer() give mean and covariance of the reference", async () => {
  const soften = (p: Picture) => createPicture(p.width, p.height, 3, p.data.map((value) => 0.35 + 0.3 * value));
  const [picture, reference] = (await photographs(48)).map(soften) as [Picture, Picture];
  const mask = ellipse(48, 48, 0.8);
  for (const transfer of [linearColourTransfer, mongeKantorovichTransfer]) {
    const out = transfer(picture, reference, { mask, referenceMask: mask });
    assert.ok(out.data.every((value) => value > 0 && value < 1), "nothing was clipped");
    const [is, wanted, was] = [out, reference, picture].map((p) => colourMoments(p, mask.data));
    assertNear(is!.mean, wanted!.mean, 1e-6, `${transfer.name}, mean`);
    assertNear(is!.covariance, wanted!.covariance, 1e-7, `${transfer.name}, covariance`);
    assert.throws(() => assertNear(was!.covariance, wanted!.covariance, 1e-4));
  }
});

Deno.test("mongeKantorovichTransfer() moves colours less than linearColourTransfer()", async () => {
  const [picture, reference] = await photographs(48);
  const moved = (out: Picture) => out.data.reduce((sum, value, i) => sum + (value - picture.data[i]!) ** 2, 0);
  const [least, more] = [mongeKantorovichTransfer, linearColourTransfer].map((f) => moved(f(picture, reference)));
  assert.ok(least! < more!, `${least} against ${more}`);
});

Deno.test("matchDistribution() puts numbers where sorting puts them", () => {
  const random = randomSource(3, "numbers");
  const values = Float32Array.from({ length: 2000 }, () => normal(random));
  const wanted = Float32Array.from({ length: 2000 }, () => Math.exp(0.5 * normal(random)));
  const weights = new Float32Array(2000).fill(1);
  const moves = new Float32Array(2000);
  matchDistribution({ values, weights }, { values: wanted, weights }, 1024, moves);
  const moved = values.map((value, i) => value + moves[i]!);
  const range = Math.max(...values, ...wanted) - Math.min(...values, ...wanted);
  const sorted = wanted.toSorted();
  moved.sort().slice(5, -5).forEach((value, i) => assert.ok(Math.abs(value - sorted[i + 5]!) < 8 * range / 1024));
  // Numbers that do not count are carried along, in parallel beyond the range of those that do.
  const lump = { values: new Float32Array([0.3, 0.3, 5]), weights: new Float32Array([1, 1, 0]) };
  const shift = new Float32Array(3);
  matchDistribution(
    lump,
    { values: new Float32Array([0.5, 0.6, 0.7]), weights: new Float32Array([1, 1, 1]) },
    256,
    shift,
  );
  assert.ok(Math.abs(shift[0]! - 0.3) < 0.02, `the lump moved by ${shift[0]} to the middle`);
  assert.ok(Math.abs(shift[2]!) < 1e-6);
});

Deno.test("transferColour() brings the colours of a photograph near those of another", async () => {
  const [picture, reference] = await photographs(64);
  const mask = ellipse(64, 64, 0.8);
  const before = slicedDistance(picture, reference, mask);
  const left = (method: (typeof COLOUR_TRANSFERS)[number]) =>
    slicedDistance(transferColour(picture, reference, { method, mask, referenceMask: mask }), reference, mask) / before;
  assert.equal(left("none"), 1);
  // idt goes 64 % of the way on purpose; the moves of sot are smoothed afterwards.
  const most = { none: 1, rct: 0.6, lct: 0.5, mkl: 0.5, idt: 0.45, sot: 0.25 };
  for (const method of all) assert.ok(left(method) < most[method], `${method} leaves ${left(method)}`);
  const paper = iterativeDistributionTransfer(picture, reference, { mask, referenceMask: mask, relaxation: 1 });
  const share = slicedDistance(paper, reference, mask) / before;
  assert.ok(share < 0.08, `idt without relaxation leaves ${share}`);
  assert.ok(left("idt") > 0.3, "idt relaxes");
});

Deno.test("transferColour() leaves a picture alone whose colours are those of the reference", async () => {
  const [picture] = await photographs(40);
  const mask = ellipse(40, 40, 0.7);
  const grey = createPicture(40, 40, 3, picture.data.map((_, i) => picture.data[i - i % 3]!));
  for (const method of COLOUR_TRANSFERS) {
    for (const same of [picture, grey]) {
      for (const option of [{}, { mask, referenceMask: mask }]) {
        const tolerance = method === "rct" ? 2e-5 : 2e-6;
        assertNear(transferColour(same, same, { method, ...option }).data, same.data, tolerance, method);
      }
    }
  }
});

Deno.test("transferColour() moves a picture of one colour to the mean, without NaN", () => {
  const [one, other] = [createPicture(9, 7, 3, [0.7, 0.5, 0.4]), createPicture(5, 8, 3, [0.2, 0.4, 0.6])];
  const wanted = createPicture(9, 7, 3, [0.2, 0.4, 0.6]).data;
  for (const method of all) {
    const share = method === "idt" ? 1 - 0.95 ** 20 : 1;
    const part = wanted.map((value, i) => one.data[i]! + share * (value - one.data[i]!));
    // sot: in each step a third of the way on average over directions, so (2/3)^10 = 2 % of it stay.
    const tolerance = method === "sot" ? 0.03 : method === "idt" ? 0.002 : 1e-4;
    assertNear(transferColour(one, other, { method }).data, part, tolerance, method);
    for (const [from, to] of [[one, one], [a, other], [one, b], [createPicture(3, 3, 3), a]] as const) {
      const out = transferColour(from, to, { method }).data;
      assert.ok(out.every((value) => value >= 0 && value <= 1), method);
    }
    assertNear(transferColour(one, one, { method }).data, one.data, 1e-5, method);
  }
});

Deno.test("linearColourTransfer() and mongeKantorovichTransfer() do not blow up what lies outside of a flat mask", async () => {
  const [picture, reference] = await photographs(32);
  const mask = ellipse(32, 32, 0.4);
  const flat = [0.5, 0.45, 0.4];
  const values = picture.data.map((v, i) =>
    mask.data[Math.floor(i / 3)] ? flat[i % 3]! : flat[i % 3]! + 0.1 * (v - 0.5)
  );
  const { mean } = colourMoments(reference, new Float32Array(32 * 32).fill(1));
  for (const transfer of [linearColourTransfer, mongeKantorovichTransfer]) {
    const { data } = transfer(createPicture(32, 32, 3, values), reference, { mask });
    const distance = (at: number, p: Float32Array, centre: readonly number[]) =>
      Math.hypot(...[0, 1, 2].map((c) => p[at + c]! - centre[c]!));
    for (let at = 0; at < data.length; at += 3) {
      assert.ok(distance(at, data, mean) < 2 * distance(at, values, flat) + 1e-4, transfer.name);
    }
  }
});

Deno.test("transferColour() looks inside the masks only, but recolours all of the picture", () => {
  const spoil = (p: Picture, mask: Picture) =>
    createPicture(p.width, p.height, 3, p.data.map((value, i) => mask.data[Math.floor(i / 3)] ? value : 1 - value));
  for (const method of all) {
    const out = transferColour(a, b, { method, ...masks });
    assert.deepEqual(transferColour(a, spoil(b, maskB), { method, ...masks }).data, out.data, method);
    assert.notDeepEqual(transferColour(a, b, { method }).data, out.data, method);
    if (method === "sot") continue; // its smoothing lets neighbours have a say
    const other = transferColour(spoil(a, maskA), b, { method, ...masks });
    for (let i = 0; i < out.data.length; i++) {
      if (maskA.data[Math.floor(i / 3)]! > 0) assert.equal(other.data[i], out.data[i], method);
    }
    assert.notDeepEqual(out.data.slice(0, 60), a.data.slice(0, 60), method);
  }
});

Deno.test("transferColour() draws from the seed", () => {
  const of = (method: "idt" | "sot" | "mkl", seed: number) => transferColour(a, b, { method, seed }).data;
  for (const method of ["idt", "sot"] as const) {
    assert.deepEqual(of(method, 5), of(method, 5));
    assert.notDeepEqual(of(method, 5), of(method, 6));
    assertNear(of(method, 5), of(method, 6), 0.1, method);
  }
  assert.deepEqual(of("mkl", 5), of("mkl", 6));
  assert.deepEqual(transferColour(a, b, { method: "rct" }).data, reinhardColourTransfer(a, b).data);
});

Deno.test("transferColour() says what is wrong in one sentence", () => {
  for (const method of all) {
    assert.throws(
      () => transferColour(a, b, { method, mask: createPicture(20, 16, 1) }),
      /^Problem: Cannot transfer colour: expected the mask of the picture with some pixels in it, got an empty one$/,
    );
    assert.throws(
      () => transferColour(a, b, { method, referenceMask: maskA }),
      /^Problem: Cannot transfer colour: expected the mask of the reference of shape \[22, 18, 1\], got \[16, 20, 1\]$/,
    );
    assert.throws(() => transferColour(maskA, b, { method }), /shape \[16, 20, 3\], got \[16, 20, 1\]/);
  }
  assert.throws(
    () => transferColour(a, b, { method: "best" as "sot" }),
    /expected one of none, rct, lct, mkl, idt, sot, got "best"/,
  );
  assert.throws(
    () => iterativeDistributionTransfer(a, b, { relaxation: 0 }),
    /expected a relaxation above 0 and up to 1/,
  );
});

Deno.test("bilateralFilter() agrees with OpenCV away from the frame", () => {
  const out = bilateralFilter(a, { sigmaSpace: 2, sigmaValue: 0.1 });
  const inside = out.data.filter((_, i) => {
    const [x, y] = [Math.floor(i / 3) % 20, Math.floor(i / 60)];
    return x >= 3 && x < 17 && y >= 3 && y < 13;
  });
  assertNear(inside, expected("bilateral_2_01"), 1e-4);
  assert.throws(() => bilateralFilter(a, { sigmaSpace: 0, sigmaValue: 1 }), /expected a sigmaSpace above 0, got 0/);
});
