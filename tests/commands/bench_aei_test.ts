import assert from "node:assert/strict";
import { projectionEncoder, totalLoss } from "doppel/commands/bench/aei.ts";
import { aei, type AeiSizes, aeiTraining, multiScaleDiscriminator } from "doppel/generators/mod.ts";
import { seedTensor, tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { noFrameworks, runPython } from "./bench_python.ts";

const tinyAei: AeiSizes = {
  ...{ resolution: 32, identity: 16, attributes: [8, 12, 16], generator: [16, 16, 12, 8] },
  ...{ mask: 3, head: "layer" },
};
const tinyDiscriminator = { scales: 2, layers: 2, channels: 8 };

/** The same weights, target and sources, read from a file in the order in which Doppel makes them. */
const readValues = `
import sys
import numpy as np
from aei_sizes import Sizes

sizes = Sizes(32, 16, (8, 12, 16), (16, 16, 12, 8), 3, 2, 2, 8)
values = np.fromfile(sys.argv[1], "float32")

def take(shape):
    global values
    taken, values = np.split(values, [int(np.prod(shape))])
    return taken.reshape(shape)

same = np.array([1, 0], "float32")
`;
const aeiLosses: Record<string, string> = {
  pytorch: readValues + `
import torch
import pytorch_aei as room
model, judge = room.AEI(sizes), room.Discriminator(sizes)
for weight in [*model.parameters(), *judge.parameters()]:
    ours = weight.data.permute(*range(2, weight.ndim), 1, 0) if weight.ndim > 1 else weight.data
    ours.copy_(torch.from_numpy(take(tuple(ours.shape))))
target, source = (torch.from_numpy(take(shape)) for shape in [(2, 32, 32, 3), (2, 16)])
step = room.make_step(model, judge, "channels_last", target.permute(0, 3, 1, 2), source, torch.from_numpy(same), 1e-3)
print([step(), step()])`,
  keras: readValues + `
import keras_aei as room
model, judge = room.new_models(sizes)
for weight in [*model.trainable_variables, *judge.trainable_variables]:
    weight.assign(take(tuple(weight.shape)))
target, source = (room.tf.constant(take(shape)) for shape in [(2, 32, 32, 3), (2, 16)])
step = room.make_step(model, judge, target, source, room.tf.constant(same), 1e-3)
print([step(), step()])`,
};

for (const [framework, code] of Object.entries(aeiLosses)) {
  Deno.test({
    name: `${framework} has Doppel's first two losses of AEI-Net (needs the frameworks of task bench in .venv/bench)`,
    ignore: noFrameworks,
  }, async () => {
    await useTensorFlow({ device: "cpu" });
    const model = aei(tinyAei, 1);
    const discriminator = multiScaleDiscriminator(tinyDiscriminator, 2);
    const wave = (count: number, seed: number) =>
      Float32Array.from({ length: count }, (_, i) => Math.sin(seed * i + 1));
    const batch = {
      target: tf.tidy(() => tf.tensor4d(wave(2 * 32 * 32 * 3, 0.37), [2, 32, 32, 3]).mul(0.4).add(0.5) as tf.Tensor4D),
      source_id: tf.tensor2d(wave(32, 1.9).map((value) => value / 3), [2, 16]),
      same: tf.tensor1d([1, 0]),
    };
    const weights = [...model.weights.variables, ...discriminator.weights.variables].filter(({ trainable }) =>
      trainable
    );
    const values = [...weights, batch.target, batch.source_id].flatMap((tensor) => [...tensor.dataSync()]);
    const path = await Deno.makeTempFile();
    await Deno.writeFile(path, new Uint8Array(Float32Array.from(values).buffer));
    const theirs = await runPython(code, path) as number[];
    await Deno.remove(path);
    const { step } = aeiTraining(model, discriminator, projectionEncoder(32, 16), { eager: true });
    // The second loss shows that gradients and both optimisers are alike as well.
    for (const [i, tolerance] of [1e-4, 2e-3].entries()) {
      const ours = await totalLoss(await step(batch, tf.scalar(1e-3), seedTensor(1, 0)));
      assert.ok(
        Math.abs(theirs[i]! / ours - 1) < tolerance,
        `step ${i}: ${ours} in Doppel, ${theirs[i]} in ${framework}`,
      );
    }
  });
}
