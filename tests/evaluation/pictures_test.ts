import { equal, ok, throws } from "node:assert/strict";
import { createPicture, fromLab, type Picture } from "doppel/image/mod.ts";
import { meanAbsoluteError, psnr, relativeSharpness, seamGap, sharpness, ssim } from "doppel/evaluation/mod.ts";

const near = (got: number, want: number, within = 1e-6) =>
  ok(Math.abs(got - want) <= within, `${got} is not within ${within} of ${want}`);

function draw(
  width: number,
  height: number,
  channels: 1 | 3,
  at: (x: number, y: number, c: number) => number,
): Picture {
  const picture = createPicture(width, height, channels);
  for (let i = 0; i < picture.data.length; i++) {
    const pixel = Math.floor(i / channels);
    picture.data[i] = at(pixel % width, Math.floor(pixel / width), i % channels);
  }
  return picture;
}

// The same two pictures in numpy: a = .5 + .5 sin(.7x + .3y + 1.1c) as float32, b = clip(a + .2 cos(.9xy/7 + c), 0, 1).
// scikit-image 0.26: structural_similarity(a, b, gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
// data_range=1, channel_axis=2) and peak_signal_noise_ratio(a, b, data_range=1), both on float64 copies.
const a = draw(19, 23, 3, (x, y, c) => 0.5 + 0.5 * Math.sin(0.7 * x + 0.3 * y + 1.1 * c));
const wave = (x: number, y: number, c: number) => 0.2 * Math.cos(0.9 * x * y / 7 + c);
const b = draw(19, 23, 3, (x, y, c) => Math.min(1, Math.max(0, a.data[(y * 19 + x) * 3 + c]! + wave(x, y, c))));
const red = (picture: Picture) => draw(19, 23, 1, (x, y) => picture.data[(y * 19 + x) * 3]!);

Deno.test("ssim() agrees with scikit-image in colour and in grey", () => {
  near(ssim(a, b), 0.9143634773565269);
  near(ssim(red(a), red(b)), 0.9114923110134591);
  near(ssim(a, a), 1, 1e-12);
  equal(ssim(a, b), ssim(b, a));
});

Deno.test("ssim() refuses pictures smaller than its window or of two shapes", () => {
  throws(() => ssim(createPicture(10, 20, 1), createPicture(10, 20, 1)), /at least 11 pixels a side, got 10x20/);
  throws(() => ssim(a, red(b)), /two pictures of one shape/);
});

Deno.test("psnr() and meanAbsoluteError() agree with scikit-image and numpy", () => {
  near(psnr(a, b), 18.283287503847298);
  near(meanAbsoluteError(a, b), 0.1019439813477469);
  equal(psnr(a, a), Infinity);
});

Deno.test("meanAbsoluteError() counts only what the mask covers, by its weight", () => {
  const black = createPicture(2, 1, 1);
  const other = createPicture(2, 1, 1, new Float32Array([0.5, 1]));
  equal(meanAbsoluteError(black, other, createPicture(2, 1, 1, new Float32Array([1, 0]))), 0.5);
  equal(meanAbsoluteError(black, other, createPicture(2, 1, 1, new Float32Array([0.25, 0.75]))), 0.875);
  throws(() => meanAbsoluteError(black, other, createPicture(2, 1, 1)), /empty one/);
});

Deno.test("sharpness() is the slope of a ramp and sees only the mask", () => {
  const ramp = draw(9, 9, 1, (x, y) => 0.03 * x + 0.04 * y);
  near(sharpness(ramp), 0.05, 1e-7);
  const halves = draw(10, 9, 3, (x) => x < 5 ? 0 : 0.1 * x);
  near(sharpness(halves, draw(10, 9, 1, (x) => x < 4 ? 1 : 0)), 0, 1e-9);
  near(sharpness(halves, draw(10, 9, 1, (x) => x > 5 ? 1 : 0)), 0.1, 1e-7);
  near(relativeSharpness({ picture: ramp }, [{ picture: draw(9, 9, 1, (x) => 0.1 * x) }]), 0.5, 1e-6);
  throws(() => relativeSharpness({ picture: ramp }, []), /got none/);
});

/** Two grey halves, or a grey disc on grey, 10 units of L* apart. */
function step(inside: (x: number, y: number) => boolean): [Picture, Picture] {
  const lab = new Float32Array(32 * 32 * 3);
  const mask = draw(32, 32, 1, (x, y) => inside(x, y) ? 1 : 0);
  mask.data.forEach((value, i) => lab[3 * i] = value ? 60 : 50);
  return [fromLab(lab, 32, 32), mask];
}

Deno.test("seamGap() is the colour step across a straight and across a round border", () => {
  near(seamGap(...step((x) => x < 16)), 10, 0.01);
  near(seamGap(...step((x, y) => Math.hypot(x - 15, y - 15) < 9)), 10, 0.7);
  const [flat, mask] = step((x) => x < 16);
  near(seamGap(createPicture(32, 32, 3, 0.4), mask), 0, 1e-4);
  // A gentle ramp of 0.5 L* a pixel without a seam: three pixels apart make 1.5.
  const ramp = new Float32Array(32 * 32 * 3);
  for (let i = 0; i < 32 * 32; i++) ramp[3 * i] = 40 + 0.5 * (i % 32);
  near(seamGap(fromLab(ramp, 32, 32), mask), 1.5, 0.01);
  throws(() => seamGap(flat, createPicture(32, 32, 1, 1)), /empty one/);
});
