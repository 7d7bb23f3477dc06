import assert from "node:assert/strict";
import { compile, tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { adam } from "doppel/nn/mod.ts";
import { newResourceVariable } from "../../lib/runtime/resource_variables.ts";
import { tensorFlow } from "../../lib/runtime/tensorflow.ts";

await useTensorFlow();
const { binding, backend, calls, context } = tensorFlow();
const onCpu = context.device.kind === "cpu";
const rate = tf.scalar(0.1);
const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

/** Two weights, the gradient of each a factor that the caller gives, under Adam. */
function twoWeights(size = 4) {
  const variables = [1, 2].map((start) => tf.tidy(() => tf.variable(tf.fill([size], start))));
  const optimiser = adam(variables);
  const all = [...variables, ...Object.values(optimiser.state)];
  const train = (a: tf.Tensor, b: tf.Tensor) =>
    optimiser.minimise(() => tf.addN(variables.map((v, i) => v.mul([a, b][i]!).sum())) as tf.Scalar, rate);
  return {
    variables,
    optimiser,
    train,
    /** Weights, moments, step count. */
    state: () => all.map(values),
    inResources: () => all.filter((variable) => binding.resource(backend.upload(variable))).length,
    dispose: () => tf.dispose(all),
  };
}

/** Where a value lies in memory. */
function address(tensor: tf.Tensor): bigint {
  const native = calls.TFE_TensorHandleResolve(binding.handle(backend.upload(tensor)), context.status.handle);
  const at = Deno.UnsafePointer.value(calls.TF_TensorData(native));
  calls.TF_DeleteTensor(native);
  return at;
}

/** The same steps op by op and compiled; both states have to be the same bit for bit. */
async function sameAsEager(
  change: (model: ReturnType<typeof twoWeights>, step: (...args: tf.Tensor[]) => Promise<tf.Tensor>) => Promise<void>,
  stepOf: (model: ReturnType<typeof twoWeights>) => (...args: tf.Tensor[]) => tf.Tensor = ({ train }) => train as never,
) {
  const [eager, compiled] = [twoWeights(), twoWeights()];
  await change(eager, compile(stepOf(eager), { eager: true }));
  await change(compiled, compile(stepOf(compiled)));
  assert.deepEqual(compiled.state(), eager.state());
  return compiled;
}

const gradient = (seed: number) => tf.randomNormal([4], 0, 1, "float32", seed + 1);

Deno.test({
  name: "compile() updates weights and moments where they lie, without a copy (processor only)",
  ignore: !onCpu,
  async fn() {
    const model = twoWeights(100_000);
    const step = compile(model.train);
    const [a, b] = [tf.ones([100_000]), tf.fill([100_000], -1)];
    await step(a, b);
    const changing = [...model.variables, ...Object.values(model.optimiser.state).filter(({ rank }) => rank > 0)];
    assert.equal(model.inResources(), 6);
    for (let i = 0; i < 3; i++) {
      const before = changing.map(address);
      const [first] = values(model.variables[0]!);
      await step(a, b);
      assert.deepEqual(changing.map(address), before);
      assert.ok(values(model.variables[0]!)[0]! < first!);
    }
    model.dispose();
  },
});

Deno.test("compile() sees what was assigned between steps, to weights and to moments", async () => {
  const model = await sameAsEager(async ({ variables, optimiser }, step) => {
    for (let i = 0; i < 4; i++) {
      await step(gradient(i), gradient(i + 10));
      if (i === 1) variables[0]!.assign(tf.fill([4], 7));
      if (i === 2) Object.values(optimiser.state).forEach((state) => state.assign(tf.zerosLike(state)));
    }
  });
  assert.equal(model.inResources(), 6);
});

Deno.test("compile() gives the new values to whoever reads between steps, and old ones to older clones", async () => {
  const seen: number[][][] = [];
  await sameAsEager(async ({ variables, state }, step) => {
    const clones: tf.Tensor[] = [];
    const log: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      clones.push(variables[0]!.clone(), variables[0]!.reshape([2, 2]));
      await step(gradient(i), gradient(i + 10));
      log.push(...state(), values(variables[1]!.square()), await variables[0]!.data());
    }
    log.push(...clones.map(values));
    seen.push(log.map((list) => [...list as number[]]));
  });
  assert.deepEqual(seen[1], seen[0]);
});

Deno.test("compile() leaves weights, moments and step count as they were when a step fails", async () => {
  const model = twoWeights(10_000);
  const step = compile(model.train);
  const good = tf.ones([10_000]);
  const bad = tf.fill([10_000], NaN);
  await step(good, good);
  // As text: a difference of many numbers takes the assertion minutes to print.
  const before = String(model.state());
  for (let i = 0; i < 20; i++) {
    await assert.rejects(i % 2 ? step(good, bad) : step(bad, good), /expected finite numbers in the gradient/);
    assert.ok(String(model.state()) === before, `attempt ${i}`);
  }
  await step(good, good);
  const twin = twoWeights(10_000);
  const once = compile(twin.train);
  for (let i = 0; i < 2; i++) await once(good, good);
  assert.ok(String(model.state()) === String(twin.state()), "and goes on as if it had not been");
});

