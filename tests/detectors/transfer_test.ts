import assert from "node:assert/strict";
import {
  activationLoss,
  classActivations,
  classifier,
  detector,
  detectors,
  detectorTraining,
  forensicTransfer,
  linearProbe,
  mesoInception,
  scoreFeatures,
  scorePictures,
  selectHalf,
  type TgdOptions,
  tgdTransfer,
} from "doppel/detectors/mod.ts";
import { createPicture } from "doppel/image/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { openTrial, trialBatch, values } from "./trial.ts";

await useTensorFlow();
const near = (a: number, b: number, within = 1e-5) => assert.ok(Math.abs(a - b) < within, `${a} and ${b}`);
const squares = (rows: readonly number[][]) => rows.flat().reduce((sum, value) => sum + value * value, 0);

Deno.test("activationLoss() and selectHalf() follow the paper's formulas", () => {
  // Two pictures, two places, two channels a half: real halves 0.5 and 1, forged ones 2 and 0.25 on average.
  const code = tf.tensor4d([0.25, 0.75, 2, 2, 0.25, 0.75, 1, 3, 1, 1, 0.5, 0, 2, 0, 0, 0.5], [2, 2, 1, 4]);
  const [real, forged] = classActivations(code);
  assert.deepEqual([...real.dataSync(), ...forged.dataSync()], [0.5, 1, 2, 0.25]);
  // A real picture: |2 - 0| + |0.5 - 1|; a forged one: |0.25 - 1| + |1 - 0|; their mean.
  near(activationLoss(code, tf.tensor1d([0, 1])).dataSync()[0]!, (2.5 + 1.75) / 2);
  assert.deepEqual([...selectHalf(code, tf.tensor1d([0, 1])).dataSync()], [
    ...[0.25, 0.75, 0, 0, 0.25, 0.75, 0, 0],
    ...[0, 0, 0.5, 0, 0, 0, 0, 0.5],
  ]);
});

Deno.test("forensicTransfer() decides by the share of the forged half, on residuals and on colours", () => {
  for (const size of ["tiny", "tiny_rgb"] as const) {
    const model = detector(forensicTransfer, forensicTransfer.sizes[size]!, 1);
    const { input, forged } = trialBatch(model);
    const [score, odds] = tf.tidy(() => [[...model.score(input).dataSync()], [...model.logits(input).dataSync()]]);
    score!.forEach((value, i) => near(value, 1 / (1 + Math.exp(-odds![i]!))));
    // Residuals do not see a constant that is added; colours do.
    const moved = tf.tidy(() => [...model.score(input.add(0.05)).dataSync()]);
    const shift = Math.max(...moved.map((value, i) => Math.abs(value - score![i]!)));
    assert.equal(shift < 1e-4, size === "tiny", `${size}: ${shift}`);
    tf.dispose([input, forged]);
    model.weights.dispose();
  }
});

Deno.test("forensicTransfer() has variants: without selection, and without reconstruction and its decoder", () => {
  const losses = (changes: Partial<typeof forensicTransfer.sizes.tiny>) => {
    const model = detector(forensicTransfer, { ...forensicTransfer.sizes.tiny, ...changes }, 1);
    const { input, forged } = trialBatch(model);
    const read = tf.tidy(() =>
      Object.fromEntries(
        Object.entries(model.losses(input, forged)).map(([name, loss]) => [name, loss.dataSync()[0]!]),
      )
    );
    const { parameters } = model.weights;
    tf.dispose([input, forged]);
    model.weights.dispose();
    return { ...read, parameters } as Record<string, number>;
  };
  const [whole, open, encoder] = [losses({}), losses({ selection: "off" }), losses({ gamma: 0 })];
  near(whole["total"]!, whole["activation"]! + 0.1 * whole["reconstruction"]!);
  assert.equal(open["activation"], whole["activation"]);
  assert.notEqual(open["reconstruction"], whole["reconstruction"]);
  assert.equal(encoder["total"], whole["activation"]);
  assert.ok(encoder["reconstruction"] === undefined && encoder["parameters"]! < whole["parameters"]!);
});

Deno.test("detectorTraining() with L2-SP pulls towards the weights at the start, and its last layer towards 0", async () => {
  const options = { optimiser: "sgd", l2sp: { strength: 0.5, head: 0.25 } } as const;
  const trial = openTrial(classifier as never, 1, options);
  const start = values(trial.model.weights.variables);
  const first = await trial.step();
  near(first["pull"]!, 0);
  const second = await trial.step();
  const pulled = openTrial(classifier as never, 1, options);
  await pulled.step();
  const named = Object.entries(pulled.model.weights.named());
  const moved = values(pulled.model.weights.variables).map((row, i) => row.map((value, j) => value - start[i]![j]!));
  const body = squares(moved.filter((_, i) => named[i]![1].trainable && !named[i]![0].startsWith("head/"))) / 2;
  const head = squares(values(named.filter(([name]) => name.startsWith("head/")).map(([, v]) => v))) / 2;
  near(second["pull"]!, body);
  near(second["total"]!, second["classification"]! + 0.5 * body + 0.25 * head);
  [trial, pulled].forEach((one) => one.dispose());
});

