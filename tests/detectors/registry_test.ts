import assert from "node:assert/strict";
import { join } from "node:path";
import { countParameters, detector, detectors } from "doppel/detectors/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { loadCheckpoint, saveCheckpoint } from "doppel/training/mod.ts";
import { openTrial, values } from "./trial.ts";

await useTensorFlow();

for (const [name, entry] of Object.entries(detectors)) {
  for (const [size, parameters] of Object.entries(entry.parameters)) {
    Deno.test(`${name}() of size ${size} has ${parameters} parameters`, () => {
      assert.equal(countParameters(entry, entry.sizes[size]!), parameters);
    });
  }

  Deno.test(`${name}() says where it comes from, and what it is trained by`, () => {
    assert.equal(entry.name, name);
    assert.match(entry.paper, /arXiv \d{4}\.\d{4,5}|CVPR|ICCV/);
    assert.ok(entry.published.length > 20 && entry.losses.length > 0 && entry.adaptation.length > 0);
  });

  Deno.test(`${name}() scores pictures between 0 and 1, the same for the same seed and otherwise for another`, () => {
    const [a, b, c] = [openTrial(entry, 1), openTrial(entry, 1), openTrial(entry, 2)];
    const score = tf.tidy(() => a.model.score(a.input));
    assert.deepEqual(score.shape, [4]);
    assert.ok([...score.dataSync()].every((value) => value >= 0 && value <= 1));
    score.dispose();
    assert.deepEqual(values(a.model.weights.variables), values(b.model.weights.variables));
    assert.notDeepEqual(values(a.model.weights.variables), values(c.model.weights.variables));
    [a, b, c].forEach((trial) => trial.dispose());
  });

  Deno.test(`${name}() has a gradient that reaches every weight, and is the same run op by op`, async () => {
    const [compiled, eager] = [openTrial(entry, 1), openTrial(entry, 1, { eager: true })];
    const before = values(compiled.model.weights.variables);
    // The gradient of one of Xception's depthwise kernels (4x4 pixels, 15 channels) differs in its last bit when recorded.
    const exact = name !== "xception";
    for (let i = 0; i < 2; i++) {
      const [own, other] = [await compiled.step(), await eager.step()];
      if (exact) assert.deepEqual(own, other);
      else assert.ok(Math.abs(own["total"]! - other["total"]!) < 1e-6, `${own["total"]} and ${other["total"]}`);
    }
    compiled.model.weights.variables.forEach((variable, i) => {
      assert.notDeepEqual([...variable.dataSync()], before[i], `${variable.name} stayed`);
    });
    if (exact) assert.deepEqual(values(compiled.model.weights.variables), values(eager.model.weights.variables));
    [compiled, eager].forEach((trial) => trial.dispose());
  });

  Deno.test(`${name}() overfits one batch, ranks it then in use, and leaves no tensor behind`, async () => {
    const before = tf.memory().numTensors;
    const trial = openTrial(entry, 1);
    const first = (await trial.step())["total"]!;
    let last = first;
    for (let i = 0; i < 300 && last > first / 5; i++) last = (await trial.step())["total"]!;
    assert.ok(last < first / 5, `loss went from ${first} to ${last}`);
    // Moving averages follow the batch: with these, not the batch's own moments, the ranking has to hold.
    for (let i = 0; i < 30; i++) await trial.step();
    const scores = tf.tidy(() => [...trial.model.score(trial.input).dataSync()]);
    assert.ok(Math.min(scores[1]!, scores[3]!) > Math.max(scores[0]!, scores[2]!), String(scores));
    trial.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  Deno.test(`${name}() goes on bit for bit after being saved and loaded`, async () => {
    const path = join(Deno.makeTempDirSync(), "trial.safetensors");
    // Op by op, which takes less time for a few steps.
    const whole = openTrial(entry, 1, { eager: true });
    await whole.step();
    await saveCheckpoint(path, whole.variables, { step: 1, model: name, sizes: whole.model.sizes });
    await whole.step();
    const resumed = openTrial(entry, 5, { eager: true });
    const { sizes } = await loadCheckpoint(path, resumed.variables);
    assert.deepEqual(sizes, entry.sizes.tiny);
    // The trials' seeds differ; they are those of dropout too, and tiny sizes have none.
    await resumed.step();
    assert.deepEqual(values(Object.values(resumed.variables)), values(Object.values(whole.variables)));
    [whole, resumed].forEach((trial) => trial.dispose());
  });
}

Deno.test("detector() that cannot be built says why and leaves nothing", () => {
  const before = tf.memory().numTensors;
  const { forensic_transfer, efficient_net } = detectors;
  assert.throws(
    () => detector(forensic_transfer!, { ...forensic_transfer!.sizes.tiny, resolution: 40 }, 1),
    /Cannot build ForensicTransfer: expected a multiple of 16 pixels, got 40/,
  );
  assert.throws(
    () => detector(efficient_net!, { ...efficient_net!.sizes.tiny, depth: 0 }, 1),
    /Cannot build EfficientNet: expected factors above 0/,
  );
  assert.equal(tf.memory().numTensors, before);
});
