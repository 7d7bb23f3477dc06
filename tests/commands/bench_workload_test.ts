import assert from "node:assert/strict";
import { aeiWorkload } from "doppel/commands/bench/aei.ts";
import { batchNorm } from "doppel/commands/bench/batch_norm.ts";
import { chooseCompetitors, commandOf } from "doppel/commands/bench/competitors.ts";
import { deepFaceLabWorkload } from "doppel/commands/bench/deepfacelab.ts";
import { detectorWorkload } from "doppel/commands/bench/detector.ts";
import { ganWorkload } from "doppel/commands/bench/gan.ts";
import { startProcess } from "doppel/commands/bench/live_process.ts";
import { modelNames, pairModelNames } from "doppel/commands/bench/workload.ts";
import type { Sizes } from "doppel/generators/mod.ts";
import { newWeights } from "doppel/nn/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { noFrameworks, runPython } from "./bench_python.ts";

// Worked out by hand from the layers: kernel height * width * in * out, and biases.
const handCounts = {
  df: 11_894_224, // "11.9 M" of the note on DF.
  df128: countPair("df", { resolution: 128, encoder: 24, decoder: 24, code: 128, mask: 8, options: "ud" }),
  liae: countPair("liae", { resolution: 64, encoder: 32, decoder: 32, code: 128, mask: 10 }),
  liae128: countPair("liae", { resolution: 128, encoder: 24, decoder: 24, code: 128, mask: 8, options: "ud" }),
  aei: countAei(),
  detector: 9 * 3 * 16 + 2 * 16 + // stem
    [[16, 32], [32, 64], [64, 64], [64, 128], [128, 128], [128, 256], [256, 256]]
      .reduce((sum, [from, to]) => sum + 9 * from! + from! * to! + 2 * to!, 0) +
    256 + 1,
  gan: 128 * 2048 + 2048 + 9 * (128 * 128 * 2 + 128 * 64 + 64 * 32) + 2 * (128 + 128 + 64 + 32) + 9 * 32 * 3 + 3 +
    25 * (3 * 32 + 32 * 64 + 64 * 128 + 128 * 256) + (32 + 64 + 128 + 256) + 4096 + 1,
};

/** Trainable values of DF or LIAE, from DeepFaceLab's lists of layers. */
function countPair(name: "df" | "liae", { resolution, encoder: e, decoder: d, code, mask: m, options = "" }: Sizes) {
  const double = options.includes("d");
  const conv = (kernel: number, from: number, to: number) => kernel * kernel * from * to + to;
  const encoder = conv(5, 3, e) + conv(5, e, 2 * e) + conv(5, 2 * e, 4 * e) + conv(5, 4 * e, 8 * e);
  const low = resolution / (double ? 32 : 16);
  const inter = (to: number) =>
    (resolution / 16) ** 2 * 8 * e * code + code + low ** 2 * (code * to + to) + conv(3, to, 4 * to);
  const decoder = (from: number) =>
    conv(3, from, 32 * d) + 2 * conv(3, 8 * d, 8 * d) + conv(3, 8 * d, 16 * d) + 2 * conv(3, 4 * d, 4 * d) +
    conv(3, 4 * d, 8 * d) + 2 * conv(3, 2 * d, 2 * d) + conv(1, 2 * d, 3) + (double ? 3 * conv(3, 2 * d, 3) : 0) +
    conv(3, from, 32 * m) + conv(3, 8 * m, 16 * m) + conv(3, 4 * m, 8 * m) +
    (double ? conv(3, 2 * m, 4 * m) + conv(1, m, 1) : conv(1, 2 * m, 1));
  return encoder + (name === "df" ? inter(code) + 2 * decoder(code) : 2 * inter(2 * code) + decoder(4 * code));
}

/** Trainable values of AEI-Net `small` and its discriminator, from the paper's figures and the widths. */
function countAei(): number {
  const identity = 128;
  const batchNorms = (channels: number[]) => 2 * channels.reduce((sum, own) => sum + own, 0);
  const encoder = 16 * (3 * 32 + 32 * 64 + 64 * 128 + 128 * 192 + 192 * 128) + batchNorms([32, 64, 128, 192, 128]) +
    16 * (128 * 192 + 384 * 128 + 256 * 64 + 128 * 32) + batchNorms([192, 128, 64, 32]);
  // Scale and shift by attributes and by identity, the mask, a 3x3 convolution.
  const step = (from: number, to: number, attributes: number) =>
    2 * (attributes + 1) * from + 2 * (identity + 1) * from + 9 * from + 1 + 9 * from * to;
  const block = (from: number, to: number, attributes: number) =>
    step(from, from, attributes) + step(from, to, attributes) * (from === to ? 1 : 2);
  const generator = identity * 128 * 2 * 2 + block(128, 128, 128) + block(128, 128, 384) + block(128, 64, 256) +
    block(64, 32, 128) + block(32, 16, 64) + step(16, 3, 64) + 3;
  const patches = 16 * (3 * 32 + 32 * 64 + 64 * 128) + 32 + batchNorms([64, 128]) + 9 * 128 + 1;
  return encoder + generator + 2 * patches;
}

