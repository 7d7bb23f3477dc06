import assert from "node:assert/strict";
import fc from "fast-check";
import {
  blendByMask,
  createPicture,
  dilate,
  erode,
  fromLab,
  gaussianBlur,
  type Interpolation,
  type Picture,
  reinhardColourTransfer,
  resizePicture,
  toLab,
  warpPicture,
} from "doppel/image/mod.ts";
import { Problem } from "doppel/problem.ts";
import truth from "./outside_truth.json" with { type: "json" };

// The inputs of the fixtures, as NumPy made them:
// ramp = ((arange(7)[None] * 37 + arange(5)[:, None] * 61) % 101 / 100).astype(float32)
const ramp = createPicture(
  7,
  5,
  1,
  Float32Array.from({ length: 35 }, (_, i) => ((i % 7) * 37 + Math.floor(i / 7) * 61) % 101 / 100),
);
const [low, high] = [Math.min(...ramp.data), Math.max(...ramp.data)];

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what = ""): void {
  assert.equal(actual.length, expected.length, what);
  for (let i = 0; i < actual.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance, `${what} [${i}]: ${actual[i]} against ${expected[i]}`);
  }
}

function noise(width: number, height: number, channels: 1 | 3, seed = 1): Picture {
  let state = seed;
  const next = () => (state = (state * 16807) % 2147483647) / 2147483647;
  return createPicture(width, height, channels, Float32Array.from({ length: width * height * channels }, next));
}

Deno.test("resizePicture() does what Pillow does, but for overshoot, which is clipped", () => {
  for (const interpolation of ["bilinear", "bicubic", "lanczos"] as const) {
    for (const [width, height] of [[3, 2], [10, 8]] as const) {
      const key = `resize_${interpolation}_${width}_${height}` as "resize_bilinear_3_2";
      const clipped = truth[key].map((value) => Math.min(high, Math.max(low, value)));
      assertClose(resizePicture(ramp, width, height, { interpolation }).data, clipped, 2e-5, key);
    }
  }
});

Deno.test("resizePicture() with area is the mean of the covered pixels, parts of pixels by their share", () => {
  const row = createPicture(3, 1, 1, new Float32Array([0, 0.6, 0.9]));
  // [0, 0.6 / 2] and [0.6 / 2, 0.9] over 1.5 pixels each
  assertClose(resizePicture(row, 2, 1, { interpolation: "area" }).data, [0.3 / 1.5, 1.2 / 1.5], 1e-6);
});

Deno.test("resizePicture() does not alias a checkerboard", () => {
  const board = createPicture(64, 64, 1, Float32Array.from({ length: 4096 }, (_, i) => (i + Math.floor(i / 64)) % 2));
  for (const interpolation of ["bilinear", "bicubic", "lanczos", "area"] as const) {
    assertClose(
      resizePicture(board, 16, 16, { interpolation }).data,
      new Float32Array(256).fill(0.5),
      0.02,
      interpolation,
    );
  }
});

Deno.test("warpPicture() agrees with scipy.ndimage, with edges continued and with black around", () => {
  // M = [[0.9, -0.35, 1.3], [0.35, 0.9, -0.4]] in continuous coordinates; result pixels sampled at M^-1 of their centres.
  const [a, b, c, d, e, f] = [0.9, -0.35, 1.3, 0.35, 0.9, -0.4];
  // The map shrinks a little, so it would average samples. One sample, as SciPy takes: enlarge about each pixel's centre.
  const zoom = 2;
  for (const [outside, expected] of [["edge", truth.warp_nearest], ["black", truth.warp_gridconst]] as const) {
    const sampled = Array.from({ length: 35 }, (_, i) => {
      const [x, y] = [i % 7 + 0.5, Math.floor(i / 7) + 0.5];
      const about = [a * zoom, b * zoom, (c - x) * zoom + 0.5, d * zoom, e * zoom, (f - y) * zoom + 0.5] as const;
      return warpPicture(ramp, about, { width: 1, height: 1, interpolation: "bilinear", outside }).data[0]!;
    });
    assertClose(sampled, expected, 5e-5, outside);
  }
});

