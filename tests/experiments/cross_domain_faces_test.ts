import assert from "node:assert/strict";
import { cutCrop, faceCrop } from "../../experiments/cross_domain_detection/domains/crop.ts";
import { pairPersons, sourcesOf } from "../../experiments/cross_domain_detection/domains/pairs.ts";
import { laidBack } from "../../experiments/cross_domain_detection/domains/swapped_face.ts";
import { facePhotoOf, readTargets } from "../../experiments/cross_domain_detection/domains/targets.ts";
import { meanAbsoluteError, sharpness } from "doppel/evaluation/mod.ts";
import { alignFace, hullMask } from "doppel/faces/mod.ts";
import { convertPhotos, df, maskOfMode, predictFaces } from "doppel/generators/mod.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";
import { contextOf, data } from "./cross_domain_small_set.ts";

await useTensorFlow();

Deno.test("pairPersons() makes everybody a target once, with another person's face, of an odd number as well", () => {
  for (const count of [2, 3, 5, 16]) {
    const persons = Array.from({ length: count }, (_, i) => `person${10 + i}`);
    const pairs = pairPersons(persons.toReversed(), "test");
    assert.deepEqual(pairs.flatMap(({ targets }) => targets).sort(), persons);
    const sources = sourcesOf(pairs);
    for (const person of persons) assert.notEqual(sources.get(person), person);
    assert.ok(pairs.length <= (count + 1) / 2);
  }
  assert.throws(
    () => pairPersons(["a", "a"], "test"),
    /Cannot pair persons: expected two or more in the identity split test/,
  );
});

Deno.test("faceCrop() holds the whole face and stays inside the photograph, and carries the landmarks along", async () => {
  const { context } = await contextOf({ resolution: 96 });
  for (const target of (await readTargets(context)).targets) {
    const { photo, landmarks } = await facePhotoOf(data, target);
    const { region: { x, y, width, height }, landmarks: carried } = target.crop;
    assert.equal(width, height);
    assert.ok(x >= 0 && y >= 0 && x + width <= photo.width && y + height <= photo.height);
    assert.ok(carried.every((value) => value > 0 && value < 96), target.photo);
    landmarks.forEach((value, i) => {
      assert.ok(Math.abs(carried[i]! / 96 * width + (i % 2 === 0 ? x : y) - value) < 1e-3);
    });
    assert.deepEqual(target.real, cutCrop(photo, target.crop));
  }
  // A face at the border: the square moves inside; a photograph smaller than the square: all that there is.
  const corner = Float32Array.from({ length: 136 }, (_, i) => i % 30);
  assert.deepEqual(faceCrop({ width: 200, height: 100 }, corner, 64).region, { x: 0, y: 0, width: 39, height: 39 });
  assert.equal(faceCrop({ width: 30, height: 100 }, corner, 64).region.width, 30);
});

Deno.test("laidBack() forges as convertPhotos() does, and gives the photograph's own face the same loss of resolution", async () => {
  const { context } = await contextOf();
  const [target] = (await readTargets(context)).targets;
  const photo = await facePhotoOf(data, target!);
  const model = df({ resolution: 64, encoder: 4, decoder: 4, code: 8, mask: 2, options: "ud" }, 1);
  const [expected] = await convertPhotos(model, [photo], { label: false });
  const aligned = alignFace(photo.photo, photo.landmarks, { size: 64 });
  const [{ face, mask: learnedPrd, ownMask: learnedDst }] = await predictFaces(model, [aligned.picture]) as [
    Awaited<ReturnType<typeof predictFaces>>[0],
  ];
  const hull = hullMask(aligned.landmarks, 64, 64);
  const mask = maskOfMode("learned-prd*learned-dst", { hull, learnedPrd, learnedDst });
  const made = await laidBack(data, target!, { aligned, face, mask, options: {} });
  assert.deepEqual(made.forged, cutCrop(expected!.picture, target!.crop));
  model.weights.dispose();

  const full = await laidBack(data, target!, { aligned, face, mask: hull, options: {} });
  const [sharp, softer] = [await full.matched(0), await full.matched(1.5)];
  assert.ok(meanAbsoluteError(sharp, target!.real) < 0.03, "the same face");
  const inFace = (picture: typeof sharp) => sharpness(picture, hullMask(target!.crop.landmarks, 64, 64));
  assert.ok(inFace(sharp) < inFace(target!.real) && inFace(softer) < 0.95 * inFace(sharp));
});
