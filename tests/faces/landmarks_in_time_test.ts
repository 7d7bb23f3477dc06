import assert from "node:assert/strict";
import fc from "fast-check";
import { landmarkMotion, landmarkSmoother, MEAN_FACE } from "doppel/faces/mod.ts";
import { normal, randomSource } from "doppel/random.ts";
import fixture from "./one_euro.json" with { type: "json" };

const moved = (points: Float32Array, dx: number, dy: number) =>
  points.map((value, i) => value + (i % 2 === 0 ? dx : dy));

Deno.test("landmarkMotion() is the mean displacement, its angle clockwise as the picture is seen", () => {
  const face = MEAN_FACE.map((value) => value * 100);
  for (
    const [dx, dy, length, angle] of [[3, 0, 3, 0], [0, 2, 2, 90], [-1, 0, 1, 180], [0, -4, 4, -90], [3, 4, 5, 53.1301]]
  ) {
    const motion = landmarkMotion(face, moved(face, dx!, dy!));
    assert.ok(
      Math.abs(motion.length - length!) < 1e-4 && Math.abs(motion.angle - angle!) < 1e-2,
      JSON.stringify(motion),
    );
  }
  assert.deepEqual(landmarkMotion(face, face), { length: 0, angle: 0 });
  // A smile moves landmarks, but not the face.
  const smile = face.map((value, i) => value + (i === 96 ? -3 : i === 108 ? 3 : 0));
  assert.ok(landmarkMotion(face, smile).length < 1e-4);
  assert.throws(
    () => landmarkMotion(face, face.subarray(2)),
    /expected two equally long lists of x, y pairs, got 136 and 134/,
  );
});

Deno.test("landmarkSmoother() gives the values of the authors' own implementation", () => {
  // Made with the package OneEuroFilter 0.2.1 by G. Casiez: a noisy sine and a noisy step, some frames left out.
  const { mincutoff, beta, dcutoff, time, x, y, filtered } = fixture;
  const smoother = landmarkSmoother({ minCutoff: mincutoff, beta, speedCutoff: dcutoff });
  for (const [n, expected] of filtered.entries()) {
    // Two points at rest make the face's size 1.
    const out = smoother.next(new Float32Array([0, 0, 1, 1, x[n]!, y[n]!]), time[n]!);
    assert.deepEqual(Array.from(out.subarray(0, 4)), [0, 0, 1, 1]);
    for (const c of [0, 1]) assert.ok(Math.abs(out[4 + c]! - expected[c]!) < 1e-6, `${n}: ${out} ${expected}`);
  }
});

Deno.test("landmarkSmoother() calms a trembling face and follows a moving one", () => {
  const source = randomSource(5, "jitter");
  const [size, jitter] = [200, 0.8];
  const face = MEAN_FACE.map((value) => value * size);
  const smoother = landmarkSmoother();
  let [rawError, smoothError] = [0, 0];
  const noisy = (points: Float32Array) => points.map((value) => value + jitter * normal(source));
  for (let n = 0; n < 100; n++) {
    const raw = noisy(face);
    const smooth = smoother.next(raw, n / 25);
    if (n < 25) continue;
    for (let i = 0; i < face.length; i++) {
      rawError += (raw[i]! - face[i]!) ** 2;
      smoothError += (smooth[i]! - face[i]!) ** 2;
    }
  }
  assert.ok(Math.sqrt(smoothError / rawError) < 0.6, `${Math.sqrt(smoothError / rawError)}`);
  // Then it sets out with one face a second: no more than 1 / (2 pi beta) of a face behind.
  let most = 0;
  for (let n = 0; n < 50; n++) {
    const at = moved(face, n / 25 * size, 0);
    const lag = landmarkMotion(smoother.next(at, 4 + n / 25), at).length;
    if (n > 12) most = Math.max(most, lag / size);
  }
  assert.ok(most < 1 / (2 * Math.PI * 20) + 1e-3 && most > 1e-3, `${most}`);
});

Deno.test("landmarkSmoother() does the same at any size, starts anew after a jump, and never overshoots", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 2, maxLength: 8 }), (shifts) => {
      const [small, large] = [landmarkSmoother(), landmarkSmoother()];
      const face = MEAN_FACE.map((value) => value * 100);
      let [low, high] = [Infinity, -Infinity];
      for (const [n, shift] of shifts.entries()) {
        const now = moved(face, shift * 100, 0);
        const a = small.next(now, n / 30);
        const b = large.next(now.map((value) => value * 8), n / 30);
        for (let i = 0; i < a.length; i += 17) assert.ok(Math.abs(b[i]! / 8 - a[i]!) < 1e-3);
        low = Math.min(low, now[0]!);
        high = Math.max(high, now[0]!);
        assert.ok(a[0]! >= low - 1e-3 && a[0]! <= high + 1e-3);
      }
    }),
  );
  const smoother = landmarkSmoother();
  smoother.next(MEAN_FACE, 0);
  const elsewhere = moved(MEAN_FACE, 3, 1);
  assert.deepEqual(smoother.next(elsewhere, 0.04), elsewhere);
  smoother.reset();
  assert.deepEqual(smoother.next(MEAN_FACE, 0), MEAN_FACE);
});

Deno.test("landmarkSmoother() refuses what is no face in time", () => {
  const smoother = landmarkSmoother();
  smoother.next(MEAN_FACE, 1);
  assert.throws(() => smoother.next(MEAN_FACE, 1), /expected a time after 1 s, got 1 s/);
  assert.throws(() => smoother.next(MEAN_FACE.subarray(2), 2), /expected 68 landmarks, got 67/);
  assert.throws(() => smoother.next(new Float32Array(136), 2), /all in one place/);
  assert.throws(() => landmarkSmoother({ minCutoff: 0 }), /expected cutoffs and jump above 0/);
});