Deno.test("detectorTraining() can train the last layer alone, and leaves moving averages as they are then", async () => {
  const trial = openTrial(classifier as never, 1, { trained: "head" });
  const before = values(trial.model.weights.variables);
  await trial.step();
  Object.entries(trial.model.weights.named()).forEach(([name, variable], i) =>
    assert.equal(
      JSON.stringify([...variable.dataSync()]) === JSON.stringify(before[i]),
      !name.startsWith("head/"),
      name,
    )
  );
  trial.dispose();
  const model = detector(forensicTransfer, forensicTransfer.sizes.tiny, 1);
  assert.throws(
    () => detectorTraining(model, { trained: "head" }),
    /Cannot train the last layer: expected a detector that ends in one, got forensic_transfer/,
  );
  model.weights.dispose();
});

Deno.test("tgdTransfer() pulls as strongly as the teacher's loss says, and renews the teacher", async () => {
  const open = (options: TgdOptions) => openTrial(detectors["resnext"]!, 1, {}, (model) => tgdTransfer(model, options));
  const trial = open({ renewEvery: 2 });
  const teacher = () => Object.entries(trial.training.state).filter(([name]) => name.startsWith("teacher/"));
  const first = await trial.step();
  near(first["strength"]!, 1 / (1 + Math.exp(first["teacher"]!)));
  // Tiny sizes have no dropout: student and teacher are the same network in the first step.
  near(first["teacher"]!, first["classification"]!);
  const second = await trial.step();
  near(second["teacher"]!, first["teacher"]!);
  assert.ok(second["pull"]! > 0);
  const own = () => values(Object.values(trial.model.weights.named()));
  trial.training.afterStep(1);
  assert.notDeepEqual(values(teacher().map(([, variable]) => variable)), own());
  trial.training.afterStep(2);
  assert.deepEqual(values(teacher().map(([, variable]) => variable)), own());
  // The anchors have moved with the teacher.
  near((await trial.step())["pull"]!, 0);
  trial.dispose();
});

Deno.test("tgdTransfer() has the notebooks' readings: a constant strength, another decay, anchors that stay", async () => {
  const open = (options: TgdOptions) => openTrial(detectors["resnext"]!, 1, {}, (model) => tgdTransfer(model, options));
  const trial = open({ strength: 0.1, headDecay: 0, renewEvery: 1, anchors: "source" });
  await trial.step();
  trial.training.afterStep(1);
  const { total, classification, pull, strength } = await trial.step();
  near(strength!, 0.1);
  assert.ok(pull! > 0, "the anchors are the source's still");
  near(total!, classification! + 0.1 * pull!);
  trial.dispose();
  const model = detector(mesoInception, mesoInception.sizes.tiny, 1);
  assert.throws(
    () => tgdTransfer(model, { renewEvery: -1 }),
    /expected a whole number of steps between renewals, or 0/,
  );
  assert.throws(() => tgdTransfer(model, { strength: -1 }), /Cannot transfer: expected strengths of 0 or more, got -1/);
  model.weights.dispose();
});

Deno.test("scorePictures() and scoreFeatures() score in groups, resize, and say what is wrong", async () => {
  const before = tf.memory().numTensors;
  const model = detector(classifier, classifier.sizes.tiny, 1);
  const picture = (side: number, value: number) => createPicture(side, side, 3, [value, 0.5, 1 - value]);
  const pictures = [picture(32, 0.1), picture(32, 0.9), picture(64, 0.1)];
  const scores = await scorePictures(model, pictures, { batch: 2 });
  assert.equal(scores.length, 3);
  near(scores[0]!, scores[2]!);
  assert.notEqual(scores[0], scores[1]);
  await assert.rejects(scorePictures(model, [createPicture(32, 32, 1)]), /expected colour pictures of shape/);
  const probe = detector(linearProbe, linearProbe.sizes.tiny, 1);
  const vector = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
  const [one, longer] = await scoreFeatures(probe, [vector, vector.map((value) => value * 7)]);
  near(one!, longer!);
  await assert.rejects(scoreFeatures(probe, [new Float32Array(3)]), /expected vectors of 16 values, got 3/);
  await assert.rejects(scorePictures(probe, []), /Cannot score pictures: expected a detector of pictures/);
  await assert.rejects(scoreFeatures(model, []), /Cannot score features: expected a detector of features/);
  [model, probe].forEach(({ weights }) => weights.dispose());
  assert.equal(tf.memory().numTensors, before);
});
