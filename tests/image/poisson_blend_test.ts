import assert from "node:assert/strict";
import { createPicture, type Picture, poissonBlend } from "doppel/image/mod.ts";
import { a, assertNear, ellipse, expected, f, photographs } from "./fixtures.ts";

const region = createPicture(20, 16, 1, expected("poisson_region"));

/** The mask by name, on a square of `size`. */
function shape(size: number, inside: (x: number, y: number) => boolean): Picture {
  const values = Float32Array.from({ length: size * size }, (_, i) => inside(i % size, Math.floor(i / size)) ? 1 : 0);
  return createPicture(size, size, 1, values);
}

const ring = (size: number) => (x: number, y: number) => x > 4 && y > 4 && x < size - 5 && y < size - 5;

Deno.test("poissonBlend() agrees with SciPy's sparse solution, with a hole and at the frame", () => {
  const out = poissonBlend(a, f, region);
  assertNear(out.data, expected("poisson"), 2e-4);
  assert.throws(() => assertNear(a.data, expected("poisson"), 0.1));
  for (let i = 0; i < out.data.length; i++) {
    if (region.data[Math.floor(i / 3)] === 0) assert.equal(out.data[i], a.data[i]);
  }
});

Deno.test("poissonBlend() finds the exact solution on regions of 250 pixels and more, whatever their shape", () => {
  const size = 261;
  const shapes: Record<string, Picture> = {
    square: shape(size, ring(size)),
    disc: ellipse(size, size, 0.95),
    comb: shape(size, (x, y) => ring(size)(x, y) && (y < 20 || x % 7 < 3)),
    "to the frame": shape(size, (x, y) => y > 40 || x > 200),
    "two parts": shape(size, (x, y) => ring(size)(x, y) && Math.abs(x - y) > 2),
  };
  const texture = createPicture(
    size,
    size,
    3,
    Float32Array.from({ length: size * size * 3 }, (_, i) => (i * 7919) % 97 / 500 + 0.4),
  );
  for (const [name, mask] of Object.entries(shapes)) {
    // What differs is harmonic, also on the grid, so that the photograph itself is the solution. (At the frame, constant.)
    const differences = name === "to the frame"
      ? [() => 0.1, () => -0.1, () => 0.05]
      : [(x: number, y: number) => x * x - y * y, (x: number, y: number) => x * y, (x: number) => 0.4 * x];
    const face = texture.data.map((value, i) => {
      const [x, y] = [Math.floor(i / 3) % size, Math.floor(i / 3 / size)].map((at) => at / size - 0.5);
      return value + differences[i % 3]!(x!, y!);
    });
    const out = poissonBlend(texture, createPicture(size, size, 3, face), mask);
    assertNear(out.data, texture.data, 2e-4, name);
  }
});

Deno.test("poissonBlend() keeps the face's gradients and the photograph's border on real photographs", async () => {
  const [photo, face] = await photographs(96);
  const mask = ellipse(96, 96, 0.7);
  const { data } = poissonBlend(photo, face, mask);
  let [checked, worst] = [0, 0];
  for (let i = 96 * 3; i < data.length - 96 * 3; i++) {
    const near = [-3, 3, -96 * 3, 96 * 3].map((step) => i + step);
    if (mask.data[Math.floor(i / 3)] === 0) assert.equal(data[i], photo.data[i]);
    else if ([i, ...near].every((k) => data[k]! > 0 && data[k]! < 1)) {
      checked++;
      const laplacian = (values: Float32Array) => 4 * values[i]! - near.reduce((sum, k) => sum + values[k]!, 0);
      worst = Math.max(worst, Math.abs(laplacian(data) - laplacian(face.data)));
    }
  }
  assert.ok(checked > 8000 && worst < 1e-3, `${checked} values, off by up to ${worst}`);
});

Deno.test("poissonBlend() lays the solution over the photograph by the soft mask when asked to", () => {
  const soft = createPicture(20, 16, 1, region.data.map((value, i) => value * (i % 3 === 0 ? 1 : 0.25)));
  const hard = poissonBlend(a, f, region).data;
  assert.deepEqual(poissonBlend(a, f, soft).data, hard);
  const out = poissonBlend(a, f, soft, { soft: true }).data;
  for (let i = 0; i < out.length; i++) {
    const share = soft.data[Math.floor(i / 3)]!;
    if (share === 0) assert.equal(out[i], a.data[i]);
    else assert.ok(Math.abs(out[i]! - (a.data[i]! * (1 - share) + hard[i]! * share)) < 1e-6);
  }
  const firm = createPicture(20, 16, 1, region.data.map((value, i) => value * (i % 2 ? 0.5 : 0.75)));
  const only = createPicture(20, 16, 1, region.data.map((value, i) => i % 2 ? 0 : value));
  assert.deepEqual(poissonBlend(a, f, firm, { threshold: 0.5 }).data, poissonBlend(a, f, only).data);
});

Deno.test("poissonBlend() leaves equals alone, clips, and takes masks of one pixel and pictures of one channel", () => {
  assertNear(poissonBlend(a, a, region).data, a.data, 1e-7);
  const one = createPicture(5, 5, 1);
  one.data[12] = 1;
  const photo = createPicture(5, 5, 1, Float32Array.from({ length: 25 }, (_, i) => i / 25));
  assert.ok(Math.abs(poissonBlend(photo, createPicture(5, 5, 1, 0.9), one).data[12]! - 12 / 25) < 1e-6);
  const spike = createPicture(5, 5, 1, one.data.map((value) => 9 * value));
  assert.equal(poissonBlend(photo, spike, one).data[12], 1);
});

Deno.test("poissonBlend() says what is wrong in one sentence", () => {
  assert.throws(
    () => poissonBlend(a, f, createPicture(20, 16, 1)),
    /^Problem: Cannot blend seamlessly: expected a mask with some pixels in it, got an empty one$/,
  );
  assert.throws(
    () => poissonBlend(a, f, createPicture(20, 16, 1, 1)),
    /expected a mask that leaves some of the photograph, got one that covers all of it/,
  );
  assert.throws(
    () => poissonBlend(a, createPicture(3, 3, 3), region),
    /the face of shape \[16, 20, 3\], got \[3, 3, 3\]/,
  );
});
