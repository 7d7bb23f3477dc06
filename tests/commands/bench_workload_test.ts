import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { batchNorm } from "doppel/commands/bench/batch_norm.ts";
import { chooseCompetitors, commandOf } from "doppel/commands/bench/competitors.ts";
import { detectorWorkload } from "doppel/commands/bench/detector.ts";
import { dfWorkload } from "doppel/commands/bench/df.ts";
import { ganWorkload } from "doppel/commands/bench/gan.ts";
import { startProcess } from "doppel/commands/bench/live_process.ts";
import { newWeights } from "doppel/nn/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

// Worked out by hand from the layers: kernel height * width * in * out, and biases.
const handCounts = {
  detector: 9 * 3 * 16 + 2 * 16 + // stem
    [[16, 32], [32, 64], [64, 64], [64, 128], [128, 128], [128, 256], [256, 256]]
      .reduce((sum, [from, to]) => sum + 9 * from! + from! * to! + 2 * to!, 0) +
    256 + 1,
  gan: 128 * 2048 + 2048 + 9 * (128 * 128 * 2 + 128 * 64 + 64 * 32) + 2 * (128 + 128 + 64 + 32) + 9 * 32 * 3 + 3 +
    25 * (3 * 32 + 32 * 64 + 64 * 128 + 128 * 256) + (32 + 64 + 128 + 256) + 4096 + 1,
};

Deno.test("workloads have as many parameters as their layers have by hand", async () => {
  await useTensorFlow({ device: "cpu" });
  assert.equal(detectorWorkload({}).parameters, handCounts.detector);
  assert.equal(ganWorkload({}).parameters, handCounts.gan);
  assert.equal(dfWorkload({}).parameters, 11_894_224); // "11.9 M" of the note on DF, and what PyTorch counts.
});

for (const [name, make, start] of [["detector", detectorWorkload, 0.693], ["gan", ganWorkload, 1.386]] as const) {
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
    // Cross-entropy before learning is near ln 2 for each of the logits' sets.
    assert.ok(Math.abs(losses[0]![0]! - start) < 0.4 * start, `first loss ${losses[0]![0]}`);
    assert.ok(losses[0]![2]! < losses[0]![0]!, `losses ${losses[0]}`);
    losses[0]!.forEach((loss, i) => assert.ok(Math.abs(loss - losses[1]![i]!) < 1e-4, `${losses[0]} ${losses[1]}`));
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

const root = fileURLToPath(new URL("../../", import.meta.url));
const python = join(root, ".venv", "bench", "bin", "python");

Deno.test({
  name: "PyTorch and Keras count the same parameters (needs the frameworks of task bench in .venv/bench)",
  ignore: !existsSync(join(root, ".venv", "bench", "bench.json")),
}, async () => {
  const code = "import sys, importlib; print([importlib.import_module(f'{sys.argv[1]}_{model}')" +
    ".build('eager')[1] for model in ('df', 'detector', 'gan')])";
  await Promise.all(["pytorch", "keras"].map(async (framework) => {
    const { stdout, stderr } = await new Deno.Command(python, {
      args: ["-B", "-c", code, framework],
      cwd: join(root, "lib", "commands", "bench", "python"),
      env: { TF_CPP_MIN_LOG_LEVEL: "3", CUDA_VISIBLE_DEVICES: "" },
    }).output();
    assert.equal(
      new TextDecoder().decode(stdout).trim(),
      `[11894224, ${handCounts.detector}, ${handCounts.gan}]`,
      new TextDecoder().decode(stderr),
    );
  }));
});
