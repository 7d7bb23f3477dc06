import assert from "node:assert/strict";
import {
  aei,
  type AeiBatch,
  type AeiEncoder,
  aeiSizes,
  aeiTraining,
  type AeiTrainingOptions,
  attributeLoss,
  discriminatorSizes,
  fooledLoss,
  hingeLoss,
  identityLoss,
  multiScaleDiscriminator,
  samePairLoss,
  softenRandomly,
} from "doppel/generators/mod.ts";
import { seedTensor, tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { runningAverage } from "../../lib/generators/faceshifter/running_average.ts";

await useTensorFlow();
const value = (tensor: tf.Tensor) => tensor.dataSync()[0]!;
const near = (tensor: tf.Tensor, wanted: number) =>
  assert.ok(Math.abs(value(tensor) - wanted) < 1e-5, `${value(tensor)}, not ${wanted}`);
const { resolution: side, identity } = aeiSizes.tiny;
const projection = tf.randomNormal([side * side * 3, identity], 0, 1, "float32", 3) as tf.Tensor2D;
const encoder: AeiEncoder = {
  embed: (faces) => faces.sub(0.5).reshape([-1, side * side * 3]).matMul(projection) as tf.Tensor2D,
};
const batch = tf.tidy((): AeiBatch & tf.TensorContainerObject => {
  const blocks = tf.randomUniform([4, 4, 4, 3], 0, 1, "float32", 5) as tf.Tensor4D;
  const source = tf.randomNormal([4, identity], 0, 1, "float32", 7);
  return {
    target: tf.image.resizeBilinear(blocks, [side, side]),
    source_id: source.div(source.square().sum(1, true).sqrt()) as tf.Tensor2D,
    same: tf.tensor1d([1, 0, 0, 1]),
  };
});

/** Steps a new model on the batch and gives its losses, step by step, with its weights and state at the end. */
async function run(steps: number, options: AeiTrainingOptions, given: AeiBatch = batch) {
  const model = aei(aeiSizes.tiny, 1);
  const discriminator = multiScaleDiscriminator(discriminatorSizes.tiny, 1);
  const training = aeiTraining(model, discriminator, encoder, options);
  const rate = tf.scalar(2e-3);
  const losses: Record<string, number>[] = [];
  for (let i = 0; i < steps; i++) {
    const seed = seedTensor(1, i);
    const step = await training.step(given, rate, seed);
    losses.push(Object.fromEntries(Object.entries(step).map(([name, loss]) => [name, value(loss)])));
    tf.dispose([seed, step as tf.TensorContainer]);
  }
  const copy = (variables: Record<string, tf.Variable>) =>
    Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, [...variable.dataSync()]]));
  const end = { losses, model: copy(model.weights.named()), state: copy(training.state) };
  training.dispose();
  tf.dispose(rate);
  [model, discriminator].forEach(({ weights }) => weights.dispose());
  return end;
}

Deno.test("identityLoss() is 1 - cos, whatever the lengths", () => {
  near(identityLoss(tf.tensor2d([[2, 0], [0, 1]]), tf.tensor2d([[3, 0], [5, 0]])), 0.5);
  near(identityLoss(tf.tensor2d([[3, 4]]), tf.tensor2d([[4, 3]])), 1 - 24 / 25);
});

Deno.test("attributeLoss() is half the sum of the levels' mean squared distances", () => {
  const level = (size: number, of: number) => tf.fill([1, size, size, 2], of) as tf.Tensor4D;
  near(attributeLoss([level(2, 1), level(4, 3)], [level(2, 0), level(4, 1)]), (1 + 4) / 2);
});

Deno.test("samePairLoss() is half the squared error of colours in [-1, 1], of same pairs alone", () => {
  const faces = (...of: number[]) => tf.concat(of.map((own) => tf.fill([1, 2, 2, 3], own))) as tf.Tensor4D;
  // In [-1, 1] the differences are 0.2 and 0.4.
  near(samePairLoss(faces(0.5, 0.9, 0.5), faces(0.6, 0.1, 0.3), tf.tensor1d([1, 0, 1])), (0.04 + 0.16) / 2 / 2);
  near(samePairLoss(faces(0.5), faces(0.9), tf.tensor1d([0])), 0);
});

Deno.test("hingeLoss() and fooledLoss() agree with hand-worked values, summed over the scales", () => {
  const logits = (...of: number[]) => tf.tensor4d(of, [1, of.length, 1, 1]);
  // Scale 1: mean(0.5, 0) + mean(0, 3) = 1.75; scale 2: 2 + 0.
  near(hingeLoss([logits(0.5, 7), logits(-1)], [logits(-2, 2), logits(-1)]), (1.75 + 2) / 2);
  near(fooledLoss([logits(1, 3), logits(-5)]), 3);
});

Deno.test("multiScaleDiscriminator() gives logits of patches at each scale", () => {
  const discriminator = multiScaleDiscriminator(discriminatorSizes.small, 1);
  const logits = tf.tidy(() => discriminator.judge(tf.zeros([2, 64, 64, 3])).map(({ shape }) => shape));
  assert.deepEqual(logits, [[2, 8, 8, 1], [2, 4, 4, 1]]);
  // Twice, by hand: 4x4 kernels 3-32-64-128 with a bias, then scales and offsets; 3x3 from 128 to a logit.
  assert.equal(
    discriminator.weights.parameters,
    2 * (16 * (3 * 32 + 32 * 64 + 64 * 128) + 32 + 2 * (64 + 128) + 9 * 128 + 1),
  );
  discriminator.weights.dispose();
  assert.throws(
    () => multiScaleDiscriminator({ scales: 0, layers: 1, channels: 4 }, 1),
    /Cannot build discriminator: expected one scale and one layer or more, got 0 and 1/,
  );
});

