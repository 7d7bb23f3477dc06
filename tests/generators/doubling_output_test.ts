import assert from "node:assert/strict";
import { df } from "doppel/generators/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();

Deno.test("decoder() with d makes each pixel of a square by a filter of its own, the first one of 1x1", () => {
  const model = df({ resolution: 64, encoder: 4, decoder: 4, code: 8, mask: 2, options: "d" }, 1);
  const named = model.weights.named();
  const of = (end: string) => Object.entries(named).find(([name]) => name.includes("source") && name.endsWith(end))![1];
  assert.deepEqual([0, 1].map((i) => of(`face${i}/kernel`).shape), [[1, 1, 8, 3], [3, 3, 8, 3]]);
  tf.tidy(() => {
    const faces = tf.randomUniform([1, 64, 64, 3], 0, 1, "float32", 1) as tf.Tensor4D;
    for (let i = 0; i < 4; i++) of(`face${i}/kernel`).assign(tf.zerosLike(of(`face${i}/kernel`)));
    const logits = (y: tf.Tensor4D) => y.div(tf.sub(1, y)).log() as tf.Tensor4D;
    const at = (i: number, y: tf.Tensor4D) => y.stridedSlice([0, i >> 1, i & 1, 0], [1, 64, 64, 3], [1, 2, 2, 1]);
    for (let i = 0; i < 4; i++) of(`face${i}/bias`).assign(tf.fill([3], i - 1.5));
    const face = logits(model.convert(faces, "source").face);
    for (let i = 0; i < 4; i++) {
      const off = at(i, face).sub(i - 1.5).abs().max().dataSync()[0]!;
      assert.ok(off < 1e-4, `pixel ${i} of a square is off by ${off}`);
    }
    // A filter that is not zero changes its own pixel alone.
    of("face2/kernel").assign(tf.onesLike(of("face2/kernel")));
    const changed = logits(model.convert(faces, "source").face).sub(face).abs();
    const largest = [0, 1, 2, 3].map((i) => at(i, changed as tf.Tensor4D).max().dataSync()[0]!);
    assert.ok(largest[2]! > 0.01 && Math.max(largest[0]!, largest[1]!, largest[3]!) < 1e-4, String(largest));
  });
  model.weights.dispose();
});
