import assert from "node:assert/strict";
import {
  createPicture,
  degradeColour,
  degradeDetail,
  denoise,
  medianFilter,
  motionBlur,
  type Picture,
  sharpen,
} from "doppel/image/mod.ts";
import { a, assertNear, expected, maskA, photographs } from "./fixtures.ts";

/** Mean absolute difference of neighbours along the rows. */
function detail({ width, data }: Picture): number {
  let sum = 0;
  for (let i = 3; i < data.length; i++) if (Math.floor(i / 3) % width > 0) sum += Math.abs(data[i]! - data[i - 3]!);
  return sum / data.length;
}

const mix = (one: Float32Array, other: Float32Array, share: number) =>
  one.map((value, i) => value * (1 - share) + other[i]! * share);

Deno.test("medianFilter() agrees with OpenCV", () => {
  assertNear(medianFilter(a).data, expected("median"), 1e-5);
  const spot = createPicture(5, 5, 1);
  spot.data[12] = 1;
  assert.deepEqual(medianFilter(spot, { size: 3 }).data, new Float32Array(25));
  assert.deepEqual(medianFilter(spot, { size: 1 }).data, spot.data);
  const twice = medianFilter(medianFilter(a));
  assertNear(medianFilter(a, { passes: 2 }).data, twice.data, 0);
  assertNear(medianFilter(a, { passes: 1.25 }).data, mix(expected("median"), twice.data, 0.25), 1e-5);
  assert.throws(() => medianFilter(a, { size: 4 }), /expected an odd size, got 4/);
  assert.throws(() => medianFilter(a, { passes: -1 }), /expected 0 or more passes, got -1/);
});

Deno.test("sharpen() above 0 agrees with OpenCV's filters", () => {
  assertNear(sharpen(a, 3).data, expected("unsharp_box_3"), 1e-4);
  assertNear(sharpen(a, 3, { window: "gaussian" }).data, expected("unsharp_gaussian_3"), 1e-4);
});

Deno.test("sharpen() below 0 takes a median for every 10, and a share of one for the rest", () => {
  assertNear(sharpen(a, -10).data, expected("median"), 1e-5);
  assertNear(sharpen(a, -4).data, mix(a.data, expected("median"), 0.4), 1e-5);
  assert.deepEqual(sharpen(a, 0).data, a.data);
  for (const amount of [-101, 100.5, NaN]) {
    assert.throws(
      () => sharpen(a, amount),
      /^Problem: Cannot sharpen picture: expected an amount from -100 to 100, got/,
    );
  }
});

Deno.test("sharpen(), denoise() and the rest change the detail of a photograph in the order of their amounts", async () => {
  const [photo] = await photographs(64);
  const falling = (pictures: Picture[]) =>
    pictures.map(detail).forEach((value, i, all) => assert.ok(i === 0 || value < all[i - 1]!, all.join(" ")));
  falling([10, 5, 1, 0, -5, -10, -40].map((amount) => sharpen(photo, amount)));
  falling([0, 50, 100, 250, 500].map((amount) => denoise(photo, amount)));
  falling([0, 20, 50, 80, 100].map((amount) => degradeDetail(photo, amount)));
  falling([1, 3, 7.5, 20].map((length) => motionBlur(photo, { length, angle: 10 })));
});

Deno.test("denoise() takes a median for every 100", () => {
  assertNear(denoise(a, 100).data, expected("median"), 1e-5);
  assert.deepEqual(denoise(a, 0).data, a.data);
  assert.throws(() => denoise(a, 501), /Cannot denoise picture: expected an amount from 0 to 500, got 501/);
});

Deno.test("motionBlur() agrees with SciPy along rows and columns, with OpenCV along the diagonal", () => {
  assertNear(motionBlur(a, { length: 5, angle: 0 }).data, expected("motion_5_0"), 2e-5);
  assertNear(motionBlur(a, { length: 5, angle: 90 }).data, expected("motion_5_90"), 2e-5);
  // A diagonal of 5 pixels is 5 * sqrt(2) long; 45 degrees point to the lower right.
  assertNear(motionBlur(a, { length: 5 * Math.SQRT2, angle: 45 }).data, expected("motion_diagonal"), 2e-5);
  assert.deepEqual(motionBlur(a, { length: 0, angle: 12 }).data, a.data);
});

Deno.test("motionBlur() spreads a spot along the line it names, and keeps its sum", () => {
  const spot = createPicture(41, 41, 1);
  spot.data[20 * 41 + 20] = 1;
  for (const [length, angle] of [[2, 0], [9, 20], [12.3, 77], [15, 130], [15, -50]] as const) {
    const { data } = motionBlur(spot, { length, angle });
    let [sum, xx, xy, yy] = [0, 0, 0, 0];
    data.forEach((value, i) => {
      const [x, y] = [i % 41 - 20, Math.floor(i / 41) - 20];
      [sum, xx, xy, yy] = [sum + value, xx + value * x * x, xy + value * x * y, yy + value * y * y];
    });
    assert.ok(Math.abs(sum - 1) < 1e-6);
    // A line of that length has the variance length^2 / 12 along it; pixels add up to 1/12 of their own each way.
    assert.ok(Math.abs(xx + yy - length ** 2 / 12) < 0.25, `${length} at ${angle}: ${xx + yy}`);
    const found = Math.atan2(2 * xy, xx - yy) / 2;
    assert.ok(Math.abs(Math.sin(found - angle * Math.PI / 180)) < 0.06, `${angle}: ${found * 180 / Math.PI}`);
  }
  assert.deepEqual(
    motionBlur(spot, { length: 15, angle: 130 }).data,
    motionBlur(spot, { length: 15, angle: -50 }).data,
  );
  assert.throws(() => motionBlur(spot, { length: -1, angle: 0 }), /expected a length from 0 to 500 pixels, got -1/);
  assert.throws(() => motionBlur(spot, { length: 1, angle: NaN }), /expected an angle in degrees, got NaN/);
});

Deno.test("degradeDetail() agrees with Pillow", () => {
  assertNear(degradeDetail(a, 60).data, expected("degraded_60"), 1e-4);
  assert.deepEqual(degradeDetail(a, 0).data, a.data);
  // At 100 a hundred-and-first of each side is left: 2 pixels here, so the ends still differ.
  const ramp = createPicture(256, 1, 1, Float32Array.from({ length: 256 }, (_, i) => i / 255));
  const ends = degradeDetail(ramp, 100).data;
  assert.ok(ends[255]! - ends[0]! > 0.4);
  const flat = createPicture(7, 5, 3, [0.2, 0.5, 0.9]);
  assertNear(degradeDetail(flat, 100).data, flat.data, 1e-6);
  assert.throws(() => degradeDetail(a, -1), /Cannot degrade detail: expected an amount from 0 to 100, got -1/);
});

Deno.test("degradeColour() leaves fewer levels with larger amounts, down to 6", () => {
  const ramp = createPicture(256, 1, 1, Float32Array.from({ length: 256 }, (_, i) => i / 255));
  const levels = [0, 10, 50, 100].map((amount) => new Set(degradeColour(ramp, amount).data).size);
  assert.deepEqual(levels, [256, 176, 39, 6]);
  assertNear(degradeColour(ramp, 100).data, ramp.data, 0.1 + 1e-6);
  assert.deepEqual([...new Set(degradeColour(ramp, 100).data)], [0, 0.2, 0.4, 0.6, 0.8, 1].map(Math.fround));
  assert.deepEqual(degradeColour(maskA, 0).data, maskA.data);
  assert.throws(() => degradeColour(a, 101), /Cannot degrade colour: expected an amount from 0 to 100, got 101/);
});
