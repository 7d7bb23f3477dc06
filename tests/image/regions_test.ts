import assert from "node:assert/strict";
import fc from "fast-check";
import { createPicture, cropPicture, pastePicture, piecewiseWarp, regionOf } from "doppel/image/mod.ts";

const ramp = createPicture(20, 15, 3, Float32Array.from({ length: 900 }, (_, i) => i / 900));

Deno.test("pastePicture() of what cropPicture() cut gives the picture back", () => {
  fc.assert(fc.property(fc.nat(18), fc.nat(13), fc.nat(19), fc.nat(14), (x, y, w, h) => {
    const region = { x, y, width: Math.min(20 - x, w + 1), height: Math.min(15 - y, h + 1) };
    const part = cropPicture(ramp, region);
    assert.deepEqual([part.width, part.height], [region.width, region.height]);
    assert.equal(part.data[0], ramp.data[(y * 20 + x) * 3]);
    const blank = createPicture(part.width, part.height, 3);
    const emptied = pastePicture(ramp, blank, region);
    assert.ok(emptied.data.filter((value, i) => value !== ramp.data[i]).length <= region.width * region.height * 3);
    assert.deepEqual(pastePicture(emptied, part, region).data, ramp.data);
  }));
});

Deno.test("regionOf() holds the square with its margin and stays inside the picture", () => {
  // The square of side 4 is the part of the picture from (6, 5) to (10, 9).
  assert.deepEqual(regionOf(ramp, [1, 0, -6, 0, 1, -5], 4), { x: 4, y: 3, width: 8, height: 8 });
  assert.deepEqual(regionOf(ramp, [1, 0, 3, 0, 1, 3], 40), { x: 0, y: 0, width: 20, height: 15 });
  const beyond = regionOf(ramp, [1, 0, -100, 0, 1, -100], 4);
  assert.deepEqual([beyond.x, beyond.y, beyond.width, beyond.height], [19, 14, 1, 1]);
});

Deno.test("piecewiseWarp() by an affine map of its points is that map", () => {
  const linear = createPicture(40, 40, 1, Float32Array.from({ length: 1600 }, (_, i) => (i % 40 + 0.5) / 40));
  const from = Float32Array.of(5, 5, 35, 5, 35, 35, 5, 35, 20, 17);
  // Half as wide, moved by 10.
  const to = from.map((value, i) => i % 2 === 0 ? value / 2 + 10 : value);
  const { picture, coverage } = piecewiseWarp(linear, from, to, { width: 40, height: 40 });
  for (let y = 6; y < 34; y++) {
    for (let x = 13; x < 27; x++) {
      assert.equal(coverage.data[y * 40 + x], 1);
      const expected = (x + 0.5 - 10) * 2 / 40;
      assert.ok(Math.abs(picture.data[y * 40 + x]! - expected) < 1e-5, `${picture.data[y * 40 + x]} at ${x}, ${y}`);
    }
  }
  assert.equal(coverage.data[0], 0);
  const area = coverage.data.reduce((sum, value) => sum + value, 0);
  assert.ok(Math.abs(area - 15 * 30) <= 30, `${area} pixels of 450`);
});

Deno.test("piecewiseWarp() brings each point where it belongs and leaves no seam between triangles", () => {
  const from = Float32Array.of(5, 5, 35, 5, 35, 35, 5, 35, 20, 20);
  const to = Float32Array.of(5, 5, 35, 5, 35, 35, 5, 35, 26, 16);
  const spot = createPicture(
    40,
    40,
    1,
    Float32Array.from(
      { length: 1600 },
      (_, i) => Math.exp(-(((i % 40) + 0.5 - 20) ** 2 + (Math.floor(i / 40) + 0.5 - 20) ** 2) / 8),
    ),
  );
  const { picture, coverage } = piecewiseWarp(spot, from, to, { width: 40, height: 40 });
  const brightest = picture.data.indexOf(Math.max(...picture.data));
  assert.ok(Math.abs(brightest % 40 + 0.5 - 26) <= 1 && Math.abs(Math.floor(brightest / 40) + 0.5 - 16) <= 1);
  for (let y = 6; y < 34; y++) for (let x = 6; x < 34; x++) assert.equal(coverage.data[y * 40 + x], 1, `${x}, ${y}`);
});

Deno.test("piecewiseWarp() refuses points that span nothing", () => {
  const line = Float32Array.of(1, 1, 2, 2, 3, 3);
  assert.throws(
    () => piecewiseWarp(ramp, line, line, { width: 4, height: 4 }),
    /Cannot warp by points: expected two equal lists of points that span triangles, got 3 and 3 points/,
  );
});