Deno.test("compile() keeps a variable right that several steps share, updated, assigned and read", async () => {
  const run = async (eager: boolean) => {
    const model = twoWeights();
    const [train, again] = [compile(model.train, { eager }), compile(model.train, { eager })];
    const w = model.variables[0]!;
    const decay = compile(() => {
      w.assign(w.mul(0.5));
      return w.sum();
    }, { eager });
    const evaluate = compile((x: tf.Tensor) => w.mul(x).sum(), { eager });
    const log: number[][] = [];
    for (let i = 0; i < 3; i++) {
      for (const step of [train, again]) await step(gradient(i), gradient(i + 10));
      log.push(values(await evaluate(gradient(1))), values(await decay()), values(await evaluate(gradient(2))));
    }
    return [log, model.state()];
  };
  assert.deepEqual(await run(false), await run(true));
});

const readers: Record<string, (model: ReturnType<typeof twoWeights>) => (...args: tf.Tensor[]) => tf.Tensor> = {
  "returns the new weight": ({ train, variables }) => (a, b) => {
    train(a!, b!);
    return variables[0]!.clone();
  },
  "returns the weight from before": ({ train, variables }) => (a, b) => {
    const old = variables[0]!.reshape([2, 2]);
    train(a!, b!);
    return old;
  },
  "assigns the new weight to a variable behind it": ({ train, variables: [v, w] }) => (a, b) => {
    const loss = train(a!, b!);
    w!.assign(v!);
    return loss;
  },
  "assigns the new weight to a variable before it": ({ train, variables: [v, w] }) => (a, b) => {
    const loss = train(a!, b!);
    v!.assign(w!);
    return loss;
  },
  "follows the new weight": ({ train, variables: [v, w] }) => (a, b) => {
    const loss = train(a!, b!);
    w!.assign(w!.mul(0.9).add(v!.mul(0.1)));
    return loss;
  },
  "updates twice": ({ train }) => (a, b) => {
    train(a!, b!);
    return train(b!, a!);
  },
  "takes a weight as an argument": ({ train }) => (a, b) => {
    const old = b!.mul(1);
    train(a!, a!);
    return old;
  },
};
for (const [what, step] of Object.entries(readers)) {
  Deno.test(`compile() equals eager steps where the step ${what}`, async () => {
    const seen: number[][][] = [];
    await sameAsEager(async ({ variables }, run) => {
      const log: number[][] = [];
      for (let i = 0; i < 3; i++) {
        log.push(values(await run(gradient(i), what.includes("argument") ? variables[1]! : gradient(i + 10))));
      }
      seen.push(log);
    }, step);
    assert.deepEqual(seen[1], seen[0]);
  });
}

Deno.test("compile() of a step that returns nothing updates all the same", async () => {
  const model = twoWeights();
  const step = compile((a: tf.Tensor) => {
    model.train(a, a);
    return [];
  });
  await step(tf.ones([4]));
  assert.ok(values(model.variables[0]!)[0]! < 1);
});

Deno.test("compile() refuses to read a variable in the middle of its update, and gives it afterwards", async () => {
  const model = twoWeights();
  const big = tf.ones([1000, 1000]).mul(1) as tf.Tensor2D;
  // Long enough not to be over before anybody can look.
  const step = compile((a: tf.Tensor) => model.train(a, a).add(tf.matMul(big, big).mean()));
  await step(tf.ones([4]));
  const running = step(tf.ones([4]));
  for (let i = 0; i < 20; i++) await Promise.resolve();
  assert.throws(() => model.state(), /Cannot read variable: expected one that no running step updates/);
  await running;
  assert.equal(model.state().length, 7);
});

Deno.test("newResourceVariable() lets go of every native tensor that it made", () => {
  const live = new Set<bigint>();
  let last = 0n;
  const host = {
    execute: (_name: string, _attributes: unknown, _inputs: unknown, outputs: number) =>
      Array.from({ length: outputs }, () => (live.add(++last), last)),
    deleteHandle: (handle: bigint) => assert.ok(live.delete(handle), "deleted once"),
  };
  const resource = newResourceVariable(host, 100n, { dtype: 1, shape: [2] });
  assert.equal(resource.value(), resource.value(), "one read serves all");
  resource.lend();
  assert.throws(() => resource.value(), /Cannot read variable/);
  resource.takeBack();
  resource.value();
  assert.equal(live.size, 2);
  resource.delete();
  assert.equal(live.size, 0);
});

Deno.test("compile() frees the resources with their variables and leaks nothing over 50 steps", async () => {
  const live = () => [tf.memory().numTensors, binding.getNumOfTensors()];
  const [a, b] = [gradient(1), gradient(2)].map((tensor) => tensor.add(0)) as [tf.Tensor, tf.Tensor];
  const before = live();
  const model = twoWeights();
  const step = compile(model.train);
  (await step(a, b)).dispose();
  const during = live();
  for (let i = 0; i < 50; i++) {
    const clone = model.variables[0]!.clone();
    (await step(a, b)).dispose();
    clone.dispose();
    model.state();
    if (i % 10 === 0) tf.tidy(() => model.variables[1]!.assign(tf.ones([4]).add(i)));
  }
  (await step(a, b)).dispose();
  assert.deepEqual(live(), during);
  let freed = 0;
  for (const variable of model.variables) {
    const resource = binding.resource(backend.upload(variable))!;
    const { delete: free } = resource;
    resource.delete = () => (freed++, free());
  }
  step.dispose();
  model.dispose();
  tf.dispose(Object.values(model.optimiser.state));
  assert.deepEqual(live().slice(1), before.slice(1));
  assert.equal(freed, 2);
});
