import assert from "node:assert/strict";
import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
import { identityEncoder } from "doppel/faces/mod.ts";
import {
  aei,
  type AeiEncoder,
  type AeiModel,
  aeiSizes,
  EQUAL_HEAR_WEIGHTS,
  hear,
  HEAR_WEIGHTS,
  hearLosses,
  type HearLossWeights,
  hearSizes,
  hearTraining,
  heuristicErrors,
  type RandomSoftness,
  swapFaces,
  weightedHearLoss,
  withHear,
} from "doppel/generators/mod.ts";
import { createPicture, type Picture } from "doppel/image/mod.ts";
import { seedTensor, tf, useTensorFlow } from "doppel/runtime/mod.ts";
// The three losses in numpy, of colours in [-1, 1].
import truth from "./hear_truth.json" with { type: "json" };

await useTensorFlow();
const side: number = hearSizes.tiny.resolution;
const noise = (seed: number, count = 2) =>
  tf.randomUniform([count, side, side, 3], 0, 1, "float32", seed) as tf.Tensor4D;
const bits = (x: tf.Tensor) => [...x.dataSync()];
const values = (variables: readonly tf.Variable[]) => variables.map(bits);

/** An encoder that sees the mean colours of the four quarters of a face. */
const quarters = tf.randomNormal([12, 8], 0, 1, "float32", 3) as tf.Tensor2D;
const encoder: AeiEncoder = {
  embed: (faces) => {
    const half = faces.shape[1] / 2;
    return tf.matMul(tf.avgPool(faces.sub(0.5) as tf.Tensor4D, half, half, "valid").reshape([-1, 12]), quarters);
  },
};

/** Gives a model that has not been trained something to do: its last layer begins at 0. */
function awake(model: ReturnType<typeof hear>): ReturnType<typeof hear> {
  const kernel = model.weights.named()["change/kernel"]!;
  tf.tidy(() => kernel.assign(tf.randomNormal(kernel.shape, 0, 0.1, "float32", 5)));
  return model;
}

Deno.test("hear() leaves every swap as it is before it is trained, and refuses sizes that it cannot halve", () => {
  const model = hear(hearSizes.tiny, 1);
  tf.tidy(() => assert.deepEqual(bits(model.refine(noise(1), noise(2))), bits(noise(1))));
  model.weights.dispose();
  assert.throws(
    () => hear({ ...hearSizes.tiny, resolution: 20 }, 1),
    /Cannot build HEAR-Net: expected a resolution divisible by 8 with 3 levels, got 20/,
  );
});

Deno.test("hear() without the error is the same network that never looks at it", () => {
  const [given, zeros] = [awake(hear(hearSizes.tiny, 1)), awake(hear({ ...hearSizes.tiny, error: "zeros" }, 1))];
  assert.deepEqual(values(zeros.weights.variables), values(given.weights.variables));
  tf.tidy(() => {
    const [swap, error] = [noise(1), noise(2)];
    assert.deepEqual(bits(zeros.refine(swap, error)), bits(zeros.refine(swap, noise(3))));
    assert.deepEqual(bits(zeros.refine(swap, error)), bits(given.refine(swap, tf.zerosLike(error))));
    assert.notDeepEqual(bits(given.refine(swap, error)), bits(given.refine(swap, noise(3))));
  });
  [given, zeros].forEach(({ weights }) => weights.dispose());
});

Deno.test("hearLosses() agrees with numpy", () => {
  tf.tidy(() => {
    const picture = (data: number[]) => tf.tensor4d(data, [3, 2, 2, 3]);
    const losses = hearLosses({
      refined: picture(truth.refined),
      swap: picture(truth.swap),
      target: picture(truth.target),
      same: tf.tensor1d(truth.same),
      identity: tf.tensor2d(truth.identity, [3, 4]),
      source: tf.tensor2d(truth.source, [3, 4]),
    });
    for (const [name, value] of Object.entries(truth.losses)) {
      const got = bits(losses[name as keyof typeof losses])[0]!;
      assert.ok(Math.abs(got - value) < 1e-5, `${name}: ${got}, numpy ${value}`);
    }
    const sum = bits(weightedHearLoss(losses, { reconstruction: 3, identity: 2, change: 7 }))[0]!;
    const { reconstruction, identity, change } = truth.losses;
    assert.ok(Math.abs(sum - 3 * reconstruction - 2 * identity - 7 * change) < 1e-4);
  });
});

