import assert from "node:assert/strict";
import { segmentFaces, xseg, type XSegSizes, xsegSizes } from "doppel/faces/mod.ts";
import { createPicture } from "doppel/image/mod.ts";
import { binaryCrossEntropy } from "doppel/nn/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const tiny: XSegSizes = { resolution: 16, base: 4, levels: 2, code: 8 };

/** Parameters by the published list of layers, written out level by level. */
function parameters(
  base: number,
  code: number,
  side: number,
  levels: readonly [down: number, up: number, n: number][],
) {
  const block = (kernel: number, from: number, to: number) => kernel ** 2 * from * to + to + 3 * to;
  let sum = 0;
  let from = 3;
  for (const [down, , n] of levels) {
    sum += block(3, from, down) + (n - 1) * block(3, down, down);
    from = down;
  }
  sum += side * side * from * code + code + code * side * side * from + side * side * from;
  for (const [down, up, n] of levels.toReversed()) {
    sum += block(3, from, up) + block(3, up + down, down) + (n - 1) * block(3, down, down);
    from = down;
  }
  return sum + 9 * base + 1;
}

Deno.test("xseg() has the layers of the published network, at its size and at the small one", () => {
  const paper = xseg(xsegSizes.paper, 1);
  const published: [number, number, number][] = [
    [32, 32, 2],
    [64, 64, 2],
    [128, 128, 2],
    [256, 128, 3],
    [256, 128, 3],
    [256, 128, 3],
  ];
  assert.equal(paper.weights.parameters, parameters(32, 512, 4, published));
  assert.equal((paper.weights.parameters / 1e6).toFixed(1), "17.6");
  paper.weights.dispose();
  const small = xseg(xsegSizes.small, 1);
  assert.equal(small.weights.parameters, parameters(8, 128, 4, [[8, 8, 2], [16, 16, 2], [32, 32, 2], [64, 32, 3]]));
  assert.equal((small.weights.parameters / 1e6).toFixed(2), "0.58");
  const faces = tf.zeros([2, 64, 64, 3]) as tf.Tensor4D;
  assert.deepEqual(small.logits(faces).shape, [2, 64, 64, 1]);
  small.weights.dispose();
});

Deno.test("xseg() refuses sizes that cannot be", () => {
  assert.throws(() => xseg({ ...tiny, levels: 7 }, 1), /Cannot build XSeg: expected 1 to 6 levels, got 7/);
  assert.throws(() => xseg({ ...tiny, resolution: 18 }, 1), /expected a resolution that is a multiple of 4, got 18/);
});

Deno.test("xseg() has a gradient that reaches every weight, and overfits one batch", () => {
  const model = xseg(tiny, 1);
  const faces = tf.randomUniform([2, 16, 16, 3], 0, 1, "float32", 3) as tf.Tensor4D;
  const target = faces.mean(3, true).greater(0.5).toFloat() as tf.Tensor4D;
  const loss = () => binaryCrossEntropy(target, model.logits(faces)).mean() as tf.Scalar;
  const { grads, value } = tf.variableGrads(loss, [...model.weights.variables]);
  for (const { name } of model.weights.variables) {
    // A bias before a normalisation that takes no mean off does act; so does every threshold.
    assert.ok(grads[name]!.abs().max().dataSync()[0]! > 0, name);
  }
  const optimiser = tf.train.adam(0.02);
  const first = value.dataSync()[0]!;
  let last = first;
  for (let i = 0; i < 150 && last > first / 4; i++) {
    last = optimiser.minimize(loss, true, [...model.weights.variables])!.dataSync()[0]!;
  }
  assert.ok(last < first / 4, `from ${first} to ${last}`);
  optimiser.dispose();
  model.weights.dispose();
});

Deno.test("segmentFaces() gives a mask a face at the face's own size, zeroes what is under 0.1, and leaks nothing", async () => {
  const model = xseg(tiny, 1);
  const faces = [16, 40, 16].map((side, i) => createPicture(side, side, 3, [0.2 * i, 0.5, 0.7]));
  const before = tf.memory().numTensors;
  const masks = await segmentFaces(model, faces, { batch: 2 });
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(masks.map(({ width, height, channels }) => [width, height, channels]), [[16, 16, 1], [40, 40, 1], [
    16,
    16,
    1,
  ]]);
  const [alone] = await segmentFaces(model, [faces[2]!]);
  alone!.data.forEach((value, i) => assert.ok(Math.abs(value - masks[2]!.data[i]!) < 1e-5, "batches do not matter"));
  assert.ok(masks.every(({ data }) => data.every((value) => value === 0 || (value >= 0.1 && value <= 1))));
  // A bias that makes every prediction about 0.05.
  const bias = model.weights.named()["mask/bias"]!;
  const shift = tf.fill(bias.shape, -30);
  bias.assign(shift);
  assert.ok((await segmentFaces(model, faces)).every(({ data }) => data.every((value) => value === 0)));
  await assert.rejects(segmentFaces(model, [createPicture(9, 8, 3)]), /Cannot segment faces: expected a square face/);
  assert.deepEqual(await segmentFaces(model, []), []);
  model.weights.dispose();
});