Deno.test("warpPicture() by the identity gives the picture back, whatever the interpolation", () => {
  const picture = noise(9, 6, 3);
  for (const interpolation of ["bilinear", "bicubic", "lanczos"] as Interpolation[]) {
    const same = warpPicture(picture, [1, 0, 0, 0, 1, 0], { width: 9, height: 6, interpolation });
    assertClose(same.data, picture.data, 1e-6, interpolation);
  }
});

Deno.test("warpPicture() turns by 90 degrees and shifts by whole pixels exactly", () => {
  const picture = noise(4, 3, 1);
  // (x, y) -> (3 - y, x): the pixel of column c, row r goes to column 2 - r, row c.
  const turned = warpPicture(picture, [0, -1, 3, 1, 0, 0], { width: 3, height: 4, interpolation: "bilinear" });
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 4; c++) {
      assert.ok(Math.abs(turned.data[c * 3 + (2 - r)]! - picture.data[r * 4 + c]!) < 1e-6);
    }
  }
  const moved = warpPicture(picture, [1, 0, 1, 0, 1, 0], { width: 5, height: 3, outside: "black" });
  for (let r = 0; r < 3; r++) {
    assert.equal(moved.data[r * 5], 0);
    assertClose(moved.data.slice(r * 5 + 1, r * 5 + 5), picture.data.slice(r * 4, r * 4 + 4), 1e-6);
  }
});

Deno.test("warpPicture() averages when it shrinks, and stands far outside calmly", () => {
  const board = createPicture(40, 40, 1, Float32Array.from({ length: 1600 }, (_, i) => (i + Math.floor(i / 40)) % 2));
  const small = warpPicture(board, [0.25, 0, 0, 0, 0.25, 0], { width: 10, height: 10, interpolation: "bilinear" });
  assertClose(small.data, new Float32Array(100).fill(0.5), 0.05);
  const far = warpPicture(board, [1, 0, 1e12, 0, 1, 0], { width: 2, height: 2 });
  assertClose(far.data, [0, 0, 1, 1], 1e-6);
  assert.throws(() => warpPicture(board, [1, 1, 0, 1, 1, 0], { width: 2, height: 2 }), Problem);
});

Deno.test("toLab() agrees with scikit-image", () => {
  const colours = [0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0.8, 0.6, 0.5, 0.02, 0.03, 0.01, 0.25, 0.5, 0.75];
  assertClose(toLab(createPicture(8, 1, 3, Float32Array.from(colours))), truth.lab, 6e-3);
});

Deno.test("fromLab() undoes toLab()", () => {
  const picture = noise(20, 20, 3);
  assertClose(fromLab(toLab(picture), 20, 20).data, picture.data, 1e-5);
});

Deno.test("reinhardColourTransfer() gives mean and deviation of the reference, inside the masks only", () => {
  const soften = (p: Picture, gain: number, base: number) =>
    createPicture(p.width, p.height, 3, p.data.map((v) => base + gain * v));
  const picture = soften(noise(24, 24, 3, 5), 0.3, 0.3);
  const reference = soften(noise(16, 30, 3, 9), 0.15, 0.5);
  const left = (p: Picture) =>
    createPicture(
      p.width,
      p.height,
      1,
      Float32Array.from({ length: p.width * p.height }, (_, i) => i % p.width < p.width / 2 ? 1 : 0),
    );
  const outsideMask = createPicture(
    reference.width,
    reference.height,
    3,
    reference.data.map((v, i) => Math.floor(i / 3) % 16 < 8 ? v : 1 - v),
  );
  const mask = left(picture);
  const referenceMask = left(reference);
  const out = reinhardColourTransfer(picture, reference, { mask, referenceMask });
  assert.deepEqual(reinhardColourTransfer(picture, outsideMask, { mask, referenceMask }).data, out.data);
  const moments = (p: Picture, m: Picture, c: number) => {
    const lab = toLab(p);
    const values = Array.from({ length: lab.length / 3 }, (_, i) => i).filter((i) => m.data[i] === 1).map((i) =>
      lab[i * 3 + c]!
    );
    const mean = values.reduce((a, b) => a + b) / values.length;
    return [mean, Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length)];
  };
  for (let c = 0; c < 3; c++) {
    assertClose(moments(out, mask, c), moments(reference, referenceMask, c), 1e-2, `channel ${c}`);
  }
  assert.throws(
    () => reinhardColourTransfer(picture, reference, { mask: createPicture(24, 24, 1) }),
    /Cannot transfer colour: expected the mask/,
  );
  assert.throws(
    () => reinhardColourTransfer(picture, reference, { mask: createPicture(3, 3, 1) }),
    /shape \[24, 24, 1\]/,
  );
});

