import assert from "node:assert/strict";
import { adaBelief, adam, type Optimiser, type OptimiserOptions, rmsProp } from "doppel/nn/mod.ts";
import { compile, seedTensor, tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();

/** Minimises (w - 3)^2 + 0.5 (v + 1)^2 from w = 0, v = 0 and gives both after each step. */
async function path(
  make: (weights: tf.Variable[]) => Optimiser,
  { steps = 3, rate = 0.1, seed = 1 }: { steps?: number; rate?: number; seed?: number } = {},
): Promise<[number, number][]> {
  const w = tf.variable(tf.scalar(0));
  const v = tf.variable(tf.scalar(0));
  const optimiser = make([w, v]);
  const step = compile((learningRate: tf.Scalar, stepSeed: tf.Tensor1D) =>
    optimiser.minimise(
      () => w.sub(3).square().add(v.add(1).square().div(2)) as tf.Scalar,
      learningRate,
      stepSeed,
    )
  );
  const out: [number, number][] = [];
  for (let i = 0; i < steps; i++) {
    tf.dispose(await step(tf.scalar(rate), seedTensor(seed, i)));
    out.push([w.dataSync()[0]!, v.dataSync()[0]!]);
  }
  step.dispose();
  optimiser.dispose();
  tf.dispose([w, v]);
  return out;
}

/** The same in plain numbers, by the published rule. */
function byHand(
  update: (gradient: number, state: { m: number; s: number; t: number }) => number,
  steps = 3,
): [number, number][] {
  const states = [{ m: 0, s: 0, t: 0 }, { m: 0, s: 0, t: 0 }];
  const at: [number, number] = [0, 0];
  return Array.from({ length: steps }, () => {
    const gradients = [2 * (at[0] - 3), at[1] + 1];
    gradients.forEach((gradient, i) => {
      states[i]!.t++;
      at[i]! -= 0.1 * update(gradient, states[i]!);
    });
    return [at[0], at[1]];
  });
}

const near = (a: [number, number][], b: [number, number][], tolerance = 1e-5) =>
  a.forEach((pair, i) =>
    pair.forEach((value, j) => assert.ok(Math.abs(value - b[i]![j]!) < tolerance, `${a} against ${b}`))
  );

Deno.test("adam() follows the rule of Kingma and Ba, bias correction included", async () => {
  near(
    await path((weights) => adam(weights)),
    byHand((gradient, state) => {
      state.m = 0.9 * state.m + 0.1 * gradient;
      state.s = 0.999 * state.s + 0.001 * gradient ** 2;
      const [m, s] = [state.m / (1 - 0.9 ** state.t), state.s / (1 - 0.999 ** state.t)];
      return m / (Math.sqrt(s) + 1e-8);
    }),
  );
});

Deno.test("adaBelief() measures the gradient from its own mean and corrects no bias, as DeepFaceLab's does", async () => {
  near(
    await path((weights) => adaBelief(weights)),
    byHand((gradient, state) => {
      state.m = 0.9 * state.m + 0.1 * gradient;
      state.s = 0.999 * state.s + 0.001 * (gradient - state.m) ** 2;
      return state.m / (Math.sqrt(state.s) + 1e-6);
    }),
    1e-4,
  );
});

Deno.test("rmsProp() divides by the root of the mean square alone", async () => {
  near(
    await path((weights) => rmsProp(weights)),
    byHand((gradient, state) => {
      state.s = 0.9 * state.s + 0.1 * gradient ** 2;
      return gradient / (Math.sqrt(state.s) + 1e-6);
    }),
  );
});

Deno.test("optimisers() clip all gradients together to the norm asked for", () => {
  // Adam's first step does not depend on the gradients' size, so look at the state that it leaves behind.
  const v = tf.variable(tf.scalar(0));
  const w = tf.variable(tf.scalar(0));
  const optimiser = adam([w, v], { clipNorm: 1 });
  // Gradients -6 and 8, of norm 10.
  const loss = () => w.sub(3).square().add(v.add(4).square()) as tf.Scalar;
  tf.dispose(optimiser.minimise(loss, tf.scalar(0.1)));
  const firsts = Object.entries(optimiser.state).filter(([name]) => name.startsWith("first"));
  const [a, b] = firsts.map(([, variable]) => variable.dataSync()[0]!);
  assert.ok(Math.abs(a! + 0.6) < 1e-6 && Math.abs(b! - 0.8) < 1e-6, `clipped gradients ${a} and ${b}`);
  optimiser.dispose();
  tf.dispose([w, v]);
});

for (const [name, make] of Object.entries({ adam, adaBelief, rmsProp })) {
  Deno.test(`${name}() with learning-rate dropout updates the kept share of values, others not at all`, async () => {
    const size = 4000;
    const w = tf.variable(tf.zeros([size]));
    const optimiser = (make as (weights: tf.Variable[], options: OptimiserOptions) => Optimiser)([w], { keep: 0.3 });
    const step = compile((rate: tf.Scalar, seed: tf.Tensor1D) =>
      optimiser.minimise(() => w.sub(1).square().sum() as tf.Scalar, rate, seed)
    );
    const moved = async (number: number) => {
      const before = w.dataSync().slice();
      tf.dispose(await step(tf.scalar(0.01), seedTensor(1, number)));
      return [...w.dataSync()].map((value, i) => value !== before[i]);
    };
    const [a, b] = [await moved(0), await moved(1)];
    const share = a.filter(Boolean).length / size;
    assert.ok(Math.abs(share - 0.3) < 0.03, `${share} of the values moved`);
    const both = a.filter((value, i) => value && b[i]).length / size;
    assert.ok(Math.abs(both - 0.09) < 0.02, `${both} moved in both steps: drawn anew in each`);
    step.dispose();
    optimiser.dispose();
    w.dispose();
  });
}

Deno.test("optimisers() refuse a keep probability that is none, and dropout without a seed", () => {
  assert.throws(() => adam([], { keep: 0 }), /Cannot make optimiser: expected a keep probability in \(0, 1\], got 0/);
  const w = tf.variable(tf.scalar(0));
  const optimiser = adam([w], { keep: 0.5 });
  assert.throws(
    () => optimiser.minimise(() => w.square() as tf.Scalar, tf.scalar(1)),
    /Cannot make optimiser step: expected a seed for learning-rate dropout, got none/,
  );
  optimiser.dispose();
  w.dispose();
});
