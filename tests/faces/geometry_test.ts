import assert from "node:assert/strict";
import fc from "fast-check";
import { createPicture, invertAffine, transformPoints } from "doppel/image/mod.ts";
import {
  alignFace,
  alignmentMatrix,
  estimateSimilarity,
  FACE_TYPES,
  hullMask,
  MEAN_FACE,
  MIRRORED_LANDMARKS,
  mirrorLandmarks,
  pickPoints,
  procrustesMean,
  STABLE_LANDMARKS,
  unalign,
} from "doppel/faces/mod.ts";
import { convexHull, coverConvex } from "../../lib/faces/convex_hull.ts";

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) => {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance, `[${i}]: ${actual[i]} against ${expected[i]}`);
  }
};
const similarity = fc.record({
  scale: fc.double({ min: 0.2, max: 300, noNaN: true }),
  turn: fc.double({ min: -3, max: 3, noNaN: true }),
  x: fc.double({ min: -500, max: 500, noNaN: true }),
  y: fc.double({ min: -500, max: 500, noNaN: true }),
});
const asMatrix = ({ scale, turn, x, y }: { scale: number; turn: number; x: number; y: number }) => {
  const [c, s] = [scale * Math.cos(turn), scale * Math.sin(turn)];
  return [c, -s, x, s, c, y] as const;
};
const face = (scale: number, x: number, y: number, turn = 0) =>
  transformPoints(asMatrix({ scale, turn, x, y }), MEAN_FACE);

Deno.test("estimateSimilarity() agrees with skimage.transform.SimilarityTransform", () => {
  // scikit-image 0.26.0, SimilarityTransform.from_estimate(src, dst).params
  const from = new Float32Array([0, 0, 10, 2, 4, 9, -3, 5, 7, -6]);
  const to = new Float32Array([3, 1, 14, 9, 4, 13, -1, 5, 14, -1]);
  close(estimateSimilarity(from, to), [1.048469, -0.492347, 4.010204, 0.492347, 1.048469, 1.530612], 1e-6);
});

Deno.test("estimateSimilarity() finds any similarity again, and refuses coinciding points", () => {
  fc.assert(fc.property(similarity, (given) => {
    const moved = transformPoints(asMatrix(given), MEAN_FACE);
    const found = transformPoints(estimateSimilarity(MEAN_FACE, moved), MEAN_FACE);
    close(found, moved, 1e-4 * (given.scale + 500));
  }));
  assert.throws(() => estimateSimilarity(new Float32Array([1, 1, 1, 1]), new Float32Array(4)), /do not all coincide/);
});

Deno.test("STABLE_LANDMARKS are 33, and MIRRORED_LANDMARKS undo themselves", () => {
  assert.equal(STABLE_LANDMARKS.length, 33);
  assert.deepEqual(MIRRORED_LANDMARKS.map((i) => MIRRORED_LANDMARKS[i]), Array.from({ length: 68 }, (_, i) => i));
  const points = face(100, 20, 30, 0.2);
  close(mirrorLandmarks(mirrorLandmarks(points, 200), 200), points, 1e-4);
});

Deno.test("MEAN_FACE is symmetric, upright and in its frame", () => {
  assert.equal(MEAN_FACE.length, 136);
  close(mirrorLandmarks(MEAN_FACE, 1), MEAN_FACE, 2e-5);
  const stable = pickPoints(MEAN_FACE, STABLE_LANDMARKS);
  const [xs, ys] = [stable.filter((_, i) => i % 2 === 0), stable.filter((_, i) => i % 2 === 1)];
  close([Math.min(...xs), Math.max(...xs), Math.min(...ys)], [0, 1, 0], 1e-5);
  const y = (i: number) => MEAN_FACE[2 * i + 1]!;
  assert.ok(
    y(19) < y(37) && y(37) < y(30) && y(30) < y(51) && y(51) < y(57) && y(57) < y(8),
    "brow, eye, nose, lips, chin",
  );
});

Deno.test("procrustesMean() of moved copies of one face is that face, whatever their places", () => {
  fc.assert(
    fc.property(fc.array(similarity, { minLength: 1, maxLength: 5 }), (places) => {
      const copies = places.map((place) => transformPoints(asMatrix(place), MEAN_FACE));
      close(procrustesMean(copies), MEAN_FACE, 2e-3);
    }),
    { numRuns: 30 },
  );
  assert.throws(() => procrustesMean([]), /expected at least one face, got none/);
});

Deno.test("alignmentMatrix() carries a mean face to the frame of each face type", () => {
  const photo = face(120, 80, 90, 0.3);
  // half: the unit square fills the picture. full: 1 + 2 sqrt(2) 0.2109375 = 1.59662 units a side, centred on (0.5, 0.5).
  close(
    transformPoints(alignmentMatrix(photo, { size: 100, faceType: "half" }), photo),
    MEAN_FACE.map((v) => v * 100),
    0.01,
  );
  const full = MEAN_FACE.map((v) => ((v - 0.5) / 1.59662 + 0.5) * 256);
  close(transformPoints(alignmentMatrix(photo, { size: 256 }), photo), full, 0.02);
  // whole and head are raised: the face lies lower in the picture.
  const nose = FACE_TYPES.map((faceType) =>
    transformPoints(alignmentMatrix(photo, { size: 1, faceType }), photo)[2 * 30 + 1]!
  );
  const width = FACE_TYPES.map((faceType) => {
    const points = transformPoints(alignmentMatrix(photo, { size: 1, faceType }), photo);
    return points[2 * 26]! - points[2 * 17]!;
  });
  assert.deepEqual(width, width.toSorted((a, b) => b - a));
  assert.ok(nose[4]! > nose[2]!);
  const unknown = "none" as "full";
  const names = /expected one of half, mid_full, full, whole, head, got "none"/;
  assert.throws(() => alignmentMatrix(photo, { size: 1, faceType: unknown }), names);
  assert.throws(() => alignmentMatrix(new Float32Array(10), { size: 1 }), /expected 68 landmarks, got 5/);
});