Deno.test("gaussianBlur() agrees with scipy.ndimage", () => {
  const impulses = createPicture(7, 5, 1);
  impulses.data[1 * 7 + 2] = 1;
  impulses.data[4 * 7 + 6] = 0.5;
  assertClose(gaussianBlur(impulses, 0.8).data, truth.gauss, 1e-6);
  assert.deepEqual(gaussianBlur(impulses, 0).data, impulses.data);
  assert.throws(() => gaussianBlur(impulses, -1), /expected a sigma of 0 or more, got -1/);
});

Deno.test("gaussianBlur() keeps channels apart and flat pictures flat", () => {
  const flat = createPicture(12, 9, 3, [0.2, 0.5, 0.9]);
  assertClose(gaussianBlur(flat, 2.3).data, flat.data, 1e-6);
});

Deno.test("dilate() and erode() agree with OpenCV and SciPy", () => {
  const spots = createPicture(11, 9, 1);
  spots.data[4 * 11 + 5] = 1;
  spots.data[3 * 11 + 5] = 0.5;
  spots.data[0] = 0.75;
  assertClose(dilate(spots, 2).data, truth.dil, 0);
  const random = createPicture(11, 9, 1, Float32Array.from(truth.g));
  assertClose(dilate(random, 2.5).data, Float32Array.from(truth.dil2), 0);
  assertClose(erode(random, 2.5).data, Float32Array.from(truth.ero2), 0);
});

Deno.test("erode() eats in from the frame only when the outside is black", () => {
  const full = createPicture(6, 6, 1, 1);
  assert.deepEqual(erode(full, 1).data, full.data);
  const eaten = erode(full, 1, { outside: "black" });
  assert.equal(eaten.data.reduce((a, b) => a + b), 16);
  assert.equal(eaten.data[0], 0);
});

Deno.test("dilate() and erode() are each other's mirror", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 42, maxLength: 42 }),
    fc.integer({ min: 0, max: 8 }),
    (values, radius) => {
      const mask = createPicture(7, 6, 1, Float32Array.from(values, (v) => v / 8));
      const negative = createPicture(7, 6, 1, mask.data.map((v) => 1 - v));
      assert.deepEqual(erode(mask, radius).data, dilate(negative, radius).data.map((v) => 1 - v));
    },
  ));
});

Deno.test("blendByMask() returns the target bit for bit where the mask is 0, the face where it is 1", () => {
  const [target, face, mask] = [noise(16, 16, 3, 2), noise(16, 16, 3, 3), noise(16, 16, 1, 4)];
  for (let i = 0; i < 256; i++) mask.data[i] = mask.data[i]! < 0.4 ? 0 : mask.data[i]! > 0.7 ? 1 : 0.25;
  const out = blendByMask(target, face, mask);
  for (let i = 0; i < out.data.length; i++) {
    const share = mask.data[Math.floor(i / 3)]!;
    if (share === 0) assert.equal(out.data[i], target.data[i]);
    else if (share === 1) assert.equal(out.data[i], face.data[i]);
    else assert.ok(Math.abs(out.data[i]! - (0.75 * target.data[i]! + 0.25 * face.data[i]!)) < 1e-6);
  }
  assert.throws(
    () => blendByMask(target, face, createPicture(8, 8, 1)),
    /expected the mask of shape \[16, 16, 1\], got \[8, 8, 1\]/,
  );
});
