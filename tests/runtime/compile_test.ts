import assert from "node:assert/strict";
import {
  batchNormTraining,
  compile,
  dropout,
  isNative,
  saltSeed,
  seedTensor,
  tf,
  useTensorFlow,
} from "doppel/runtime/mod.ts";
import { adam, convolution, dense, newWeights } from "doppel/nn/mod.ts";
import { tensorFlow } from "../../lib/runtime/tensorflow.ts";

await useTensorFlow();
const { binding } = tensorFlow();
assert.ok(isNative());

const pictures = (seed: number) => tf.randomUniform([4, 16, 16, 3], 0, 1, "float32", seed) as tf.Tensor4D;
const value = (tensor: tf.Tensor) => tensor.dataSync()[0]!;

/** Steps two copies of a model, eager and compiled, and gives the largest difference of all their variables. */
async function difference(
  build: () => { step: (...args: tf.Tensor[]) => tf.Tensor; variables: tf.Variable[] },
  steps: number,
  args: (step: number) => tf.Tensor[],
): Promise<number> {
  const one = build();
  const two = build();
  const eager = compile(one.step, { eager: true });
  const compiled = compile(two.step);
  for (let i = 0; i < steps; i++) {
    const batch = args(i);
    const [a, b] = [await eager(...batch), await compiled(...batch)];
    assert.equal(value(a), value(b), `loss at step ${i}`);
    tf.dispose([a, b, batch]);
  }
  assert.equal(compiled.recordings, 1);
  return Math.max(...one.variables.map((variable, i) => value(variable.sub(two.variables[i]!).abs().max())));
}

function convolutional() {
  const weights = newWeights(1);
  const conv = convolution(weights.within("conv"), { from: 3, to: 8, stride: 2 });
  const head = dense(weights.within("head"), 8 * 8 * 8, 1);
  const optimiser = adam(weights.variables);
  return {
    step: (x: tf.Tensor, rate: tf.Tensor) =>
      optimiser.minimise(() => {
        const features = conv(x as tf.Tensor4D).relu().reshape([4, -1]) as tf.Tensor2D;
        return head(features).sub(1).square().mean() as tf.Scalar;
      }, rate as tf.Scalar),
    variables: [...weights.variables, ...Object.values(optimiser.state)],
  };
}

function batchNormalised() {
  const weights = newWeights(2);
  const conv = convolution(weights.within("conv"), { from: 3, to: 8 });
  const scale = weights.make("scale", [8], "ones") as tf.Variable<tf.Rank.R1>;
  const offset = weights.make("offset", [8], "zeros") as tf.Variable<tf.Rank.R1>;
  const moving = weights.make("moving", [8], "zeros", false);
  const head = dense(weights.within("head"), 8, 1);
  const optimiser = adam(weights.variables.filter((variable) => variable.trainable));
  return {
    step: (x: tf.Tensor, rate: tf.Tensor) =>
      optimiser.minimise(() => {
        const { y, mean } = batchNormTraining(conv(x as tf.Tensor4D), scale, offset);
        moving.assign(moving.mul(0.9).add(mean.mul(0.1)));
        return head(y.relu().mean([1, 2]) as tf.Tensor2D).sub(1).square().mean() as tf.Scalar;
      }, rate as tf.Scalar),
    variables: [...weights.variables, ...Object.values(optimiser.state)],
  };
}

function twoOptimisers() {
  const g = newWeights(3);
  const d = newWeights(4);
  const generate = convolution(g.within("g"), { from: 3, to: 3 });
  const judge = convolution(d.within("d"), { from: 3, to: 1, stride: 2 });
  const [adamG, adamD] = [adam(g.variables, { beta1: 0 }), adam(d.variables, { beta1: 0 })];
  return {
    step: (x: tf.Tensor, rate: tf.Tensor) => {
      const real = x as tf.Tensor4D;
      const lossD = adamD.minimise(
        () => judge(generate(real)).add(1).relu().mean().add(tf.sub(1, judge(real)).relu().mean()) as tf.Scalar,
        rate as tf.Scalar,
      );
      const lossG = adamG.minimise(() => judge(generate(real)).neg().mean() as tf.Scalar, rate as tf.Scalar);
      return lossD.add(lossG);
    },
    variables: [...g.variables, ...d.variables, ...Object.values(adamG.state), ...Object.values(adamD.state)],
  };
}