Deno.test("alignFace() shows the same face alike, wherever and however it stands in the photograph", () => {
  const draw = (turn: number, scale: number) => {
    const landmarks = face(scale, 150, 90, turn);
    const back = invertAffine(asMatrix({ scale, turn, x: 150, y: 90 }));
    const data = new Float32Array(400 * 400 * 3);
    for (let i = 0; i < 400 * 400; i++) {
      const [u, v] = transformPoints(back, new Float32Array([i % 400 + 0.5, Math.floor(i / 400) + 0.5]));
      data.fill(0.5 + 0.25 * Math.sin(6 * u!) + 0.25 * Math.cos(5 * v!), i * 3, i * 3 + 3);
    }
    return alignFace(createPicture(400, 400, 3, data), landmarks, { size: 64 });
  };
  const [straight, leaning] = [draw(0, 130), draw(0.4, 160)];
  close(leaning.landmarks, straight.landmarks, 0.01);
  close(leaning.picture.data, straight.picture.data, 0.01);
});

Deno.test("unalign() puts an aligned picture back where it was, and its mask nowhere else", () => {
  const photo = createPicture(
    300,
    260,
    3,
    Float32Array.from({ length: 300 * 260 * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return 0.5 + 0.4 * Math.sin((pixel % 300) / 25 + i % 3) * Math.cos(Math.floor(pixel / 300) / 20);
    }),
  );
  const landmarks = face(110, 90, 60, -0.2);
  const { picture, matrix, landmarks: own } = alignFace(photo, landmarks, { size: 256 });
  const back = unalign(picture, matrix, photo);
  const mask = unalign(hullMask(own, 256, 256), matrix, photo);
  let [worst, covered] = [0, 0];
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i]! === 0) continue;
    covered += mask.data[i]!;
    for (let c = 0; c < 3; c++) worst = Math.max(worst, Math.abs(back.data[i * 3 + c]! - photo.data[i * 3 + c]!));
  }
  assert.ok(worst < 0.01, `${worst}`);
  const direct = hullMask(landmarks, 300, 260).data.reduce((a, b) => a + b);
  assert.ok(Math.abs(covered / direct - 1) < 0.01);
  assert.equal(mask.data[0], 0);
});

Deno.test("convexHull() and coverConvex() give hand-worked areas", () => {
  const hull = convexHull(new Float32Array([0, 0, 2, 2, 4, 0, 4, 4, 0, 4, 2, 0, 3, 1]));
  assert.equal(hull.length, 8, "four corners are left");
  const square = new Float32Array([1.25, 1, 3.5, 1, 3.5, 3, 1.25, 3]);
  assert.deepEqual([...coverConvex([square], 5, 4, 4)].slice(5, 10), [0, 0.75, 1, 0.5, 0]);
  const two = coverConvex([square, new Float32Array([2, 1, 4, 1, 4, 3, 2, 3])], 5, 4, 4);
  assert.deepEqual([...two].slice(5, 10), [0, 0.75, 1, 1, 0], "what lies in both counts once");
  const triangle = coverConvex([new Float32Array([0, 0, 8, 0, 0, 8])], 8, 8, 4).reduce((a, b) => a + b);
  assert.ok(Math.abs(triangle - 32) < 1e-4, `half of 8 x 8, got ${triangle}`);
});

Deno.test("hullMask() covers the landmarks, rises with the brows, and is 0 or 1 without anti-aliasing", () => {
  const landmarks = face(150, 60, 60);
  const area = (browExpansion: number) => hullMask(landmarks, 270, 270, { browExpansion }).data.reduce((a, b) => a + b);
  assert.ok(area(0) < area(1) && area(1) < area(2));
  const mask = hullMask(landmarks, 270, 270);
  for (let i = 0; i < 68; i++) {
    // a step towards the nose is inside
    const x = Math.floor(landmarks[2 * i]! * 0.95 + landmarks[60]! * 0.05);
    const y = Math.floor(landmarks[2 * i + 1]! * 0.95 + landmarks[61]! * 0.05);
    assert.equal(mask.data[y * 270 + x], 1, `landmark ${i}`);
  }
  const hard = hullMask(landmarks, 270, 270, { antiAlias: false });
  assert.ok(hard.data.every((value) => value === 0 || value === 1));
  assert.ok(Math.abs(hard.data.reduce((a, b) => a + b) / area(1) - 1) < 0.01);
  const outside = hullMask(face(150, -100, -90), 100, 100);
  assert.ok(outside.data.every(Number.isFinite), "a face partly out of the frame is cut off");
  assert.throws(() => hullMask(new Float32Array(2), 9, 9), /expected 68 landmarks, got 1/);
});
