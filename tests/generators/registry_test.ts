import assert from "node:assert/strict";
import { generators } from "doppel/generators/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { loadCheckpoint, prefixed, saveCheckpoint } from "doppel/training/mod.ts";

await useTensorFlow();
const values = (variables: Iterable<tf.Variable>) => [...variables].map((variable) => [...variable.dataSync()]);

for (const [name, entry] of Object.entries(generators)) {
  for (const [size, printed] of Object.entries(entry.parameters)) {
    Deno.test(`${name}() of size ${size} has ${printed} M parameters, as the source says`, () => {
      const digits = printed.split(".")[1]!.length;
      assert.equal((entry.count(size) / 1e6).toFixed(digits), printed);
    });
  }

  Deno.test(`${name}() builds and gives the shapes it promises`, () => {
    const trial = entry.trial(1);
    assert.deepEqual(trial.outputs(), trial.expected);
    trial.dispose();
  });

  Deno.test(`${name}() is the same for the same seed and another for another`, () => {
    const [a, b, c] = [entry.trial(1), entry.trial(1), entry.trial(2)];
    assert.deepEqual(values(a.weights.variables), values(b.weights.variables));
    assert.notDeepEqual(values(a.weights.variables), values(c.weights.variables));
    [a, b, c].forEach((trial) => trial.dispose());
  });

  Deno.test(`${name}() has a gradient that reaches every weight`, async () => {
    const trial = entry.trial(1);
    const before = values(trial.weights.variables);
    await trial.step();
    await trial.step();
    trial.weights.variables.forEach((variable, i) => {
      if (variable.trainable) assert.notDeepEqual([...variable.dataSync()], before[i], `${variable.name} stayed`);
    });
    trial.dispose();
  });

  Deno.test(`${name}() overfits one batch`, async () => {
    const trial = entry.trial(1);
    const first = await trial.step();
    let last = first;
    for (let i = 0; i < 300 && last > first / 5; i++) last = await trial.step();
    assert.ok(last < first / 5, `loss went from ${first} to ${last}`);
    trial.dispose();
  });

  Deno.test(`${name}() goes on bit for bit after being saved and loaded`, async () => {
    const path = Deno.makeTempFileSync({ suffix: ".safetensors" });
    const variables = (trial: ReturnType<typeof entry.trial>) => ({
      ...prefixed("model", trial.weights.named()),
      ...prefixed("optimiser", trial.state),
    });
    const whole = entry.trial(1);
    for (let i = 0; i < 4; i++) await whole.step();
    const half = entry.trial(1);
    for (let i = 0; i < 2; i++) await half.step();
    await saveCheckpoint(path, variables(half), { step: 2, model: name, sizes: {} });
    const resumed = entry.trial(5);
    assert.equal((await loadCheckpoint(path, variables(resumed))).step, 2);
    for (let i = 0; i < 2; i++) await resumed.step();
    const all = (trial: ReturnType<typeof entry.trial>) => values(Object.values(variables(trial)));
    assert.deepEqual(all(resumed), all(whole));
    [whole, half, resumed].forEach((trial) => trial.dispose());
    Deno.removeSync(path);
  });

  Deno.test(`${name}() leaves no tensor behind`, async () => {
    const before = tf.memory().numTensors;
    const trial = entry.trial(1);
    await trial.step();
    trial.outputs();
    trial.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}