Deno.test("weightedHearLoss() brings large errors back but for a twentieth of the range, and with equal weights hardly any", () => {
  const id = tf.ones([2, 3]) as tf.Tensor2D;
  /** The change that is best where the target is brighter by an error, of a same and another pair that cannot be told apart. */
  const best = (error: number, weights?: HearLossWeights) => {
    const costs = Array.from({ length: 21 }, (_, i) => {
      const [cost] = tf.tidy(() => {
        const swap = tf.fill([2, 2, 2, 3], 0.1) as tf.Tensor4D;
        const outcome = { swap, target: swap.add(error) as tf.Tensor4D, refined: swap.add(i / 20) as tf.Tensor4D };
        return bits(
          weightedHearLoss(hearLosses({ ...outcome, same: tf.tensor1d([1, 0]), identity: id, source: id }), weights),
        );
      });
      return cost!;
    });
    return costs.indexOf(Math.min(...costs)) / 20;
  };
  assert.deepEqual([0.04, 0.25, 0.8].map((error) => best(error)), [0, 0.2, 0.75]);
  assert.deepEqual([0.25, 0.45, 0.8].map((error) => best(error, EQUAL_HEAR_WEIGHTS)), [0, 0, 0.3]);
  assert.equal(best(0.4, { ...HEAR_WEIGHTS, change: 0 }), 0.4);
  id.dispose();
});

const batchOf = (same: number[], identity = 8) => ({
  target: noise(11),
  source: tf.randomNormal([2, identity], 0, 1, "float32", 12) as tf.Tensor2D,
  same: tf.tensor1d(same),
});

Deno.test("hearTraining() leaves the first stage alone, and does the same op by op bit for bit", async () => {
  const stage = aei(aeiSizes.tiny, 1);
  const before = values(stage.weights.variables);
  const batch = batchOf([1, 0]);
  const rate = tf.scalar(1e-3);
  const runs = [];
  for (const eager of [false, true]) {
    const model = hear(hearSizes.tiny, 1);
    const training = hearTraining(model, stage, encoder, { eager });
    const losses = [];
    for (let i = 0; i < 3; i++) {
      const seed = seedTensor(1, i);
      const parts = await training.step(batch, rate, seed);
      losses.push(Object.values(parts).map(bits));
      tf.dispose([parts, seed]);
    }
    runs.push({ losses, weights: values(model.weights.variables) });
    training.dispose();
    model.weights.dispose();
  }
  assert.deepEqual(runs[0], runs[1]);
  assert.equal(runs[0]!.losses[0]![2]![0], 0, "no change before the first step");
  assert.notEqual(runs[0]!.losses[1]![2]![0], 0);
  assert.deepEqual(values(stage.weights.variables), before);
  stage.weights.dispose();
  tf.dispose([batch, rate]);
});

Deno.test("hearTraining() takes same pairs' source from the target, other pairs' from the batch, and softens what the encoder sees", async () => {
  const stage = aei(aeiSizes.tiny, 1);
  const rate = tf.scalar(1e-3);
  const seeds = [seedTensor(1, 0), seedTensor(1, 1)];
  const lossOf = async (same: number[], factor: number, soften: RandomSoftness | false = false, seed = seeds[0]!) => {
    const model = hear(hearSizes.tiny, 1);
    const training = hearTraining(model, stage, encoder, { soften, eager: true });
    const { source, ...rest } = batchOf(same);
    const other = source.mul(factor) as tf.Tensor2D;
    const parts = await training.step({ ...rest, source: other }, rate, seed);
    const read = Object.values(parts).map((loss) => bits(loss)[0]!);
    tf.dispose([parts, source, other, rest]);
    training.dispose();
    model.weights.dispose();
    return read;
  };
  assert.deepEqual(await lossOf([1, 1], 1), await lossOf([1, 1], -1));
  assert.notDeepEqual(await lossOf([0, 0], 1), await lossOf([0, 0], -1));
  assert.equal((await lossOf([0, 0], 1))[0], 0, "nothing to reconstruct without same pairs");
  assert.ok((await lossOf([1, 0], 1))[0]! > 0);
  // Softened by the step's seed before the encoder, and nowhere else.
  const [plain, soft, other] = [
    await lossOf([1, 0], 1),
    await lossOf([1, 0], 1, { shift: 3 }),
    await lossOf([1, 0], 1, { shift: 3 }, seeds[1]),
  ];
  assert.equal(new Set([plain[1], soft[1], other[1]]).size, 3);
  assert.deepEqual([soft[0], soft[2]], [plain[0], plain[2]]);
  stage.weights.dispose();
  tf.dispose([rate, ...seeds]);
});

