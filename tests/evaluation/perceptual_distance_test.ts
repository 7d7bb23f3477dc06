import assert from "node:assert/strict";
import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
import { mean, perceptualDistance, perceptualMapDistance } from "doppel/evaluation/mod.ts";
import { describePerceptually } from "doppel/faces/mod.ts";
import { createPicture, gaussianBlur, type Picture } from "doppel/image/mod.ts";
import { normal, randomSource } from "doppel/random.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const { faces } = await readFaceSet(BUNDLED_FACES, { size: 128, perPerson: 3 });
const photo = faces[0]!.picture;

/** A pattern that the reference computation has, too: float32 values of .5 + .5 sin(.37 x + .21 y + 1.1 c + phase cos(.05 x y)). */
function pattern(width: number, height: number, phase: number): Picture {
  const data = Float32Array.from({ length: width * height * 3 }, (_, i) => {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return 0.5 + 0.5 * Math.sin(0.37 * x + 0.21 * y + 1.1 * c + phase * Math.cos(0.05 * x * y));
  });
  return createPicture(width, height, 3, data);
}

// The same network in numpy (2.4), from the weights in `face_recognition_model.bin`, its convolutions written as sums over
// sliding windows in float64; that code gives face-api's own descriptor of 128 numbers, too. Distances of the five layers
// between phases .3 and .9, at an even size and at an odd one that is not square.
const numpy = [
  {
    width: 64,
    height: 64,
    layers: [0.05107989576599044, 0.060131284194263016, 0.10644182654605766, 0.041407432976444, 0.00607612666506769],
  },
  {
    width: 77,
    height: 60,
    layers: [0.04629187303082977, 0.053747185655900455, 0.0998342516736959, 0.03859553988485078, 0.004492658767031796],
  },
];

for (const { width, height, layers } of numpy) {
  Deno.test(`perceptualDistance() agrees layer by layer with the network in numpy at ${width}x${height}`, async () => {
    const [a, b] = [pattern(width, height, 0.3), pattern(width, height, 0.9)];
    const [first, second] = await describePerceptually([a, b]);
    const found = first!.map((map, layer) => perceptualMapDistance([map], [second![layer]!]));
    found.forEach((value, i) => assert.ok(Math.abs(value - layers[i]!) < 1e-6, `layer ${i}: ${value}`));
    const sum = layers.reduce((total, value) => total + value);
    assert.ok(Math.abs(await perceptualDistance(a, b) - sum) < 1e-6);
  });
}

Deno.test("perceptualDistance() is 0 for a picture itself, symmetric, and grows with blur and with noise", async () => {
  const noisy = (deviation: number) => {
    const random = randomSource(1, "noise");
    return createPicture(
      128,
      128,
      3,
      photo.data.map((value) => Math.min(1, Math.max(0, value + deviation * normal(random)))),
    );
  };
  const distances = async (variants: readonly Picture[]) => {
    const [original, ...others] = await describePerceptually([photo, ...variants]);
    return others.map((other) => perceptualMapDistance(original!, other));
  };
  const blurred = await distances([0, 0.5, 1, 2, 4].map((sigma) => gaussianBlur(photo, sigma)));
  const noised = await distances([0, 0.01, 0.03, 0.1].map(noisy));
  for (const row of [blurred, noised]) {
    assert.ok(row[0]! < 1e-9, `${row[0]}`);
    row.slice(1).forEach((value, i) => assert.ok(value > 1.5 * row[i]! + 1e-4, row.join(" ")));
  }
  const other = faces[5]!.picture;
  const [there, back] = [await perceptualDistance(photo, other), await perceptualDistance(other, photo)];
  assert.ok(Math.abs(there - back) < 1e-5);
});

Deno.test("perceptualDistance() is smaller between photographs of one person than between persons", async () => {
  const described = await describePerceptually(faces.map(({ picture }) => picture));
  const [same, different]: [number[], number[]] = [[], []];
  for (const [i, a] of faces.entries()) {
    for (const [k, b] of faces.slice(0, i).entries()) {
      (a.person === b.person ? same : different).push(perceptualMapDistance(described[i]!, described[k]!));
    }
  }
  assert.equal(new Set(faces.map(({ person }) => person)).size, 26);
  // With five photographs a person at 150 pixels: 1.15 against 2.22.
  assert.ok(1.5 * mean(same) < mean(different), `${mean(same)} and ${mean(different)}`);
});

Deno.test("perceptualDistance() refuses pictures that cannot be compared", async () => {
  await assert.rejects(perceptualDistance(photo, pattern(64, 64, 0)), /two pictures of one size/);
  await assert.rejects(
    perceptualDistance(createPicture(54, 80, 3), createPicture(54, 80, 3)),
    /at least 55 pixels a side/,
  );
  await assert.rejects(describePerceptually([createPicture(64, 64, 1)]), /colour pictures of one size/);
  const [large, small] = [await describePerceptually([photo]), await describePerceptually([pattern(64, 64, 0)])];
  assert.throws(() => perceptualMapDistance(large[0]!, small[0]!), /maps of one size, got 61x61 and 29x29 places/);
  const smallest = await describePerceptually([createPicture(55, 55, 3, 0.5)]);
  assert.deepEqual(smallest[0]!.map(({ width }) => width), [25, 12, 6, 3, 1]);
});

Deno.test("describePerceptually() does not depend on the batch and leaves no tensor behind", async () => {
  const pictures = faces.slice(0, 3).map(({ picture }) => picture);
  await describePerceptually(pictures);
  const before = tf.memory().numTensors;
  const [together, apart] = [await describePerceptually(pictures), await describePerceptually(pictures, { batch: 2 })];
  assert.equal(tf.memory().numTensors, before);
  apart.forEach((features, i) => assert.ok(perceptualMapDistance(features, together[i]!) < 1e-8));
  assert.deepEqual(await describePerceptually([]), []);
});