for (const build of [convolutional, batchNormalised, twoOptimisers]) {
  Deno.test(`compile() of a ${build.name} model equals eager steps bit for bit after 20`, async () => {
    const worst = await difference(build, 20, (i) => [pictures(i + 1), tf.scalar(1e-3 * (1 + i % 3))]);
    assert.equal(worst, 0);
  });
}

Deno.test("compile() leaks nothing over 1,000 steps", async () => {
  const { step } = convolutional();
  const compiled = compile(step);
  const x = pictures(1);
  const rate = tf.scalar(1e-3);
  (await compiled(x, rate)).dispose();
  const before = {
    tfjs: tf.memory().numTensors,
    buffers: tf.memory().numDataBuffers,
    native: binding.getNumOfTensors(),
  };
  for (let i = 0; i < 1000; i++) (await compiled(x, rate)).dispose();
  assert.deepEqual(
    { tfjs: tf.memory().numTensors, buffers: tf.memory().numDataBuffers, native: binding.getNumOfTensors() },
    before,
  );
});

Deno.test("compile() takes the optimisers of tfjs, whose slots are made inside the first step", async () => {
  const make = () => {
    const w = tf.variable(tf.tensor2d([[0.5], [-0.5]]));
    const optimiser = tf.train.adam(0.1);
    return {
      step: (x: tf.Tensor) =>
        optimiser.minimize(() => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D).sub(1).square().mean(), true, [w])!,
      variables: [w],
    };
  };
  assert.equal(await difference(make, 5, () => [tf.tensor2d([[1, 2], [3, 4]])]), 0);
});

Deno.test("compile() keeps variables usable between steps", async () => {
  const w = tf.variable(tf.scalar(1));
  const step = compile((x: tf.Tensor) => {
    w.assign(w.add(x));
    return w.mul(1);
  });
  const one = tf.scalar(1);
  assert.equal(value(await step(one)), 2);
  const snapshot = w.clone();
  assert.equal(value(await step(one)), 3);
  assert.equal(value(snapshot), 2, "a clone keeps the value of its time");
  w.assign(tf.scalar(10));
  assert.equal(value(await step(one)), 11);
  assert.equal(value(w), 11);
});

Deno.test("compile() leaves alone a clone that is there when the step is recorded", async () => {
  const w = tf.variable(tf.scalar(1));
  const snapshot = w.clone();
  const step = compile((x: tf.Tensor) => {
    w.assign(w.add(x));
    return w.mul(1);
  });
  for (let i = 0; i < 2; i++) await step(tf.scalar(1));
  assert.deepEqual([value(snapshot), value(w)], [1, 3]);
});

Deno.test("compile() runs steps one after another, however they are called", async () => {
  const w = tf.variable(tf.scalar(0));
  const step = compile((x: tf.Tensor) => {
    w.assign(w.add(x));
    return w.mul(1);
  });
  const one = tf.scalar(1);
  const results = await Promise.all([step(one), step(one), step(one)]);
  assert.deepEqual(results.map(value), [1, 2, 3]);
});

Deno.test("compile() records anew for new shapes and types, and only then", async () => {
  const step = compile((x: tf.Tensor) => x.toFloat().mean());
  for (const x of [tf.ones([2]), tf.zeros([2]), tf.ones([3]), tf.ones([3], "int32"), tf.ones([2])]) await step(x);
  assert.equal(step.recordings, 3);
});

