import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
import { featureDistance, mean, rocAuc, type Scored } from "doppel/evaluation/mod.ts";
import { describeExpressions } from "doppel/faces/mod.ts";
import { createPicture, type Picture, resizePicture } from "doppel/image/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const byEye = JSON.parse(await Deno.readTextFile(join(import.meta.dirname!, "mouths_by_eye.json")));
const mouths = new Map<string, "teeth" | "closed">();
for (const kind of ["teeth", "closed"] as const) {
  for (const [person, numbers] of Object.entries(byEye[kind] as Record<string, string>)) {
    for (const number of numbers.split(" ")) mouths.set(`photos/${person}/image_${number}.jpg`, kind);
  }
}
const persons = Object.keys(byEye.teeth);
const { faces } = await readFaceSet(BUNDLED_FACES, { size: 112, persons });
const sorted = faces.filter(({ path }) => mouths.has(path)).map((face) => ({ ...face, mouth: mouths.get(face.path)! }));
const described = await describeExpressions(sorted.map(({ picture }) => picture));

/** How often a pair with unlike mouths is farther apart than one with like mouths. */
function auc(wanted: (a: string, b: string) => boolean): number {
  const pairs: Scored[] = [];
  for (const [i, a] of sorted.entries()) {
    for (const [k, b] of sorted.slice(0, i).entries()) {
      if (!wanted(a.person, b.person)) continue;
      // What the curve is to find, elsewhere forgeries, are here the unlike pairs.
      pairs.push({ forged: a.mouth !== b.mouth, score: featureDistance(described[i]!, described[k]!) });
    }
  }
  return rocAuc(pairs);
}

Deno.test("describeExpressions() parts smiles with teeth from closed mouths, of one person and of two", () => {
  assert.equal(sorted.length, mouths.size);
  // At the last count .80 and .87 over ten persons.
  const across = auc((a, b) => a !== b);
  assert.ok(across > 0.75, `between persons: ${across}`);
  const within = mean(persons.map((person) => auc((a, b) => a === person && b === person)));
  assert.ok(within > 0.8, `within persons: ${within}`);
});

Deno.test("describeExpressions() gives roots of probabilities, joy among them where it belongs", () => {
  for (const features of described) {
    assert.equal(features.length, 14);
    for (const part of [features.subarray(0, 7), features.subarray(7)]) {
      assert.ok(part.every((value) => value >= 0 && value <= 1));
      assert.ok(Math.abs(part.reduce((sum, value) => sum + value * value, 0) - 1) < 1e-4);
    }
  }
  // Joy is the second of face-api's seven and the fourth of human's.
  for (const joy of [1, 7 + 3]) {
    const of = (mouth: string) => mean(described.flatMap((d, i) => sorted[i]!.mouth === mouth ? [d[joy]! ** 2] : []));
    assert.ok(of("teeth") > of("closed") + 0.3, `probability ${of("teeth")} against ${of("closed")}`);
  }
});

Deno.test("describeExpressions() gives what face-api's own pipeline gives, and human's network in numpy", async () => {
  const pattern = (side: number, phase: number) =>
    createPicture(
      side,
      side,
      3,
      Float32Array.from({ length: side * side * 3 }, (_, i) => {
        const [c, x, y] = [i % 3, Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
        return 0.5 + 0.5 * Math.sin(0.37 * x + 0.21 * y + 1.1 * c + phase * Math.cos(0.05 * x * y));
      }),
    );
  const { nets } = createRequire(import.meta.url)("@vladmandic/face-api/dist/face-api.node-gpu.js");
  const { picture } = sorted[0]!;
  const bytes = tf.tidy(() => tf.tensor3d(picture.data, [112, 112, 3]).mul(255));
  const expected = Object.values(await nets.faceExpressionNet.predictExpressions(bytes)) as number[];
  bytes.dispose();
  expected.forEach((value, i) => assert.ok(Math.abs(described[0]![i]! ** 2 - value) < 1e-5, `${i}: ${value}`));
  // The graph of `emotion.json` evaluated in float64 with numpy 2.4, on grey pictures from -1 to 1.
  const numpy = new Map([
    [0.3, [0.00001, 0, 0.008732, 0, 0.006357, 0.984899, 0.000002]],
    [0.9, [0.000237, 0.000187, 0.990635, 0.000108, 0.002959, 0.005872, 0.000002]],
  ]);
  for (const [phase, probabilities] of numpy) {
    const [features] = await describeExpressions([pattern(64, phase)]);
    probabilities.forEach((value, i) => assert.ok(Math.abs(features![7 + i]! ** 2 - value) < 2e-5, `${i}: ${value}`));
  }
});

Deno.test("describeExpressions() depends neither on the batch nor much on the size, and leaves no tensor behind", async () => {
  const pictures = sorted.slice(0, 3).map(({ picture }) => picture);
  const before = tf.memory().numTensors;
  const [alone] = await describeExpressions([pictures[1]!]);
  const inTwos = await describeExpressions(pictures, { batch: 2 });
  assert.equal(tf.memory().numTensors, before);
  assert.ok(featureDistance(alone!, described[1]!) < 1e-4);
  assert.ok(featureDistance(inTwos[2]!, described[2]!) < 1e-4);
  const larger = (picture: Picture) => resizePicture(picture, 224, 224, { interpolation: "bicubic" });
  const [large] = await describeExpressions([larger(pictures[0]!)]);
  assert.ok(featureDistance(large!, described[0]!) < 0.1, `${featureDistance(large!, described[0]!)}`);
});

Deno.test("describeExpressions() refuses grey pictures and has nothing to say of none", async () => {
  await assert.rejects(describeExpressions([createPicture(64, 64, 1)]), /expected a colour picture of shape/);
  assert.deepEqual(await describeExpressions([]), []);
});