Deno.test("softenRandomly() blurs and moves each picture by its own amount, and keeps plain ones", () => {
  tf.tidy(() => {
    const plain = softenRandomly(tf.fill([2, 6, 8, 3], 0.7) as tf.Tensor4D, seedTensor(1, 1));
    assert.ok(plain.sub(0.7).abs().max().dataSync()[0]! < 1e-6);
    const point = tf.oneHot(tf.tensor1d([4 * 9 + 3], "int32"), 81).toFloat().reshape([1, 9, 9, 1]);
    const twice = tf.concat([point, point]) as tf.Tensor4D;
    const [one, two] = tf.split(softenRandomly(twice, seedTensor(1, 1)), 2) as [tf.Tensor4D, tf.Tensor4D];
    assert.ok(one.sub(two).abs().max().dataSync()[0]! > 0.02, "two pictures were softened alike");
    for (const own of [one, two]) {
      const values = [...own.dataSync()];
      const mean = (axis: 0 | 1) =>
        values.reduce((sum, weight, i) => sum + weight * (axis === 0 ? Math.floor(i / 9) : i % 9), 0) /
        values.reduce((sum, weight) => sum + weight, 0);
      assert.ok(Math.abs(mean(0) - 4) <= 1.05 && Math.abs(mean(1) - 3) <= 1.05, `${mean(0)}, ${mean(1)}`);
    }
    const again = softenRandomly(twice, seedTensor(1, 1)).slice([0], [1]);
    assert.equal(again.sub(one).abs().max().dataSync()[0], 0);
  });
});

Deno.test("runningAverage() follows quickly at first, then by its decay, and shares no memory with the weights", () => {
  const [weight, follower] = [3, 8].map((own) => tf.tidy(() => tf.variable(tf.scalar(own)))) as [
    tf.Variable,
    tf.Variable,
  ];
  const average = runningAverage([weight], [follower], 0.5);
  near(follower, 3);
  tf.tidy(() => weight.assign(tf.scalar(5)));
  near(follower, 3);
  average.follow();
  near(follower, 5 - 2 * 0.1);
  tf.tidy(() => average.count.assign(tf.scalar(1e6)));
  average.follow();
  near(follower, 5 - 0.2 * 0.5);
  average.dispose();
  tf.dispose([weight, follower]);
});

Deno.test("aeiTraining() computes the same compiled as op by op, but for the last bits", async () => {
  const before = tf.memory().numTensors;
  const options = { soften: {}, ema: 0.9 };
  const [compiled, eager] = [await run(4, options), await run(4, { ...options, eager: true })];
  assert.deepEqual(Object.keys(compiled.losses[0]!).sort(), [
    ...["adversarial", "attributes", "discriminator", "identity", "reconstruction"],
  ]);
  compiled.losses.forEach((own, i) => {
    for (const [name, loss] of Object.entries(own)) {
      const off = Math.abs(loss - eager.losses[i]![name]!);
      assert.ok(off < 2e-5 * Math.max(1, Math.abs(loss)), `${name} of step ${i}: ${loss}, ${eager.losses[i]![name]}`);
    }
  });
  const kernel = "generator/level3/step1/conv/kernel";
  const average = compiled.state[`averaged/${kernel}`]!;
  assert.notDeepEqual(average, compiled.model[kernel]);
  average.forEach((own, i) => assert.ok(Math.abs(own - compiled.model[kernel]![i]!) < 0.01));
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("aeiTraining() learns the same in mixed precision", async () => {
  const steps = 25;
  const [full, mixed] = [await run(steps, {}), await run(steps, { mixedPrecision: true })];
  for (const name of ["identity", "attributes", "reconstruction"]) {
    const [first, a, b] = [full.losses[0], full.losses.at(-1), mixed.losses.at(-1)].map((own) => own![name]!);
    assert.ok(a! < first! * 0.75, `${name} fell from ${first} to ${a} alone`);
    assert.ok(Math.abs(a! - b!) < 0.3 * (first! - a!), `${name}: ${a} in float32, ${b} in mixed precision`);
  }
});

Deno.test("aeiTraining() measures reconstruction against the reference where there is one", async () => {
  const reference = tf.tidy(() => batch.target.reverse(2));
  const [plain, other] = [
    await run(1, { eager: true }),
    await run(1, { eager: true }, { ...batch, reference }),
  ];
  assert.notEqual(plain.losses[0]!["reconstruction"], other.losses[0]!["reconstruction"]);
  assert.equal(plain.losses[0]!["attributes"], other.losses[0]!["attributes"]);
  reference.dispose();
});

Deno.test("aeiTraining() does without a discriminator only where the adversarial loss has no weight", async () => {
  const { losses, state } = await run(1, { eager: true, loss: { adversarial: 0 } });
  assert.deepEqual(Object.keys(losses[0]!).sort(), ["attributes", "identity", "reconstruction"]);
  assert.ok(!Object.keys(state).some((name) => name.startsWith("discriminator")));
  const model = aei(aeiSizes.tiny, 1);
  assert.throws(
    () => aeiTraining(model, undefined, encoder),
    /Cannot train AEI-Net: expected a discriminator for the adversarial loss, got none \(or a weight of 0\)/,
  );
  model.weights.dispose();
});