Deno.test("compile() leaves the event loop alive during a step", async () => {
  const x = tf.randomNormal([2000, 2000], 0, 1, "float32", 1);
  const step = compile((a: tf.Tensor) => {
    let y = a as tf.Tensor2D;
    for (let i = 0; i < 8; i++) y = tf.matMul(y, a as tf.Tensor2D).mul(1e-3);
    return y.mean();
  });
  await step(x);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await step(x);
  clearInterval(timer);
  assert.ok(ticks >= 3, `timer ticked ${ticks} times`);
});

Deno.test("compile() draws new random numbers in every step from a seed that is an input", async () => {
  const x = tf.ones([64]);
  const step = compile((seed: tf.Tensor) => dropout(x, 0.5, saltSeed(seed as tf.Tensor1D, 3)));
  const draw = async (number: number) => [...(await step(seedTensor(7, number))).dataSync()];
  const [first, second, again] = [await draw(1), await draw(2), await draw(1)];
  assert.notDeepEqual(first, second);
  assert.deepEqual(first, again);
  const kept = first.filter((number) => number === 2).length;
  assert.ok(kept > 16 && kept < 48 && first.every((number) => number === 0 || number === 2), `${kept} of 64 kept`);
});

const w = tf.variable(tf.ones([4]));
const refusals: Record<string, [step: () => unknown, message: RegExp]> = {
  "a read-back in the middle": [
    () => tf.scalar(value(w.mul(2).sum())),
    /Cannot record step: expected no read-back .+ got one of the output of Sum/,
  ],
  "a read-back of a variable": [() => tf.scalar(value(w)), /expected no read-back inside the step/],
  "a dropout of tfjs": [() => tf.dropout(w, 0.5), /expected random numbers with a seed .+ got tf\.randomUniform/],
  "a seeded random tensor": [() => tf.randomNormal([4], 0, 1, "float32", 5), /got tf\.randomNormal/],
  "a stateful random op": [() => tf.multinomial(tf.ones([2, 2]) as tf.Tensor2D, 3, 5), /got the op Multinomial/],
  "a shape that depends on values": [
    () => tensorFlow().backend.executeSingleOutput("Where", [], [w.greater(0)]),
    /expected shapes that do not depend on values, got int64\[\?,1\] from Where/,
  ],
  "an asynchronous step": [() => Promise.resolve(w), /expected a synchronous step/],
  "a step that returns a number": [() => 3, /expected tensors, .+ got number/],
};
for (const [what, [step, message]] of Object.entries(refusals)) {
  Deno.test(`compile() refuses ${what} and leaves everything as it was`, async () => {
    const before = { tensors: tf.memory().numTensors, native: binding.getNumOfTensors(), values: [...w.dataSync()] };
    await assert.rejects(compile(step)() as Promise<unknown>, message);
    assert.deepEqual(
      { tensors: tf.memory().numTensors, native: binding.getNumOfTensors(), values: [...w.dataSync()] },
      before,
    );
    const after = compile(() => w.sum());
    assert.equal(value(await after()), 4, "the next step records as if nothing had been");
  });
}

Deno.test("compile() gives a step's exception as it is and restores the variables", async () => {
  const v = tf.variable(tf.scalar(1));
  const step = compile(() => {
    v.assign(v.add(1));
    throw new RangeError("the step's own");
  });
  await assert.rejects(step() as Promise<unknown>, /the step's own/);
  assert.equal(value(v), 1);
});

Deno.test("compile() tells variables apart that were assigned one from the other", async () => {
  const a = tf.variable(tf.scalar(1));
  const b = tf.variable(tf.scalar(5));
  a.assign(b);
  const step = compile(() => {
    a.assign(a.mul(10));
    b.assign(b.add(1));
    return a.add(b) as tf.Scalar;
  });
  for (let i = 0; i < 3; i++) tf.dispose(await step());
  assert.deepEqual([a.dataSync()[0], b.dataSync()[0]], [5000, 8]);
  step.dispose();
  tf.dispose([a, b]);
});
