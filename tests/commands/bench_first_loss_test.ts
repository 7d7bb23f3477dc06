import assert from "node:assert/strict";
import { df, type FacePairModel, liae, pairTraining, type Sizes } from "doppel/generators/mod.ts";
import { seedTensor, tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { noFrameworks, runPython } from "./bench_python.ts";

const tiny: Record<string, { build: (sizes: Sizes, seed: number) => FacePairModel; sizes: Sizes }> = {
  df: { build: df, sizes: { resolution: 64, encoder: 4, decoder: 4, code: 8, mask: 2 } },
  "liae-ud": { build: liae, sizes: { resolution: 64, encoder: 4, decoder: 4, code: 8, mask: 2, options: "ud" } },
};

/** Weights that depend on the place in the kernel and the values a layer sums, not on the channel: frameworks order those differently. */
const sameWeights = `
import json, sys
import numpy as np
from deepfacelab_sizes import Sizes

def kernel(size, values_in):
    return (0.5 + np.sin(1 + np.arange(size * size).reshape(size, size))) * 1.5 / values_in

def bias(values_in):
    return 0.3 * np.cos(values_in)

def picture(seed):
    b, y, x, c = np.ogrid[:2, :64, :64, :3]
    return (0.5 + 0.4 * np.sin(0.2 * y + 0.13 * x * (c + 1) + b + 2 * seed)).astype("float32")

models = [Sizes("df", 64, 4, 4, 8, 2), Sizes("liae", 64, 4, 4, 8, 2, "ud")]
pictures = [picture(seed) for seed in range(4)]
`;
const firstLosses: Record<string, string> = {
  pytorch: sameWeights + `
import torch
import pytorch_deepfacelab as room
losses = []
for sizes in models:
    model = room.new_model(sizes)
    for layer in model.modules():
        if hasattr(layer, "weight"):
            values_in = layer.weight[0].numel()
            size = layer.weight.shape[-1] if layer.weight.ndim == 4 else 1
            values = torch.from_numpy(kernel(size, values_in))
            layer.weight.data[:] = values if layer.weight.ndim == 4 else values[0, 0]
            layer.bias.data[:] = bias(values_in)
    a, b, c, d = (torch.from_numpy(values).permute(0, 3, 1, 2) for values in pictures)
    mask = room.disc_mask(64)[:2]
    losses.append(room.make_step(model, "channels_last", torch.cat([a, c]), [(b, mask), (d, mask)], 1e-4)())
print(losses)`,
  keras: sameWeights + `
import keras_deepfacelab as room
losses = []
for sizes in models:
    model = room.new_model(sizes)
    a, b, c, d = pictures
    warped, mask = np.concatenate([a, c]), room.disc_mask(64)[:2]
    model(warped)
    for value in model.trainable_variables:
        if len(value.shape) > 1:
            values_in = int(np.prod(value.shape[:-1]))
            size = value.shape[0] if len(value.shape) == 4 else 1
            values = kernel(size, values_in)
            value.assign(np.broadcast_to(values[:, :, None, None] if len(value.shape) == 4 else values, value.shape))
        else:
            value.assign(np.full(value.shape, bias(values_in)))
    losses.append(room.make_step(model, warped, [(b, mask), (d, mask)], 1e-4)())
print(losses)`,
};

/** The first loss of the library's own training step, with the weights and pictures of the Python above. */
async function firstLoss(model: FacePairModel): Promise<number> {
  const named = model.weights.named();
  for (const [name, variable] of Object.entries(named)) {
    const { shape } = named[name.replace(/bias$/, "kernel")]!;
    const valuesIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    if (name.endsWith("bias")) variable.assign(tf.fill(variable.shape, 0.3 * Math.cos(valuesIn)));
    else {
      const places = shape.slice(0, -2);
      const count = places.reduce((product, size) => product * size, 1);
      const values = Array.from({ length: count }, (_, i) => (0.5 + Math.sin(1 + i)) * 1.5 / valuesIn);
      variable.assign(tf.tidy(() => tf.tensor(values).reshape([...places, 1, 1]).mul(tf.ones(shape)).reshape(shape)));
    }
  }
  const picture = (seed: number) => {
    const value = (b: number, y: number, x: number, c: number) =>
      0.5 + 0.4 * Math.sin(0.2 * y + 0.13 * x * (c + 1) + b + 2 * seed);
    const values = Float32Array.from(
      { length: 2 * 64 * 64 * 3 },
      (_, i) => value(Math.floor(i / 12288), Math.floor(i / 192) % 64, Math.floor(i / 3) % 64, i % 3),
    );
    return tf.tensor4d(values, [2, 64, 64, 3]);
  };
  const disc = Array.from(
    { length: 2 * 64 * 64 },
    (_, i) => Math.hypot(i % 64 - 31.5, Math.floor(i / 64) % 64 - 31.5) < 24 ? 1 : 0,
  );
  const mask = tf.tensor4d(disc, [2, 64, 64, 1]);
  const batch = {
    source: { warped: picture(0), face: picture(1), mask },
    destination: { warped: picture(2), face: picture(3), mask },
  };
  const { source, destination } = await pairTraining(model).step(batch, tf.scalar(1e-4), seedTensor(1, 0));
  return source.dataSync()[0]! + destination.dataSync()[0]!;
}

for (const [framework, code] of Object.entries(firstLosses)) {
  Deno.test({
    name: `${framework} has Doppel's first loss on equal weights (needs the frameworks of task bench in .venv/bench)`,
    ignore: noFrameworks,
  }, async () => {
    await useTensorFlow({ device: "cpu" });
    const theirs = await runPython(code) as number[];
    for (const [i, [name, { build, sizes }]] of Object.entries(tiny).entries()) {
      const ours = await firstLoss(build(sizes, 1));
      assert.ok(Math.abs(theirs[i]! / ours - 1) < 1e-4, `${name}: ${ours} in Doppel, ${theirs[i]} in ${framework}`);
    }
  });
}