Deno.test("workloads have as many parameters as their layers have by hand", async () => {
  await useTensorFlow({ device: "cpu" });
  assert.equal(detectorWorkload({}).parameters, handCounts.detector);
  assert.equal(ganWorkload({}).parameters, handCounts.gan);
  assert.equal(aeiWorkload({}).parameters, handCounts.aei);
  for (const name of pairModelNames) {
    assert.equal(deepFaceLabWorkload(name, {}).parameters, handCounts[name], name);
  }
});

// Cross-entropy before learning is near ln 2 for each of the logits' sets. AEI-Net: an embedding by chance is 1 from the
// source's, which weighs 5; the hinge loss is 2; attributes of unit variance differ at six levels, which weighs 10.
const workloads = [
  ["detector", detectorWorkload, 0.693],
  ["gan", ganWorkload, 1.386],
  ["aei", aeiWorkload, 26],
] as const;
for (const [name, make, start] of workloads) {
  Deno.test(`${name} workload learns its batch, leaks nothing, and steps alike eager and compiled`, async () => {
    await useTensorFlow({ device: "cpu" });
    const losses: number[][] = [];
    for (const options of [{ eager: true }, {}]) {
      const workload = make(options);
      const own = [await workload.step(), await workload.step()];
      const { numTensors } = tf.memory();
      own.push(await workload.step());
      assert.equal(tf.memory().numTensors, numTensors);
      losses.push(own);
    }
    assert.ok(Math.abs(losses[0]![0]! - start) < 0.4 * start, `first loss ${losses[0]![0]}`);
    // The sum of two adversaries' losses need not fall from step to step, but it must move.
    const [first, , third] = losses[0]! as [number, number, number];
    assert.ok(name !== "detector" ? Math.abs(third - first) > 1e-3 : third < first, `losses ${losses[0]}`);
    const tolerance = 1e-4 * Math.max(1, start);
    losses[0]!.forEach((loss, i) => assert.ok(Math.abs(loss - losses[1]![i]!) < tolerance, losses.join(" and ")));
  });
}

Deno.test("batchNorm() moves its averages by one hundredth of the way", async () => {
  await useTensorFlow({ device: "cpu" });
  const weights = newWeights(1);
  const layer = batchNorm(weights, 2);
  tf.tidy(() => layer(tf.fill([4, 3, 3, 2], 5)));
  const [mean, variance] = weights.variables.filter(({ trainable }) => !trainable).map((v) => v.dataSync()[0]!);
  assert.ok(Math.abs(mean! - 0.05) < 1e-6, `mean ${mean}`);
  assert.ok(Math.abs(variance! - 0.99) < 1e-6, `variance ${variance}`);
});

Deno.test("worker.ts answers as the protocol says", async () => {
  const [, compiled] = chooseCompetitors([], false);
  const started = await startProcess("it", commandOf(compiled!, "detector", 1, ""), new AbortController().signal);
  const answer = await started.take(2);
  await started[Symbol.asyncDispose]();
  assert.equal(started.ready.parameters, handCounts.detector);
  assert.equal(started.ready.threads, 1);
  assert.equal(started.ready.device!["device"], "cpu");
  assert.equal(answer.milliseconds.length, 2);
  assert.ok(answer.loss > 0 && answer.loss < 1);
});

Deno.test({
  name: "PyTorch and Keras count the same parameters (needs the frameworks of task bench in .venv/bench)",
  ignore: noFrameworks,
}, async () => {
  const code = "import sys, worker; framework, *models = sys.argv[1:]\n" +
    "print([worker.build(framework, model, 'eager')[1] for model in models])";
  for (const framework of ["pytorch", "keras"]) {
    assert.deepEqual(
      await runPython(code, framework, ...modelNames),
      modelNames.map((name) => handCounts[name]),
      framework,
    );
  }
});
