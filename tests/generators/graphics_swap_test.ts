import assert from "node:assert/strict";
import { join } from "node:path";
import { BUNDLED_FACES, readFaceList } from "doppel/data/mod.ts";
import { landmarkError } from "doppel/evaluation/mod.ts";
import { alignFace, centredCosine, centreOf, describeFaces, findFaces, placeLandmarks } from "doppel/faces/mod.ts";
import { type FacePhoto, graphicsSwap } from "doppel/generators/mod.ts";
import { readPicture } from "doppel/image/mod.ts";
import { tf } from "doppel/runtime/mod.ts";

const { faces } = await readFaceList(BUNDLED_FACES);
const photosOf = (person: string, count: number): Promise<FacePhoto[]> =>
  Promise.all(
    faces.filter(({ path }) => path.includes(person)).slice(0, count).map(async ({ path, landmarks }) => ({
      photo: await readPicture(join(BUNDLED_FACES, path)),
      landmarks,
    })),
  );
const [target] = await photosOf("person16", 1);
const sources = await photosOf("person14", 3);

Deno.test("graphicsSwap() shows the source person on the target's landmarks and changes nothing else", async () => {
  const { picture, mask, source } = graphicsSwap(target!, sources, { label: false });
  assert.ok(source >= 0 && source < 3);
  let changed = 0;
  for (let i = 0; i < mask.data.length; i++) {
    const differs = [0, 1, 2].some((c) => picture.data[3 * i + c] !== target!.photo.data[3 * i + c]);
    if (mask.data[i] === 0) assert.ok(!differs, `pixel ${i} outside the mask changed`);
    else if (differs) changed++;
  }
  assert.ok(changed > 5000, `${changed} pixels changed`);
  const cut = ({ photo, landmarks }: FacePhoto) => alignFace(photo, landmarks, { size: 150 }).picture;
  const embeddings = await describeFaces([
    cut({ photo: picture, landmarks: target!.landmarks }),
    cut(target!),
    ...sources.map(cut),
  ], {
    encoder: "human",
  });
  const [swap, before, ...own] = embeddings as [Float32Array, Float32Array, ...Float32Array[]];
  const centre = centreOf([before, centreOf(own)]);
  assert.ok(centredCosine(swap, centreOf(own), centre) > centredCosine(swap, before, centre));
  const placed = await placeLandmarks(picture, target!.landmarks);
  assert.ok(landmarkError(placed, target!.landmarks) < 0.12);
});

Deno.test("graphicsSwap() labels its picture unless told not to, and needs a source", () => {
  const { photo } = target!;
  const corner = ((photo.height - 3) * photo.width + 2) * 3;
  const { picture } = graphicsSwap(target!, sources);
  assert.notEqual(picture.data[corner], photo.data[corner]);
  assert.throws(
    () => graphicsSwap(target!, []),
    /Cannot swap by graphics: expected at least one photograph of the source/,
  );
});

Deno.test("placeLandmarks() places what findFaces() finds, near enough, and leaves no tensor behind", async () => {
  const [found] = await findFaces(target!.photo);
  const shifted = found!.landmarks.map((value, i) => value + (i % 2 ? -3 : 4));
  const before = tf.memory().numTensors;
  const placed = await placeLandmarks(target!.photo, shifted);
  assert.equal(tf.memory().numTensors, before);
  assert.ok(landmarkError(placed, found!.landmarks) < 0.04, `${landmarkError(placed, found!.landmarks)} eye distances`);
});
