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

Deno.test("adam() by the native kernel leaves what the composed rule leaves, op by op and compiled", async () => {
  // With dropout that keeps (almost) everything the composed rule runs.
  const steps = 5;
  const left = async (compiled: boolean, keep?: number) => {
    const w = tf.variable(tf.tensor2d([[1, -2, 3], [0.5, 0, -1]]));
    const optimiser = adam([w], keep === undefined ? {} : { keep });
    const step = (x: tf.Tensor2D, rate: tf.Scalar, seed: tf.Tensor1D) =>
      optimiser.minimise(() => w.mul(x).sub(1).square().sum() as tf.Scalar, rate, seed);
    const run = compiled ? compile(step) : undefined;
    for (let i = 0; i < steps; i++) {
      const args = [tf.tensor2d([[1, 2, 3], [4, 5, 6]]), tf.scalar(0.1), seedTensor(1, i)] as const;
      tf.dispose(run ? await run(...args) : tf.tidy(() => step(...args)));
      tf.dispose([...args]);
    }
    const values = [w, ...Object.values(optimiser.state)].map((variable) => [...variable.dataSync()]);
    run?.dispose();
    optimiser.dispose();
    w.dispose();
    return values.flat();
  };
  const native = await left(false);
  assert.deepEqual(await left(true), native, "compiled and op by op are equal bit for bit");
  const composed = await left(false, 1 - 1e-9);
  // The kernel computes 1 - 0.999 in float32, which is off by 5e-5 of it.
  native.forEach((value, i) =>
    assert.ok(Math.abs(value - composed[i]!) < 1e-4 * (1 + Math.abs(value)), `${value} and ${composed[i]}`)
  );
});

Deno.test("adam() by the native kernel lets go of its resources", async () => {
  const w = tf.variable(tf.zeros([512, 1024]));
  const optimiser = adam([w]);
  const step = compile((rate: tf.Scalar) => optimiser.minimise(() => w.sub(1).square().sum() as tf.Scalar, rate));
  const rate = tf.scalar(1e-3);
  const grown = async (steps: number) => {
    const before = Deno.memoryUsage().rss;
    for (let i = 0; i < steps; i++) tf.dispose(await step(rate));
    return (Deno.memoryUsage().rss - before) / 2 ** 20;
  };
  await grown(20);
  // Each step makes three resources of 2 MiB: 60 steps that kept them would take 360.
  const more = await grown(60);
  assert.ok(more < 100, `${more.toFixed(0)} MiB more after 60 steps`);
  step.dispose();
  optimiser.dispose();
  tf.dispose([w, rate]);
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
  // The first moment is a tenth of the gradient after one step.
  const [a, b] = firsts.map(([, variable]) => variable.dataSync()[0]! * 10);
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
