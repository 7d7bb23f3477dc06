import assert from "node:assert/strict";
import { join } from "node:path";
import { BUNDLED_FACES, readFaceList } from "doppel/data/mod.ts";
import { faceTracker, landmarkMotion } from "doppel/faces/mod.ts";
import { createPicture, type Picture, readPicture, toBytes, type VideoFrame, warpPicture } from "doppel/image/mod.ts";

const { faces } = await readFaceList(BUNDLED_FACES);
/** A photograph with its landmarks. */
async function open(index: number): Promise<{ photo: Picture; landmarks: Float32Array }> {
  const { path, landmarks } = faces[index]!;
  return { photo: await readPicture(join(BUNDLED_FACES, path)), landmarks };
}
const frameOf = ({ width, height, ...rest }: Picture, index: number): VideoFrame => ({
  ...{ index, time: index / 25, duration: 0.04, width, height, data: toBytes({ width, height, ...rest }) },
});
const first = await open(0);
const other = await open(faces.findIndex(({ path }) => path.includes("person10")));
const { width, height } = first.photo;
const moved = (dx: number): Picture => warpPicture(first.photo, [1, 0, dx, 0, 1, 0], { width, height });
const apart = (a: Float32Array, b: Float32Array) => landmarkMotion(a, b).length;

Deno.test("faceTracker() follows a face that moves, with one look of the detector, and tells its motion", async () => {
  const tracker = faceTracker();
  for (let i = 0; i < 5; i++) {
    const [face, ...more] = await tracker.next(frameOf(moved(4 * i), i));
    assert.deepEqual([more.length, face!.track], [0, 1]);
    const expected = first.landmarks.map((value, k) => value + (k % 2 === 0 ? 4 * i : 0));
    assert.ok(apart(expected, face!.landmarks) < 4, `frame ${i} is off by ${apart(expected, face!.landmarks)} pixels`);
    if (i === 0) assert.equal(face!.motion, undefined);
    else assert.ok(face!.motion!.length > 1 && Math.abs(face!.motion!.angle) < 45, JSON.stringify(face!.motion));
  }
  assert.equal(tracker.detections, 1);
});

Deno.test("faceTracker() looks anew every so many frames", async () => {
  const tracker = faceTracker({ detectEvery: 2 });
  const numbers: number[] = [];
  for (let i = 0; i < 5; i++) numbers.push((await tracker.next(frameOf(first.photo, i)))[0]!.track);
  assert.deepEqual([tracker.detections, numbers], [3, [1, 1, 1, 1, 1]]);
});

Deno.test("faceTracker() loses a face at a cut and finds the next one", async () => {
  const tracker = faceTracker();
  const blank = createPicture(width, height, 3, [0.3, 0.6, 0.3]);
  assert.equal((await tracker.next(frameOf(first.photo, 0))).length, 1);
  assert.equal((await tracker.next(frameOf(blank, 1))).length, 0);
  assert.equal((await tracker.next(frameOf(blank, 2))).length, 0);
  const [face] = await tracker.next(frameOf(other.photo, 3));
  assert.equal(face!.track, 2);
  assert.ok(apart(other.landmarks, face!.landmarks) < 6, `off by ${apart(other.landmarks, face!.landmarks)} pixels`);
});

Deno.test("faceTracker() follows all faces when asked to, the largest otherwise", async () => {
  const both = createPicture(2 * width, height, 3, 0.5);
  const next = warpPicture(other.photo, [1, 0, 0, 0, 1, 0], { width, height }).data;
  for (let y = 0; y < height; y++) {
    const [from, to] = [y * width * 3, (y + 1) * width * 3];
    both.data.set(first.photo.data.subarray(from, to), 2 * from);
    both.data.set(next.subarray(from, to), from + to);
  }
  const all = faceTracker({ faces: "all" });
  for (let i = 0; i < 2; i++) {
    assert.deepEqual((await all.next(frameOf(both, i))).map(({ track }) => track).sort(), [1, 2]);
  }
  assert.equal((await faceTracker().next(frameOf(both, 0))).length, 1);
  assert.throws(
    () => faceTracker({ detectEvery: 0 }),
    /Cannot track faces: expected a whole number of frames from 1 up, got 0/,
  );
});