Deno.test("hearTraining() draws refined swaps to the source's identity through face-api's network", async () => {
  const { faces } = await readFaceSet(BUNDLED_FACES, { size: 32, persons: ["person05"], perPerson: 2 });
  const real = await identityEncoder({ centre: new Float32Array(128) });
  const stage = aei({ ...aeiSizes.tiny, resolution: 32, identity: 128 }, 1);
  const model = hear({ ...hearSizes.tiny, resolution: 32 }, 1);
  const weights = { reconstruction: 0, identity: 1, change: 0 };
  const training = hearTraining(model, stage, real, { weights, mixedPrecision: false });
  const source = tf.tidy(() => real.embed(tf.stack(faces.map(({ picture }) => asTensor(picture))) as tf.Tensor4D));
  const batch = {
    target: tf.randomUniform([2, 32, 32, 3], 0, 1, "float32", 4) as tf.Tensor4D,
    source,
    same: tf.zeros([2]) as tf.Tensor1D,
  };
  const [rate, seed] = [tf.scalar(2e-3), seedTensor(1, 0)];
  const losses: number[] = [];
  for (let i = 0; i < 8; i++) {
    const parts = await training.step(batch, rate, seed);
    losses.push(bits(parts.identity)[0]!);
    tf.dispose(parts);
  }
  assert.ok(losses.at(-1)! < 0.7 * losses[0]!, losses.join(" "));
  training.dispose();
  real.dispose();
  tf.dispose([batch, rate, seed]);
  [stage, model].forEach((one) => one.weights.dispose());
});

const asTensor = ({ width, height, data }: Picture) => tf.tensor3d(data, [height, width, 3]);

/** A first stage that makes everything grey with its own identity, and black with another. */
const grey: AeiModel = {
  ...aei({ ...aeiSizes.tiny, identity: 2 }, 1),
  attributes: (target) => [target],
  generate: (identity, [target]) => ({
    face: tf.fill(target!.shape, 0.5).mul(identity.slice([0, 0], [-1, 1]).greater(0).toFloat().reshape([-1, 1, 1, 1])),
    masks: [],
  }),
};
const one: AeiEncoder = { embed: (faces) => tf.ones([faces.shape[0], 2]) as tf.Tensor2D };
const plain = (colour: number, size = side) => createPicture(size, size, 3, colour);

Deno.test("heuristicErrors() measures what is left when faces are to be made again, whatever the batch", async () => {
  const faces = [0.5, 0.6, 0.1, 1, 0.4].map((colour) => plain(colour));
  const tensors = tf.memory().numTensors;
  for (const batch of [2, 8]) {
    const errors = await heuristicErrors(grey, one, faces, { batch });
    [0, 0.1, 0.4, 0.5, 0.1].forEach((error, i) => assert.ok(Math.abs(errors[i]! - error) < 1e-6, errors.join(" ")));
  }
  assert.deepEqual(await heuristicErrors(grey, one, []), []);
  assert.equal(tf.memory().numTensors, tensors);
  await assert.rejects(
    heuristicErrors(grey, one, [plain(0), plain(0, 8)]),
    /Cannot measure heuristic errors: expected faces of 16x16 pixels/,
  );
});

Deno.test("withHear() refines swaps by the source's identity and the target's error, wherever one stage can be used", async () => {
  const model = awake(hear(hearSizes.tiny, 1));
  const targets = [0.3, 0.7, 0.9].map((colour) => plain(colour));
  const tensors = tf.memory().numTensors;
  const refined = await swapFaces(withHear(grey, model, one), targets, Float32Array.of(-1, 0), { batch: 2 });
  assert.equal(tf.memory().numTensors, tensors);
  refined.forEach(({ data }, i) => {
    // Black for another identity, and what grey lacks of the target.
    const error = targets[i]!.data[0]! - 0.5;
    const expected = tf.tidy(() =>
      bits(model.refine(tf.zeros([1, side, side, 3]), tf.fill([1, side, side, 3], error)).clipByValue(0, 1))
    );
    data.forEach((value, k) => assert.ok(Math.abs(value - expected[k]!) < 1e-6));
  });
  assert.notDeepEqual(refined[0], refined[2]);
  const large = hear({ ...hearSizes.tiny, resolution: 32 }, 1);
  assert.throws(
    () => withHear(grey, large, one),
    /Cannot join both stages: expected a second stage of 16 pixels, as the first, got 32/,
  );
  [model, large].forEach(({ weights }) => weights.dispose());
});
